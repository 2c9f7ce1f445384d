#include "certificates/reader.hpp"

#include "certificates/base64.hpp"
#include "certificates/json.hpp"
#include "certificates/task_json.hpp"
#include "files/digest.hpp"
#include "files/json_file.hpp"
#include "lengths/lengths.hpp"
#include "numbers/outward.hpp"
#include "support/limits.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_number = 64;

Tensor tensor(const std::string& name, const Json& json) {
  Tensor result;
  result.name = name;
  const auto dtype = certificate_dtype(json.at("dtype").get<std::string>());
  if (!dtype) throw std::runtime_error("a tensor has an element type that this program does not know");
  result.dtype = *dtype;
  result.bytes = from_base64(json.at("data").get_ref<const std::string&>());
  std::uint64_t left = result.bytes.size() / size_of(*dtype);
  for (const Json& dimension : json.at("shape")) {
    result.shape.push_back(dimension.get<std::uint64_t>());
    if (result.shape.back() == 0 || left % result.shape.back() != 0)
      throw std::runtime_error("a tensor has more or less data than its shape needs");
    left /= result.shape.back();
  }
  if (left != 1 || result.bytes.size() % size_of(*dtype) != 0)
    throw std::runtime_error("a tensor has more or less data than its shape needs");
  return result;
}

Rational end_of_interval(const Json& json) {
  const auto text = json.get<std::string>();
  const auto value = text.size() <= longest_number ? parse_hexadecimal(text) : std::nullopt;
  if (!value) throw std::runtime_error("the end of an interval is not a hexadecimal number");
  return *value;
}

// A number, or a string of its digits from 2^63 on.
Integer count(const Json& json) {
  if (!json.is_string()) return Integer(json.get<std::uint64_t>());
  const auto text = json.get<std::string>();
  if (text.size() < 19 || text.size() > 400 || text.find_first_not_of("0123456789") != text.npos || text.front() == '0')
    throw std::runtime_error("a count of correct inputs is not a whole number");
  return Integer(text);
}

Integer budget(const Json& json) {
  const Json& operations = json.at("operations");
  if (!operations.is_number_unsigned() || operations.get<std::uint64_t>() > limits::length)
    throw std::runtime_error("a budget of operations is not a whole number");
  return operations.get<std::uint64_t>();
}

StatedStep step(const Json& json) {
  StatedStep result;
  result.rule = json.at("rule").get<std::string>();
  const auto of = json.contains("inputs") ? StepRange::Of::inputs : StepRange::Of::labels;
  const Json& range = json.at(std::string(name(of)));
  result.range = {of, range.at(0).get<std::uint64_t>(), range.at(1).get<std::uint64_t>()};
  if (json.contains("loss"))
    result.loss = {end_of_interval(json.at("loss").at(0)), end_of_interval(json.at("loss").at(1))};
  if (json.contains("correct")) result.correct = {count(json.at("correct").at(0)), count(json.at("correct").at(1))};
  return result;
}

// Labels below C, which the model says and nothing here; or all inputs.
void require_partition(const std::vector<StatedStep>& steps, const FiniteTask& task) {
  const StepRange::Of of = steps.front().range.of;
  const auto fail = [&] { return std::runtime_error(fmt::format("its steps do not cover the {}", name(of))); };
  std::uint64_t at = 0;
  for (const StatedStep& step : steps) {
    if (step.range.of != of || step.range.from != at || step.range.to <= at) throw fail();
    at = step.range.to;
  }
  const std::optional<Task> family = over_vocabulary(task);
  if (of == StepRange::Of::inputs ? size_of(task.domain) != at : family && family->vocabulary != at) throw fail();
}

void require_at_most(std::size_t most, const Json& json, const char* what) {
  if (json.size() > most) throw std::runtime_error(std::string("it has more ") + what + " than the format allows");
}

StatedCertificate from_json(const Json& json) {
  if (json.at("format") != "proofmark-certificate" || json.at("version") != 2)
    throw std::runtime_error("it has another format or version");
  require_at_most(limits::claims, json.at("claims"), "claims");
  require_at_most(limits::steps, json.at("steps"), "steps");
  require_at_most(limits::provenance_entries, json.at("provenance"), "provenance");
  StatedCertificate result;
  for (const Json& claim : json.at("claims")) result.claims.push_back(claim_in(claim));
  result.task = task_in(json.at("task"));
  const Json& model = json.at("model");
  result.architecture = model.at("architecture").dump();
  result.model_sha256 = digest_in(model.at("sha256"));
  for (const auto& [name, value] : model.at("tensors").items()) result.tensors.push_back(tensor(name, value));
  result.tables = budget(json.at("tables"));
  for (const Json& value : json.at("steps")) {
    result.steps.push_back(step(value));
    result.all_steps += budget(value);
  }
  require_partition(result.steps, result.task);
  const Json& first = json.at("steps").front();
  const std::size_t numbers =
      (first.contains("loss") ? 2 : 0) + (first.contains("correct") ? 2 : 0) + (first.contains("margin") ? 1 : 0);
  result.conclusion = conclusion_operations(result.steps.size(), numbers, result.claims.size()).length();
  result.provenance = json.at("provenance").get<std::map<std::string, std::string>>();
  return result;
}

} // namespace

StatedCertificate read_certificate(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  StatedCertificate certificate;
  reading(path, "a certificate", [&] { certificate = from_json(parse_json(path, text)); });
  certificate.sha256 = Sha256().update(text).hex();
  certificate.bytes = text.size();
  return certificate;
}

std::size_t StatedCertificate::steps_with_loss() const {
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [](const StatedStep& step) { return step.loss.has_value(); }));
}

} // namespace proofmark
