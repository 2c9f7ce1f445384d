#include "frontier/finished_point.hpp"

#include "files/atomic_file.hpp"
#include "files/digest.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace proofmark {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* format = "proofmark-frontier-point";

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::optional<std::string> optional_text(const Json& json) {
  if (json.is_null()) return {};
  return json.get<std::string>();
}

FinishedPoint from_json(const Json& json) {
  FinishedPoint point;
  if (json.at("format") != format || json.at("version") != 2) throw std::runtime_error("another format");
  point.name = json.at("name");
  point.strategy = json.at("strategy");
  point.parameters = json.at("parameters").get<std::map<std::string, std::string>>();
  point.model_sha256 = json.at("model_sha256");
  point.generator = json.at("generator");
  point.verifier = json.at("verifier");
  point.certificate_sha256 = json.at("certificate_sha256");
  point.receipt_sha256 = json.at("receipt_sha256");
  point.certificate_bytes = json.at("certificate_bytes");
  point.prove_s = json.at("prove_s");
  Verification& v = point.verification;
  v.seconds = json.at("verify_s");
  v.verdict = json.at("verdict");
  v.reason = optional_text(json.at("reason")).value_or("");
  v.claimed_upper = optional_text(json.at("claimed_upper"));
  v.upper = optional_text(json.at("upper"));
  v.lower = optional_text(json.at("lower"));
  v.accuracy = optional_text(json.at("accuracy"));
  v.accuracy_upper = optional_text(json.at("accuracy_upper"));
  v.margin = optional_text(json.at("margin"));
  for (const auto& [kind, count] : kinds(v.operations)) *count = json.at("operations").at(kind);
  point.exact_loss = optional_text(json.at("exact_loss"));
  for (const Json& step : json.at("steps"))
    point.steps.push_back({{step.at("labels").at(0), step.at("labels").at(1)},
                           optional_text(step.at("upper")),
                           optional_text(step.at("exact_loss"))});
  return point;
}

bool same(const FinishedPoint& a, const FinishedPoint& b) {
  return a.name == b.name && a.strategy == b.strategy && a.parameters == b.parameters &&
         a.model_sha256 == b.model_sha256 && a.generator == b.generator && a.verifier == b.verifier;
}

} // namespace

std::vector<Place> Folder::places(const std::string& what) const {
  std::vector<Place> result;
  for (const char* const table : {"frontier.csv", "frontier.json", "labels.csv", "score.json", "score.svg"})
    result.push_back({what, path / table});
  for (const fs::path& file : {certificate(""), receipt(""), record("")})
    result.push_back({what, file.parent_path(), true});
  return result;
}

void write_record(const Folder& folder, const FinishedPoint& point) {
  const Verification& v = point.verification;
  Json json;
  json["format"] = format;
  json["version"] = 2;
  json["name"] = point.name;
  json["strategy"] = point.strategy;
  json["parameters"] = point.parameters;
  json["model_sha256"] = point.model_sha256;
  json["generator"] = point.generator;
  json["verifier"] = point.verifier;
  json["certificate_sha256"] = point.certificate_sha256;
  json["receipt_sha256"] = point.receipt_sha256;
  json["certificate_bytes"] = point.certificate_bytes;
  json["prove_s"] = point.prove_s;
  json["verify_s"] = v.seconds;
  json["verdict"] = v.verdict;
  json["reason"] = v.reason.empty() ? Json(nullptr) : Json(v.reason);
  json["claimed_upper"] = text_or_null(v.claimed_upper);
  json["upper"] = text_or_null(v.upper);
  json["lower"] = text_or_null(v.lower);
  json["accuracy"] = text_or_null(v.accuracy);
  json["accuracy_upper"] = text_or_null(v.accuracy_upper);
  json["margin"] = text_or_null(v.margin);
  for (const auto& [kind, count] : kinds(v.operations)) json["operations"][kind] = *count;
  json["exact_loss"] = text_or_null(point.exact_loss);
  json["steps"] = Json::array();
  for (const StepShare& step : point.steps)
    json["steps"].push_back({{"labels", {step.labels.from, step.labels.to}},
                             {"upper", text_or_null(step.upper)},
                             {"exact_loss", text_or_null(step.exact_loss)}});
  write_file(folder.record(point.name), json.dump(1) + "\n");
}

std::optional<FinishedPoint> kept_point(const Folder& folder, const FinishedPoint& wanted) {
  try {
    std::ifstream stream(folder.record(wanted.name));
    if (!stream) return {};
    FinishedPoint point = from_json(Json::parse(stream));
    if (same(point, wanted) && point.verified() &&
        sha256_of_file(folder.certificate(point.name)) == point.certificate_sha256 &&
        sha256_of_file(folder.receipt(point.name)) == point.receipt_sha256)
      return point;
  } catch (const std::exception&) { // a record that cannot be read is no record
  }
  return {};
}

} // namespace proofmark
