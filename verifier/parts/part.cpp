#include "parts/part.hpp"

#include "family.hpp"
#include "reading/forms.hpp"
#include "answers/json_writer.hpp"
#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"
#include "answers/version.hpp"

#include <algorithm>
#include <chrono>

namespace verifier {
namespace {

constexpr std::string_view format_name = "proofmark-part";

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
    require(found.text() == expected, Reason::part_mismatch, found.pointer(), expected, shown(found.text()));
  }
}

Output::Array pair(const Output& first, const Output& second) {
  return {first, second};
}

Output step_json(const Step& step, const StepResult& result, const std::string& tables_engine) {
  Output::Object json = {{"id", step.id},
                         {"rule", step.rule},
                         {"labels", pair(step.from, step.to)},
                         {"loss", pair(hexadecimal(step.loss_lower), hexadecimal(step.loss_upper))}};
  if (step.correct) json.emplace_back("correct", count_json(*step.correct));
  json.emplace_back("operations", operations_json(step.operations));
  json.emplace_back(
      "established",
      Output::Object{
          {"loss", pair(hexadecimal(result.loss.lo), hexadecimal(result.loss.hi))},
          {"inner", pair(hexadecimal(result.established.lower.hi), hexadecimal(result.established.upper.lo))},
          {"correct", result.established.correct.get_str()},
          {"undecided", result.established.undecided.get_str()},
          {"engine", result.by_reference ? std::string(name(Engine::reference)) : tables_engine}});
  return json;
}

mpz_class read_count(const JsonView& json) {
  constexpr std::size_t most_digits = 400; // V^n has 270 at most
  const std::string& text = json.text();
  const bool well_formed = !text.empty() && text.size() <= most_digits && (text.size() == 1 || text.front() != '0') &&
                           text.find_first_not_of("0123456789") == std::string::npos;
  require(well_formed, Reason::number_grammar, json.pointer(), "an unsigned integer", shown(text));
  return mpz_class(text, 10);
}

Engine read_engine(const JsonView& json) {
  for (const Engine engine : {Engine::exact, Engine::reference})
    if (json.text() == name(engine)) return engine;
  fail(Reason::word_unknown, json.pointer(), "exact or reference", shown(json.text()));
}

StepResult read_result(const JsonView& json, const Step& step, Engine tables) {
  const auto loss = json.at("loss").array_of(2), inner = json.at("inner").array_of(2);
  const auto end = [](const JsonView& place) { return parse_end(place.text(), place.pointer()); };
  StepResult result;
  result.loss = {end(loss[0]), end(loss[1])};
  require(mpfr_sgn(result.loss.lo.get()) >= 0 && mpfr_lessequal_p(result.loss.lo.get(), result.loss.hi.get()),
          Reason::interval_reversed, json.pointer() + "/loss", "0 <= lower end <= upper end");
  result.established.lower = {result.loss.lo, end(inner[0])};
  result.established.upper = {end(inner[1]), result.loss.hi};
  result.established.correct = read_count(json.at("correct"));
  result.established.undecided = read_count(json.at("undecided"));
  result.operations = step.operations; // a step holds only if they are the performed ones
  const Engine engine = read_engine(json.at("engine"));
  require(engine == Engine::reference || tables == Engine::exact, Reason::part_mismatch, json.pointer() + "/engine",
          std::string(name(Engine::reference)), std::string(name(engine)));
  result.by_reference = engine != tables;
  return result;
}

// The first step of part `index` of `of`: the first one before which at least (index - 1) / of of all operations lie.
std::uint64_t first_step(const Outline& outline, std::uint64_t index, std::uint64_t of) {
  if (index > of) return outline.steps.size();
  const mpz_class share = mpz_class(index - 1) * outline.steps_total.total();
  mpz_class before = 0;
  std::uint64_t i = 0;
  for (; i < outline.steps.size() && before * of < share; ++i) before += outline.steps[i].operations.total();
  return i;
}

// Seal and what follows it.
std::string ending(std::string_view sealed, std::string_view key) {
  const std::string secret = key.empty() ? "" : sha256(key); // HMAC itself would not tell k from k and a zero byte
  return "\"seal\": \"" + hmac_sha256(secret, sealed) + "\"\n}\n";
}

} // namespace

Part unchecked_part(const Certificate& certificate, const std::string& certificate_sha256, std::uint64_t index,
                    std::uint64_t of, Engine engine) {
  Part part{.certificate_sha256 = certificate_sha256,
            .outline = certificate,
            .index = index,
            .of = of,
            .from = first_step(certificate, index, of),
            .to = first_step(certificate, index + 1, of),
            .step_count = certificate.steps.size(),
            .engine = engine,
            .results = {.steps = {}, .tables_engine = std::string(name(engine))}};
  part.outline.steps.clear();
  return part;
}

