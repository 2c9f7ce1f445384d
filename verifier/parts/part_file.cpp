#include "parts/part_file.hpp"

#include "check/rules.hpp"
#include "parts/json_writer.hpp"
#include "reading/forms.hpp"
#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"
#include "version.hpp"

#include <mpfr.h>

#include <algorithm>
#include <tuple>

namespace verifier {
namespace {

constexpr std::string_view format_name = "proofmark-part";

using forms::pair, forms::scalar;
constexpr Form::Member performed_members[] = {{"add", &scalar},     {"mul", &scalar}, {"div", &scalar},
                                              {"sqrt", &scalar},    {"exp", &scalar}, {"log", &scalar},
                                              {"compare", &scalar}, {"read", &scalar}};
constexpr Form performed{.members = performed_members};
constexpr Form::Member established_members[] = {{"loss", &pair},   {"inner", &pair},           {"correct", &pair},
                                                {"margin", &pair}, {"operations", &performed}, {"engine", &scalar}};
constexpr Form established{.members = established_members};
constexpr Form::Member step_members[] = {{"id", &scalar},     {"rule", &scalar},       {"labels", &pair},
                                         {"inputs", &pair},   {"loss", &pair},         {"correct", &pair},
                                         {"margin", &scalar}, {"operations", &scalar}, {"established", &established}};
constexpr Form step_form{.members = step_members};
constexpr Form steps_form{.element = &step_form, .most = limits::steps, .too_many = reason::limit_steps};
constexpr Form::Member model_members[] = {
    {"architecture", &forms::architecture}, {"classes", &scalar}, {"sha256", &scalar}};
constexpr Form model_form{.members = model_members};
constexpr Form::Member tables_members[] = {{"operations", &scalar}, {"performed", &performed}};
constexpr Form tables_form{.members = tables_members};
constexpr Form::Member place_members[] = {{"index", &scalar}, {"of", &scalar}, {"from", &scalar}, {"to", &scalar}};
constexpr Form place_form{.members = place_members};
constexpr Form::Member verifier_members[] = {
    {"name", &scalar}, {"version", &scalar}, {"commit", &scalar}, {"MPFR", &scalar}, {"GMP", &scalar}};
constexpr Form verifier_form{.members = verifier_members};
constexpr Form::Member part_members[] = {
    {"format", &scalar},    {"version", &scalar},       {"certificate_sha256", &scalar}, {"model", &model_form},
    {"task", &forms::task}, {"claims", &forms::claims}, {"tables", &tables_form},        {"step_count", &scalar},
    {"part", &place_form},  {"engine", &scalar},        {"precision", &scalar},          {"verifier", &verifier_form},
    {"steps", &steps_form}, {"seal", &scalar}};
constexpr Form part_form{.members = part_members};

// Which verifier this is, to the commit and the libraries: parts of different ones are not of one check.
std::vector<std::pair<std::string, std::string>> this_verifier() {
  return {{"name", program_name},
          {"version", program_version},
          {"commit", commit},
          {"MPFR", mpfr_get_version()},
          {"GMP", gmp_version}};
}

void require_this_verifier(const JsonView& json) {
  for (const auto& [key, expected] : this_verifier()) {
    const JsonView found = json.at(key);
    require(found.text() == expected, reason::part_mismatch, found.pointer(), expected, shown(found.text()));
  }
}

// ---- steps and what was established of them: ends in steps of 2^-60, as integers in strings --------------------------

Output::Array pair_json(const Output& first, const Output& second) {
  return {first, second};
}
std::string integer_text(const mpz_class& x) {
  std::string text = x.get_str();
  require(text.size() <= limits::string_length, reason::limit_logit_range, "/steps",
          "ends of at most " + std::to_string(limits::string_length) + " digits, in a part", "more");
  return text;
}
Output::Array integers_json(const mpz_class& first, const mpz_class& second) {
  return {integer_text(first), integer_text(second)};
}

Output step_json(const Step& step, Parts parts, const StepResult& result, Engine engine) {
  const Established& found = result.established;
  Output::Object json = {{"id", step.id},
                         {"rule", step.rule},
                         {parts == Parts::labels ? "labels" : "inputs",
                          pair_json(count_json(step.from), count_json(step.to))}},
                 own;
  if (step.loss) {
    json.emplace_back("loss", pair_json(hexadecimal(step.loss->lower), hexadecimal(step.loss->upper)));
    own.emplace_back("loss", integers_json(std::max<mpz_class>(found.at_least.lower, 0), found.at_most->upper));
    own.emplace_back("inner", integers_json(found.at_least.upper, found.at_most->lower));
  }
  if (step.correct) {
    json.emplace_back("correct", pair_json(count_json(step.correct->least), count_json(step.correct->most)));
    own.emplace_back("correct", integers_json(found.correct_at_least, found.correct_at_most));
  }
  if (step.margin) {
    json.emplace_back("margin", hexadecimal(*step.margin));
    if (found.margin->lower) own.emplace_back("margin", integers_json(*found.margin->lower, *found.margin->upper));
  }
  own.emplace_back("operations", operations_json(result.operations));
  own.emplace_back("engine", name(result.by_reference ? Engine::reference : engine));
  json.emplace_back("operations", step.operations);
  json.emplace_back("established", std::move(own));
  return json;
}

mpz_class read_integer(const JsonView& json) {
  const std::string& text = json.text();
  const std::string digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool well_formed = !digits.empty() && (text == "0" || digits.front() != '0') &&
                           digits.find_first_not_of("0123456789") == std::string::npos;
  require(well_formed, reason::number_grammar, json.pointer(), "an integer", shown(text));
  return mpz_class(text, 10);
}

// In order, the first not below `least`.
std::pair<mpz_class, mpz_class> read_integers(const JsonView& json, const std::optional<mpz_class>& least = {}) {
  const auto ends = json.array_of(2);
  const mpz_class lower = read_integer(ends[0]), upper = read_integer(ends[1]);
  require(lower <= upper && (!least || *least <= lower), reason::interval_reversed, json.pointer(),
          std::string(least ? "0 <= " : "") + "lower end <= upper end");
  return {lower, upper};
}

kernel::Performed read_performed(const JsonView& json, std::uint64_t budget) {
  kernel::Performed performed{};
  std::uint64_t left = budget;
  for (std::size_t i = 0; i < performed.size(); ++i) {
    performed[i] = json.at(operation_names[i]).unsigned_integer();
    require(performed[i] <= left, reason::operations_budget, json.pointer(),
            "no more than " + std::to_string(budget) + " operations in all", "more");
    left -= performed[i];
  }
  return performed;
}

Engine read_engine(const JsonView& json) {
  for (const Engine engine : {Engine::fast, Engine::reference})
    if (json.text() == name(engine)) return engine;
  fail(reason::word_unknown, json.pointer(), "fast or reference", shown(json.text()));
}

StepResult read_result(const JsonView& json, const Step& step, Engine asked) {
  StepResult result;
  Established& found = result.established;
  if (step.loss) {
    const auto [lower, upper] = read_integers(json.at("loss"), 0);
    const auto inner = json.at("inner").array_of(2);
    found.at_least = {lower, read_integer(inner[0])};
    found.at_most = {read_integer(inner[1]), upper};
  }
  if (step.correct) std::tie(found.correct_at_least, found.correct_at_most) = read_integers(json.at("correct"), 0);
  if (step.margin) {
    found.margin.emplace();
    if (json.has("margin")) std::tie(found.margin->lower, found.margin->upper) = read_integers(json.at("margin"));
  }
  result.operations = read_performed(json.at("operations"), step.operations);
  const Engine engine = read_engine(json.at("engine"));
  require(engine == Engine::reference || engine == asked, reason::part_mismatch, json.pointer() + "/engine",
          std::string(name(asked)), std::string(name(engine)));
  result.by_reference = engine != asked;
  return result;
}

// Seal and what follows it.
std::string ending(std::string_view sealed, std::string_view key) {
  const std::string secret = key.empty() ? "" : sha256(key); // HMAC itself would not tell k from k and a zero byte
  return "\"seal\": \"" + hmac_sha256(secret, sealed) + "\"\n}\n";
}

} // namespace

std::string part_text(const Part& part, std::string_view key) {
  const Outline& outline = part.outline;
  Output::Array claims, steps;
  for (const Claim& claim : outline.claims) claims.emplace_back(claim_json(claim));
  for (std::size_t i = 0; i < outline.steps.size(); ++i)
    steps.push_back(step_json(outline.steps[i], outline.parts, part.results.steps[i], part.engine));
  Output::Object verifier;
  for (const auto& [key, value] : this_verifier()) verifier.emplace_back(key, value);
  const Output json = Output::Object{
      {"format", format_name},
      {"version", std::uint64_t{2}},
      {"certificate_sha256", part.certificate_sha256},
      {"model", Output::Object{{"architecture", architecture_json(outline.architecture)},
                               {"classes", outline.classes},
                               {"sha256", outline.model_sha256}}},
      {"task", task_json(outline.task)},
      {"claims", std::move(claims)},
      {"tables", Output::Object{{"operations", outline.tables}, {"performed", operations_json(part.results.tables)}}},
      {"step_count", part.step_count},
      {"part", Output::Object{{"index", part.index}, {"of", part.of}, {"from", part.from}, {"to", part.to}}},
      {"engine", name(part.engine)},
      {"precision", precision(part.engine)},
      {"verifier", std::move(verifier)},
      {"steps", std::move(steps)}};
  std::string text = json.text(1);
  text.replace(text.size() - 2, 2, ",\n "); // the seal comes before the last brace
  return text + ending(text, key);
}

bool is_part(const std::string& text) {
  try {
    Document(text, part_form).require_format(format_name);
    return true;
  } catch (const Failure& failure) {
    return failure.reason == reason::version_unknown; // another version is a part too
  }
}

Part read_part(const std::string& text, std::string_view key) {
  Document document(text, part_form);
  const JsonView json = document.of_format(format_name);
  read_digest(json.at("seal"));
  const std::string_view all = text, sealed = all.substr(0, all.rfind("\"seal\""));
  if (all.substr(sealed.size()) != ending(sealed, key)) {
    Failure failure(reason::part_seal, "/seal", "the seal of these bytes", "another one");
    failure.hint = "the file was changed after it was written, or made with another --key";
    throw failure;
  }
  require_this_verifier(json.at("verifier"));

  Part part{};
  part.certificate_sha256 = read_digest(json.at("certificate_sha256"));
  Outline& outline = part.outline;
  const JsonView model = json.at("model");
  outline.architecture = read_architecture(model.at("architecture"));
  outline.classes = model.at("classes").unsigned_integer();
  outline.model_sha256 = read_digest(model.at("sha256"));
  outline.task = read_task(json.at("task"));
  outline.claims = read_claims(json.at("claims"));
  const JsonView tables = json.at("tables");
  outline.tables = tables.at("operations").unsigned_integer();
  part.results.tables = read_performed(tables.at("performed"), outline.tables);
  part.step_count = json.at("step_count").unsigned_integer();
  const JsonView place = json.at("part");
  part.index = place.at("index").unsigned_integer();
  part.of = place.at("of").unsigned_integer();
  part.from = place.at("from").unsigned_integer();
  part.to = place.at("to").unsigned_integer();
  require(1 <= part.index && part.index <= part.of && part.of <= limits::steps && part.from <= part.to &&
              part.to <= part.step_count && part.step_count <= limits::steps,
          reason::part_coverage, place.pointer(),
          "a range of the certificate's steps, and a part of at most " + std::to_string(limits::steps));
  part.engine = read_engine(json.at("engine"));
  const std::uint64_t bits = json.at("precision").unsigned_integer();
  require(bits == precision(part.engine), reason::part_mismatch, "/precision", std::to_string(precision(part.engine)),
          std::to_string(bits));
  const std::vector<JsonView> steps = json.at("steps").array();
  if (!steps.empty()) outline.parts = read_parts(steps.front());
  const ModelShape shape = shape_of(outline.architecture);
  std::uint64_t least = part.from;
  for (const JsonView& step : steps) {
    outline.steps.push_back(read_step(step, outline.parts));
    const Step& last = outline.steps.back();
    require(least <= last.id && last.id < part.to, reason::part_coverage, step.pointer() + "/id",
            "steps of this part in order", std::to_string(last.id));
    least = last.id + 1;
    require(find_rule(shape, outline.parts, last.rule) != nullptr, reason::rule_unknown, step.pointer() + "/rule",
            known_rules(), shown(last.rule));
    part.results.steps.push_back(read_result(step.at("established"), last, part.engine));
  }
  return part;
}

} // namespace verifier
