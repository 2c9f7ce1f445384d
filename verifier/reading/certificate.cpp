#include "reading/certificate.hpp"

#include "family.hpp"
#include "reading/forms.hpp"
#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"

#include <algorithm>

namespace verifier {
namespace {

Claim read_claim(const JsonView& json) {
  const std::string& quantity = json.at("quantity").text();
  const std::string& direction = json.at("direction").text();
  require(direction == "upper" || direction == "lower", Reason::word_unknown, json.at("direction").pointer(),
          "upper or lower", shown(direction));
  Claim claim;
  claim.text = json.at("bound").text();
  claim.bound = parse_decimal(claim.text, json.at("bound").pointer());
  claim.direction = direction == "upper" ? Direction::upper : Direction::lower;
  if (quantity == "cross-entropy") {
    claim.quantity = Quantity::cross_entropy;
  } else if (quantity == "accuracy" && claim.direction == Direction::lower) {
    claim.quantity = Quantity::accuracy;
  } else {
    fail(Reason::claim_unknown, json.pointer(), "cross-entropy (upper or lower) or accuracy (lower)",
         shown(quantity + " " + direction));
  }
  return claim;
}

// The conditions on claims that concern more than their form.
void require_sensible(const std::vector<Claim>& claims, const std::string& pointer) {
  require(!claims.empty(), Reason::claim_none, pointer, "at least one claim", "none");
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    require(claims[i].quantity != Quantity::accuracy || claims[i].bound <= 1, Reason::claim_range, place + "/bound",
            "an accuracy of at most 1", claims[i].text);
    for (std::size_t j = 0; j < i; ++j)
      require(claims[i].quantity != claims[j].quantity || claims[i].direction != claims[j].direction,
              Reason::claim_duplicate, place, "one claim for each quantity and direction",
              std::string(name(claims[i].quantity)) + " " + std::string(name(claims[i].direction)) + " twice");
  }
}

Operations read_operations(const JsonView& json) {
  Operations operations;
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    operations.*Operations::kinds[i] = json.at(Operations::names[i]).unsigned_integer();
  return operations;
}

// Which element types a tensor may have.
struct DTypes {
  std::initializer_list<DType> allowed;
  std::string_view in_words;
};
const DTypes weight_types{{DType::float16, DType::bfloat16, DType::float32, DType::float64},
                          "float16, bfloat16, float32 or float64"};
const DTypes witness_types{{DType::uint8, DType::uint16, DType::float32, DType::float64},
                           "uint8, uint16, float32 or float64"};

// How many inputs are correct: a number, or from 2^63 on the string of its digits.
mpz_class read_correct(const JsonView& json) {
  if (!json.is_string()) return mpz_class(std::to_string(json.unsigned_integer()));
  constexpr std::size_t least_digits = 19, most_digits = 400;
  const std::string& text = json.text();
  const bool is_number = text.size() >= least_digits && text.size() <= most_digits && text.front() != '0' &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  const mpz_class count(is_number ? text : "0", 10);
  require(count >= mpz_class(1) << 63, Reason::number_grammar, json.pointer(),
          "a number below 2^63, or the digits of a larger one in a string", shown(text));
  return count;
}

Tensor read_tensor(const std::string& name, const JsonView& json, const DTypes& types) {
  const std::string& type = json.at("dtype").text();
  const auto known = dtype(type);
  require(known.has_value() && std::find(types.allowed.begin(), types.allowed.end(), *known) != types.allowed.end(),
          Reason::dtype_unknown, json.at("dtype").pointer(), std::string(types.in_words), shown(type));
  Tensor tensor{name, *known, {}, {}};
  const JsonView shape = json.at("shape");
  const auto dimensions = shape.array();
  require(!dimensions.empty(), Reason::type_mismatch, shape.pointer(), "at least one dimension", "none");
  for (const JsonView& dimension : dimensions) {
    tensor.shape.push_back(dimension.unsigned_integer());
    require(tensor.shape.back() >= 1, Reason::tensor_size, dimension.pointer(), "a dimension of at least 1", "0");
  }
  const auto bytes = byte_count(tensor.dtype, tensor.shape);
  require(bytes.has_value(), Reason::tensor_size, shape.pointer(), "a size below 2^63 bytes", "more");
  const JsonView data = json.at("data");
  tensor.bytes = data.take_data();
  require(tensor.bytes.size() == *bytes, Reason::tensor_size, data.pointer(), std::to_string(*bytes) + " bytes",
          std::to_string(tensor.bytes.size()));
  return tensor;
}

void sort_by_name(std::vector<Tensor>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
}

void read_model(const JsonView& json, Certificate& certificate) {
  certificate.family = json.at("family").text();
  require(is_known_family(certificate.family), Reason::family_unknown, json.at("family").pointer(), known_families(),
          shown(certificate.family));
  const std::string declared = read_digest(json.at("sha256"));
  const JsonView tensors = json.at("tensors");
  require_tensor_names(certificate.family, tensors);
  for (const auto& [name, tensor] : tensors.members()) {
    tensor.at("shape").array_of(dimensions(certificate.family, name));
    certificate.tensors.push_back(read_tensor(name, tensor, weight_types));
  }
  sort_by_name(certificate.tensors);
  certificate.model_sha256 = model_digest(certificate.family, certificate.tensors);
  require(certificate.model_sha256 == declared, Reason::digest_mismatch, json.at("sha256").pointer(),
          certificate.model_sha256, declared);
}

} // namespace