void require_same_check(const Part& expected, const Part& found) {
  const auto require_same = [](bool same, const std::string& pointer, const std::string& in_first,
                               const std::string& in_found) {
    require(same, Reason::part_mismatch, pointer, in_first, in_found);
  };
  const auto require_equal = [&](const std::string& a, const std::string& b, const std::string& pointer) {
    require_same(a == b, pointer, a, b);
  };
  const auto require_equal_numbers = [&](std::uint64_t a, std::uint64_t b, const std::string& pointer) {
    require_same(a == b, pointer, std::to_string(a), std::to_string(b));
  };
  const auto require_equal_operations = [&](const Operations& a, const Operations& b, const std::string& pointer) {
    for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
      require_equal_numbers(a.*Operations::kinds[i], b.*Operations::kinds[i],
                            pointer + "/" + std::string(Operations::names[i]));
  };
  const Outline &a = expected.outline, &b = found.outline;
  require_equal(expected.certificate_sha256, found.certificate_sha256, "/certificate_sha256");
  require_equal(a.family, b.family, "/model/family");
  require_equal(a.model_sha256, b.model_sha256, "/model/sha256");
  require_equal_numbers(a.task.context, b.task.context, "/task/context");
  require_equal_numbers(a.task.vocabulary, b.task.vocabulary, "/task/vocabulary");
  require_equal_numbers(a.claims.size(), b.claims.size(), "/claims");
  for (std::size_t i = 0; i < a.claims.size(); ++i) {
    const std::string place = "/claims/" + std::to_string(i);
    require_equal(std::string(name(a.claims[i].quantity)), std::string(name(b.claims[i].quantity)),
                  place + "/quantity");
    require_equal(std::string(name(a.claims[i].direction)), std::string(name(b.claims[i].direction)),
                  place + "/direction");
    require_equal(a.claims[i].text, b.claims[i].text, place + "/bound");
  }
  require_equal_operations(a.tables, b.tables, "/operations/tables");
  require_equal_operations(a.steps_total, b.steps_total, "/operations/steps");
  require_equal_operations(a.conclusion, b.conclusion, "/operations/conclusion");
  require_equal_numbers(a.length, b.length, "/operations/length");
  require_equal_numbers(expected.step_count, found.step_count, "/step_count");
  require_equal_numbers(expected.of, found.of, "/part/of");
  require_equal(std::string(name(expected.engine)), std::string(name(found.engine)), "/engine");
}

void take_up(Part& part, const Certificate& certificate, Part previous) {
  require_same_check(part, previous);
  require(part.index == previous.index && part.from == previous.from && part.to == previous.to, Reason::part_mismatch,
          "/part/index", std::to_string(part.index), std::to_string(previous.index));
  for (std::size_t i = 0; i < previous.outline.steps.size(); ++i) {
    const Step& step = previous.outline.steps[i];
    require(step == certificate.steps[step.id] && step_holds(step, previous.results.steps[i], false),
            Reason::part_mismatch, "/steps/" + std::to_string(i), "the certificate's step", "another one");
  }
  part = std::move(previous);
}

void complete(Part& part, const Certificate& certificate, const Options& options,
              const std::function<void(const Part&)>& save) {
  check_outline(certificate);
  std::vector<std::size_t> open;
  for (std::uint64_t i = part.from; i < part.to; ++i)
    if (std::ranges::none_of(part.outline.steps, [&](const Step& step) { return step.id == i; })) open.push_back(i);
  if (open.empty()) return;

  using Clock = std::chrono::steady_clock;
  constexpr auto between_saves = std::chrono::seconds(1);
  auto saved = Clock::now();
  const auto take = [&](std::size_t i, const StepResult& result, std::string_view tables_engine) {
    part.results.tables_engine = tables_engine;
    auto& steps = part.outline.steps;
    const auto place = std::ranges::lower_bound(steps, i, {}, &Step::id) - steps.begin();
    steps.insert(steps.begin() + place, certificate.steps[i]);
    part.results.steps.insert(part.results.steps.begin() + place, result);
    if (Clock::now() - saved < between_saves) return;
    save(part);
    saved = Clock::now();
  };
  Options watched = options;
  watched.held = take;
  try {
    check_steps(certificate, open, watched);
  } catch (const Interrupted&) {
    save(part);
    throw;
  }
}

