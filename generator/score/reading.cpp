#include "score/reading.hpp"

#include "certificates/json.hpp"
#include "certificates/task_json.hpp"
#include "files/json_file.hpp"
#include "numbers/outward.hpp"
#include "support/in_quotes.hpp"

namespace proofmark {

namespace {

using Json = nlohmann::json;

std::string decimal_in(const Json& json) {
  const auto text = json.get<std::string>();
  if (!parse_long_decimal(text)) throw std::runtime_error("a number is not a decimal");
  return text;
}

std::optional<std::string> decimal_or_null(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(decimal_in(json));
}

Integer count_in(const Json& json) {
  const auto text = json.get<std::string>();
  if (text.empty() || text.size() > 100 || text.find_first_not_of("0123456789") != text.npos)
    throw std::runtime_error("a length is not a whole number");
  return Integer(text);
}

std::string plain_name(const Json& json) {
  const auto name = json.get<std::string>();
  if (name.empty() || name.size() > 100 || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != name.npos)
    throw std::runtime_error("a proof has a name that is none");
  return name;
}

std::vector<SlackPart> parts_in(const Json& json) {
  std::vector<SlackPart> parts;
  if (json.is_null()) return parts;
  for (const Json& part : json.at("parts"))
    parts.push_back({in_document(part.at("kind").get<std::string>()),
                     in_document(part.at("what").get<std::string>(), 300),
                     parse_long_decimal(decimal_in(part.at("amount"))).value()});
  return parts;
}

ScoredProof proof_in(const Json& json) {
  ScoredProof proof;
  proof.name = plain_name(json.at("name"));
  if (!json.at("explanation").is_null()) proof.explanation = in_document(json.at("explanation").get<std::string>());
  proof.strategy = in_document(json.at("strategy").get<std::string>());
  proof.certificate_sha256 = digest_in(json.at("certificate_sha256"));
  Verification& v = proof.verification;
  v.verdict = in_document(json.at("verdict").get<std::string>());
  v.upper = decimal_or_null(json.at("upper")), v.lower = decimal_or_null(json.at("lower"));
  v.accuracy = decimal_or_null(json.at("accuracy")), v.accuracy_upper = decimal_or_null(json.at("accuracy_upper"));
  v.margin = decimal_or_null(json.at("margin"));
  if (!json.at("length").is_null()) v.operations.add = json.at("length").get<std::uint64_t>();
  proof.loss = parts_in(json.at("loss_slack")), proof.accuracy = parts_in(json.at("accuracy_slack"));
  return proof;
}

} // namespace

Scores read_scores(const std::filesystem::path& path) {
  Scores scores;
  reading(path, "a table of scores", [&] {
    const Json json = parse_json(path, read_text(path));
    if (json.at("format") != "proofmark-score" || json.at("version") != 1)
      throw std::runtime_error("it has another format or version");
    scores.task = task_in(json.at("task"));
    scores.function = in_document(json.at("function").get<std::string>(), 300);
    scores.model_sha256 = digest_in(json.at("model_sha256"));
    scores.classes = json.at("classes").get<std::uint64_t>();
    if (!json.at("exact").is_null()) scores.exact = proof_in(json.at("exact"));
    if (!json.at("length_of_enumeration").is_null()) scores.enumeration = count_in(json.at("length_of_enumeration"));
    scores.every_input_by_itself = count_in(json.at("length_of_every_input_by_itself"));
    for (const Json& proof : json.at("proofs")) scores.proofs.push_back(proof_in(proof));
  });
  compare(scores);
  return scores;
}

} // namespace proofmark