std::string_view name(Quantity quantity) {
  return quantity == Quantity::cross_entropy ? "cross-entropy" : "accuracy";
}
std::string_view name(Direction direction) {
  return direction == Direction::upper ? "upper" : "lower";
}

Task read_task(const JsonView& json) {
  const std::string &name = json.at("name").text(), &inputs = json.at("inputs").text();
  require(name == "max", Reason::task_unknown, json.at("name").pointer(), "max", shown(name));
  require(inputs == "uniform", Reason::task_unknown, json.at("inputs").pointer(), "uniform", shown(inputs));
  const Task task{json.at("context").unsigned_integer(), json.at("vocabulary").unsigned_integer()};
  require(task.context >= 1 && task.context <= limits::context, Reason::limit_context, json.at("context").pointer(),
          "1 to " + std::to_string(limits::context), std::to_string(task.context));
  require(task.vocabulary >= 1 && task.vocabulary <= limits::vocabulary, Reason::limit_vocabulary,
          json.at("vocabulary").pointer(), "1 to " + std::to_string(limits::vocabulary),
          std::to_string(task.vocabulary));
  return task;
}

std::vector<Claim> read_claims(const JsonView& json) {
  std::vector<Claim> claims;
  for (const JsonView& element : json.array()) claims.push_back(read_claim(element));
  require_sensible(claims, json.pointer());
  return claims;
}

Step read_step(const JsonView& json) {
  Step step;
  step.id = json.at("id").unsigned_integer();
  step.rule = json.at("rule").text();
  const auto labels = json.at("labels").array_of(2);
  step.from = labels[0].unsigned_integer();
  step.to = labels[1].unsigned_integer();
  const auto loss = json.at("loss").array_of(2);
  step.loss_lower = parse_hexadecimal(loss[0].text(), loss[0].pointer());
  step.loss_upper = parse_hexadecimal(loss[1].text(), loss[1].pointer());
  if (json.has("correct")) step.correct = read_correct(json.at("correct"));
  step.operations = read_operations(json.at("operations"));
  return step;
}

void require_shape(const Outline& outline, const std::string& pointer) {
  const auto& steps = outline.steps;
  require(!steps.empty(), Reason::step_none, pointer, "at least one step", "none");
  std::uint64_t covered = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const std::string place = pointer + "/" + std::to_string(i);
    require(step.id == i, Reason::step_id, place + "/id", std::to_string(i), std::to_string(step.id));
    require(is_known_rule(outline.family, step.rule), Reason::rule_unknown, place + "/rule",
            known_rules(outline.family), shown(step.rule));
    require(step.from == covered && step.from < step.to && step.to <= outline.task.vocabulary, Reason::step_coverage,
            place + "/labels",
            "a range that starts at " + std::to_string(covered) + ", is not empty and ends at most at " +
                std::to_string(outline.task.vocabulary),
            "[" + std::to_string(step.from) + ", " + std::to_string(step.to) + ")");
    require(step.loss_lower <= step.loss_upper, Reason::interval_reversed, place + "/loss", "lower end <= upper end");
    require(step.correct.has_value() == steps.front().correct.has_value(), Reason::step_mixed, place,
            "\"correct\" in every step or in none");
    require(step.loss_lower == 0 || bounds_from_below(outline.family, step.rule), Reason::rule_direction,
            place + "/loss/0", "0x0p+0: " + step.rule + " says nothing from below", "a positive lower end");
    covered = step.to;
  }
  require(covered == outline.task.vocabulary, Reason::step_coverage, pointer,
          "ranges up to " + std::to_string(outline.task.vocabulary), "up to " + std::to_string(covered));
}

void require_supported(const Outline& outline, const std::string& pointer) {
  for (const Claim& claim : outline.claims)
    require(claim.quantity != Quantity::accuracy || outline.states_correct(), Reason::claim_unsupported, pointer,
            "steps that state how many inputs are correct", "an accuracy claim and steps without \"correct\"");
}

void read_operations(const JsonView& json, Outline& outline) {
  outline.tables = read_operations(json.at("tables"));
  outline.steps_total = read_operations(json.at("steps"));
  outline.conclusion = read_operations(json.at("conclusion"));
  outline.length = json.at("length").unsigned_integer();
  require(outline.length <= limits::length, Reason::limit_length, json.at("length").pointer(),
          "at most 2^50 operations", std::to_string(outline.length));
}

std::string read_digest(const JsonView& json) {
  const std::string& digest = json.text();
  const bool well_formed = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  require(well_formed, Reason::number_grammar, json.pointer(), "64 lower-case hexadecimal digits", shown(digest));
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
  for (const JsonView& step : steps.array()) certificate.steps.push_back(read_step(step));
  read_operations(json.at("operations"), certificate);

  for (const auto& [key, value] : json.at("provenance").members()) value.text();
  for (const auto& [name, witness] : json.at("witnesses").members())
    certificate.witnesses.push_back(read_tensor(name, witness, witness_types));
  sort_by_name(certificate.witnesses);

  certificate.claims = read_claims(json.at("claims"));
  read_model(json.at("model"), certificate);
  require_shapes(certificate);
  require_shape(certificate, steps.pointer());
  require_witnesses(certificate);
  require_supported(certificate, "/claims");
  return certificate;
}

} // namespace verifier