std::string part_text(const Part& part, std::string_view key) {
  const Outline& outline = part.outline;
  Output::Array claims, steps;
  for (const Claim& claim : outline.claims) claims.emplace_back(claim_json(claim));
  for (std::size_t i = 0; i < outline.steps.size(); ++i)
    steps.push_back(step_json(outline.steps[i], part.results.steps[i], part.results.tables_engine));
  Output::Object verifier;
  for (const auto& [key, value] : this_verifier()) verifier.emplace_back(key, value);
  const Output json = Output::Object{
      {"format", format_name},
      {"version", std::uint64_t{1}},
      {"certificate_sha256", part.certificate_sha256},
      {"model", Output::Object{{"family", outline.family}, {"sha256", outline.model_sha256}}},
      {"task", task_json(outline.task)},
      {"claims", std::move(claims)},
      {"operations", Output::Object{{"tables", operations_json(outline.tables)},
                                    {"steps", operations_json(outline.steps_total)},
                                    {"conclusion", operations_json(outline.conclusion)},
                                    {"length", outline.length}}},
      {"step_count", part.step_count},
      {"part", Output::Object{{"index", part.index}, {"of", part.of}, {"from", part.from}, {"to", part.to}}},
      {"engine", name(part.engine)},
      {"tables_engine", part.results.tables_engine},
      {"precision", std::uint64_t{precision}},
      {"verifier", std::move(verifier)},
      {"steps", std::move(steps)}};
  std::string text = json.text(1);
  text.replace(text.size() - 2, 2, ",\n "); // the seal comes before the last brace
  return text + ending(text, key);
}

bool is_part(const std::string& text) {
  try {
    Document(text, forms::part).require_format(format_name);
    return true;
  } catch (const Failure& failure) {
    return failure.reason == Reason::version_unknown; // a later version is a part too
  }
}

Part read_part(const std::string& text, std::string_view key) {
  Document document(text, forms::part);
  const JsonView json = document.of_format(format_name);
  read_digest(json.at("seal"));
  const std::string_view all = text, sealed = all.substr(0, all.rfind("\"seal\""));
  if (all.substr(sealed.size()) != ending(sealed, key)) {
    Failure failure(Reason::part_seal, "/seal", "the seal of these bytes", "another one");
    failure.hint = "the file was changed after it was written, or made with another --key";
    throw failure;
  }
  require_this_verifier(json.at("verifier"));
  const std::uint64_t bits = json.at("precision").unsigned_integer();
  require(bits == precision, Reason::part_mismatch, "/precision", std::to_string(precision), std::to_string(bits));

  Part part;
  part.certificate_sha256 = read_digest(json.at("certificate_sha256"));
  const JsonView model = json.at("model");
  part.outline.family = model.at("family").text();
  require(is_known_family(part.outline.family), Reason::family_unknown, model.at("family").pointer(), known_families(),
          shown(part.outline.family));
  part.outline.model_sha256 = read_digest(model.at("sha256"));
  part.outline.task = read_task(json.at("task"));
  part.outline.claims = read_claims(json.at("claims"));
  read_operations(json.at("operations"), part.outline);
  part.step_count = json.at("step_count").unsigned_integer();
  const JsonView place = json.at("part");
  part.index = place.at("index").unsigned_integer();
  part.of = place.at("of").unsigned_integer();
  part.from = place.at("from").unsigned_integer();
  part.to = place.at("to").unsigned_integer();
  require(1 <= part.index && part.index <= part.of && part.of <= limits::steps && part.from <= part.to &&
              part.to <= part.step_count && part.step_count <= limits::steps,
          Reason::part_coverage, place.pointer(),
          "a range of the certificate's steps, and a part of at most " + std::to_string(limits::steps));
  part.engine = read_engine(json.at("engine"));
  const Engine tables = read_engine(json.at("tables_engine"));
  part.results.tables_engine = name(tables);
  std::uint64_t least = part.from;
  for (const JsonView& step : json.at("steps").array()) {
    part.outline.steps.push_back(read_step(step));
    const Step& last = part.outline.steps.back();
    require(least <= last.id && last.id < part.to, Reason::part_coverage, step.pointer() + "/id",
            "steps of this part in order", std::to_string(last.id));
    least = last.id + 1;
    require(is_known_rule(part.outline.family, last.rule), Reason::rule_unknown, step.pointer() + "/rule",
            known_rules(part.outline.family), shown(last.rule));
    part.results.steps.push_back(read_result(step.at("established"), last, tables));
  }
  return part;
}

} // namespace verifier
