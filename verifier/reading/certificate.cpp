#include "reading/certificate.hpp"

#include "kernel/integers.hpp"
#include "models/fitting.hpp"
#include "reading/forms.hpp"
#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <array>

namespace verifier {
namespace {

constexpr std::array quantities = {std::pair{Quantity::cross_entropy, "cross-entropy"},
                                   std::pair{Quantity::accuracy, "accuracy"}, std::pair{Quantity::margin, "margin"},
                                   std::pair{Quantity::length, "length"}};

bool is_known(Quantity quantity, Direction direction) {
  if (quantity == Quantity::margin) return direction == Direction::lower;
  if (quantity == Quantity::length) return direction == Direction::upper;
  return true;
}

Claim read_claim(const JsonView& json) {
  const JsonView bound = json.at("bound");
  const std::string& quantity = json.at("quantity").text();
  const std::string& direction = json.at("direction").text();
  require(direction == "upper" || direction == "lower", reason::word_unknown, json.at("direction").pointer(),
          "upper or lower", shown(direction));
  Claim claim;
  claim.direction = direction == "upper" ? Direction::upper : Direction::lower;
  const auto known = std::ranges::find(quantities, quantity, [](const auto& row) { return std::string(row.second); });
  require(known != quantities.end() && is_known(known->first, claim.direction), reason::claim_unknown, json.pointer(),
          "cross-entropy or accuracy (upper or lower), margin (lower) or length (upper)",
          shown(quantity + " " + direction));
  claim.quantity = known->first;
  claim.text = bound.text();
  claim.bound = parse_decimal(claim.text, bound.pointer());
  require(claim.quantity == Quantity::margin || claim.text.front() != '-', reason::number_grammar, bound.pointer(),
          "a number without a sign: only a margin has one", shown(claim.text));
  require(claim.quantity != Quantity::length || claim.text.find('.') == std::string::npos, reason::number_grammar,
          bound.pointer(), "a number of operations, without a point", shown(claim.text));
  return claim;
}

// The conditions on claims that concern more than their form.
void require_sensible(const std::vector<Claim>& claims, const std::string& pointer) {
  require(!claims.empty(), reason::claim_none, pointer, "at least one claim", "none");
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    require(claims[i].quantity != Quantity::accuracy || claims[i].bound <= 1, reason::claim_range, place + "/bound",
            "an accuracy of at most 1", claims[i].text);
    for (std::size_t j = 0; j < i; ++j)
      require(claims[i].quantity != claims[j].quantity || claims[i].direction != claims[j].direction,
              reason::claim_duplicate, place, "one claim for each quantity and direction", kind(claims[i]) + " twice");
  }
}

constexpr std::array weight_types = {DType::float16, DType::bfloat16, DType::float32, DType::float64};
constexpr std::array witness_types = {DType::uint8, DType::uint16, DType::uint32, DType::float32, DType::float64};

void read_model(const JsonView& json, Certificate& certificate) {
  certificate.architecture = read_architecture(json.at("architecture"));
  const std::string declared = read_digest(json.at("sha256"));
  const JsonView tensors = json.at("tensors");
  for (const auto& [name, tensor] : tensors.members()) {
    require_tensor_name(name, tensors.pointer());
    certificate.tensors.emplace(name, read_tensor(name, tensor, weight_types));
  }
  certificate.model_sha256 = model_digest(certificate.architecture, certificate.tensors);
  require(certificate.model_sha256 == declared, reason::digest_mismatch, json.at("sha256").pointer(),
          certificate.model_sha256, declared);
}

// Description, tensors and task are about each other.
void require_statement(Certificate& certificate) {
  const Sizes sizes = require_fitting(certificate.architecture, certificate.tensors, "/model");
  certificate.classes = sizes.classes;
  const std::uint64_t described = certificate.architecture.positions, given = certificate.task.positions();
  require(given == described, reason::task_inputs, "/task/inputs",
          std::to_string(described) + " positions, as in the model's description", std::to_string(given));
  require_fitting(certificate.task, sizes.tokens, sizes.classes, "/task");
}

} // namespace

std::string_view name(Quantity quantity) {
  return std::ranges::find(quantities, quantity, [](const auto& row) { return row.first; })->second;
}
std::string_view name(Direction direction) {
  return direction == Direction::upper ? "upper" : "lower";
}

std::string kind(const Claim& claim) {
  return std::string(name(claim.quantity)) + " " + std::string(name(claim.direction));
}

std::vector<Claim> read_claims(const JsonView& json) {
  std::vector<Claim> claims;
  for (const JsonView& element : json.array()) claims.push_back(read_claim(element));
  require_sensible(claims, json.pointer());
  return claims;
}

std::uint64_t read_budget(const JsonView& json) {
  const std::uint64_t budget = json.unsigned_integer();
  require(budget >= 1, reason::operations_budget, json.pointer(), "a budget of at least 1", "0");
  require(budget <= limits::length, reason::limit_length, json.pointer(), "at most 2^50 operations",
          std::to_string(budget));
  return budget;
}

mpz_class read_count(const JsonView& json) {
  if (!json.is_string()) return integer(json.unsigned_integer());
  constexpr std::size_t least_digits = 19, most_digits = 400;
  const std::string& text = json.text();
  const bool is_number = text.size() >= least_digits && text.size() <= most_digits && text.front() != '0' &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  const mpz_class count(is_number ? text : "0", 10);
  require(count >= mpz_class(1) << 63, reason::number_grammar, json.pointer(),
          "a number below 2^63, or the digits of a larger one in a string", shown(text));
  return count;
}

Parts read_parts(const JsonView& json) {
  return json.has_first_of("labels", "inputs") ? Parts::labels : Parts::inputs;
}

Step read_step(const JsonView& json, Parts parts) {
  Step step;
  step.id = json.at("id").unsigned_integer();
  step.rule = json.at("rule").text();
  require(read_parts(json) == parts, reason::step_mixed, json.pointer(),
          "labels in every step, or inputs in every step");
  const auto range = json.at(parts == Parts::labels ? "labels" : "inputs").array_of(2);
  const auto end = [&](const JsonView& place) {
    return parts == Parts::labels ? integer(place.unsigned_integer()) : read_count(place);
  };
  step.from = end(range[0]);
  step.to = end(range[1]);
  if (json.has("loss")) {
    const auto loss = json.at("loss").array_of(2);
    step.loss = {parse_hexadecimal(loss[0].text(), loss[0].pointer()),
                 parse_hexadecimal(loss[1].text(), loss[1].pointer())};
  }
  if (json.has("correct")) {
    const auto correct = json.at("correct").array_of(2);
    step.correct = {read_count(correct[0]), read_count(correct[1])};
  }
  if (json.has("margin")) step.margin = parse_signed_hexadecimal(json.at("margin").text(), json.at("margin").pointer());
  step.operations = read_budget(json.at("operations"));
  return step;
}

void require_shape(const Outline& outline, const std::string& pointer) {
  const auto& steps = outline.steps;
  require(!steps.empty(), reason::step_none, pointer, "at least one step", "none");
  const bool by_labels = outline.parts == Parts::labels;
  const mpz_class all = by_labels ? integer(outline.classes) : outline.task.inputs();
  mpz_class covered = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const std::string place = pointer + "/" + std::to_string(i);
    require(step.id == i, reason::step_id, place + "/id", std::to_string(i), std::to_string(step.id));
    require(step.from == covered && step.from < step.to && step.to <= all, reason::step_coverage,
            place + (by_labels ? "/labels" : "/inputs"),
            "a range that starts at " + covered.get_str() + ", is not empty and ends at most at " + all.get_str(),
            "[" + step.from.get_str() + ", " + step.to.get_str() + ")");
    const auto require_as_first = [&](bool is, bool is_first, const std::string& key) {
      require(is == is_first, reason::step_mixed, place, "\"" + key + "\" in every step or in none");
    };
    require_as_first(step.loss.has_value(), outline.states_loss(), "loss");
    require_as_first(step.correct.has_value(), outline.states_correct(), "correct");
    require_as_first(step.margin.has_value(), outline.states_margin(), "margin");
    require(step.loss || step.correct || step.margin, reason::step_empty, place, "\"loss\", \"correct\" or \"margin\"",
            "none");
    require(!step.loss || step.loss->lower <= step.loss->upper, reason::interval_reversed, place + "/loss",
            "lower end <= upper end");
    require(!step.correct || step.correct->least <= step.correct->most, reason::interval_reversed, place + "/correct",
            "least <= most");
    require(!step.margin || outline.classes >= 2, reason::rule_margin, place + "/margin",
            "no margin: the model has one class only", "a margin");
    covered = step.to;
  }
  require(covered == all, reason::step_coverage, pointer, "ranges up to " + all.get_str(),
          "up to " + covered.get_str());
}

std::string read_digest(const JsonView& json) {
  const std::string& digest = json.text();
  const bool well_formed = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  require(well_formed, reason::number_grammar, json.pointer(), "64 lower-case hexadecimal digits", shown(digest));
  return digest;
}

Certificate read_certificate(std::string_view text) {
  return read_certificate(in_one_piece(text));
}

Certificate read_certificate(const Pieces& pieces) {
  Document document(pieces, forms::certificate);
  const JsonView json = document.of_format("proofmark-certificate");

  Certificate certificate;
  certificate.task = read_task(json.at("task"));
  const JsonView steps = json.at("steps");
  const auto all_steps = steps.array();
  if (!all_steps.empty()) certificate.parts = read_parts(all_steps.front());
  for (const JsonView& step : all_steps) certificate.steps.push_back(read_step(step, certificate.parts));
  certificate.tables = read_budget(json.at("tables").at("operations"));

  for (const auto& [key, value] : json.at("provenance").members()) value.text();
  for (const auto& [name, witness] : json.at("witnesses").members())
    certificate.witnesses.push_back(read_tensor(name, witness, witness_types));
  std::ranges::sort(certificate.witnesses, {}, &Tensor::name);

  certificate.claims = read_claims(json.at("claims"));
  read_model(json.at("model"), certificate);
  require_statement(certificate);
  require_shape(certificate, steps.pointer());
  return certificate;
}

} // namespace verifier
