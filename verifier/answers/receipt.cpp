#include "answers/receipt.hpp"

#include "answers/words.hpp"
#include "check/rules.hpp"
#include "kernel/integers.hpp"
#include "models/words.hpp"
#include "parts/json_writer.hpp"
#include "reading/number.hpp"
#include "reading/text.hpp"
#include "version.hpp"

#include <algorithm>

namespace verifier {
namespace {

std::string outward(const Claim& claim, const mpq_class& bound) {
  if (claim.quantity == Quantity::length) return bound.get_num().get_str();
  return decimal(bound, claim.direction == Direction::upper ? Round::up : Round::down, bound_digits);
}

bool is_by_sets(const Outline& outline, const Step& step) {
  const Rule* rule = find_rule(shape_of(outline.architecture), outline.parts, step.rule);
  return rule != nullptr && rule->by_sets;
}
// How far the established bounds on the mean loss are apart, and why: what the rules leave open (the noise that worst-case
// reasoning pays for), and at most how much the arithmetic adds.
std::string gap_line(const Run& run) {
  mpq_class gap = 0;
  mpz_class open = 0; // in steps of 2^-60
  for (const StepResult& step : run.result->steps) {
    gap += *step.established.loss_upper() - step.established.loss_lower();
    // The lower bound counts from 0 on, as it does in loss_lower.
    const mpz_class inner = step.established.at_most->lower - std::max<mpz_class>(0, step.established.at_least.upper);
    if (inner > 0) open += inner;
  }
  const mpz_class inputs = run.outline->task.inputs();
  gap /= inputs;
  const std::string apart = "c gap " + short_decimal(gap, Round::up, 3) + " nats between the bounds on the mean loss: ";
  if (std::ranges::any_of(run.outline->steps, [&](const Step& step) { return is_by_sets(*run.outline, step); }))
    return apart + "what the rules leave open, with rounding\n";
  const mpq_class rounding = gap - in_nats(open) / inputs;
  return apart + "the rules leave open " + short_decimal(gap - rounding, Round::down, 3) + ", rounding adds at most " +
         short_decimal(rounding, Round::up, 3) + "\n";
}

// The verifier's own enclosures of what a step declares.
std::string step_line(std::size_t i, const Step& step, const StepResult& result) {
  const Established& found = result.established;
  std::string text = "c step " + std::to_string(i);
  if (step.loss) text += " loss [" + hexadecimal(found.loss_lower()) + ", " + hexadecimal(*found.loss_upper()) + "]";
  if (step.correct) text += " correct " + found.correct_at_least.get_str() + " " + found.correct_at_most.get_str();
  if (step.margin && found.margin->lower) text += " margin " + hexadecimal(in_nats(*found.margin->lower));
  text += " operations " + std::to_string(sum(result.operations)) + " of " + std::to_string(step.operations);
  if (step.loss) text += ", slack " + short_decimal(step.loss->upper - *found.loss_upper(), Round::up, 3);
  return text + "\n";
}

std::string verified_lines(const Run& run, bool verbose) {
  const Outline& outline = *run.outline;
  const Result& result = *run.result;
  std::string text;
  if (!run.parts_sha256.empty())
    text += "c joined from " + std::to_string(run.parts_sha256.size()) +
            " parts: their steps were not checked again; that they hold rests on the machines that made them\n";
  for (std::size_t i = 0; i < outline.claims.size(); ++i) {
    const Claim& claim = outline.claims[i];
    text += "c claim " + in_words(claim, outline.task) + "\n";
    text += "c established " + std::string(claim.direction == Direction::upper ? "at most " : "at least ") +
            outward(claim, result.established[i]) + ", slack " +
            short_decimal(abs(claim.bound - result.established[i]), Round::up, 3) + "\n";
  }
  if (outline.states_loss()) text += gap_line(run);
  text += "c function " + function_in_words(outline) + "\n";
  text += "c model " + outline.model_sha256 + "\n";
  text += "c steps " + std::to_string(outline.steps.size()) + " (" + rules_used(outline) + ")\n";
  if (outline.states_correct()) {
    mpz_class least = 0, most = 0;
    for (const StepResult& step : result.steps)
      least += step.established.correct_at_least, most += step.established.correct_at_most;
    text += "c correct " + least.get_str() + " inputs, undecided " + mpz_class(most - least).get_str() + "\n";
  }
  text += "c operations";
  for (std::size_t i = 0; i < operation_names.size(); ++i)
    text += " " + std::string(operation_names[i]) + " " + std::to_string(result.operations[i]);
  const std::uint64_t performed = sum(result.operations);
  const std::uint64_t reads = result.operations[static_cast<std::size_t>(kernel::Operation::read)];
  text += "\nc length " + std::to_string(performed) + ", of at most " + length(outline).get_str() + "\n";
  text += "c profile gbmi " + std::to_string(performed - reads) + " operations\n";
  text += "c engine " + std::string(name(run.engine)) + ", " + std::to_string(precision(run.engine)) + " bits";
  const auto by_reference = std::ranges::count_if(result.steps, &StepResult::by_reference);
  if (by_reference > 0) text += ", " + std::to_string(by_reference) + " steps decided by reference";
  text += "\n";
  if (verbose)
    for (std::size_t i = 0; i < result.steps.size(); ++i) text += step_line(i, outline.steps[i], result.steps[i]);
  return text;
}

std::string in_range(const mpz_class& from, const mpz_class& to) {
  const mpz_class last = to - 1;
  return from == last ? " " + from.get_str() : "s " + from.get_str() + " to " + last.get_str();
}

std::string part_lines(const Run& run) {
  const Part& part = *run.part;
  const Outline& outline = part.outline;
  std::string text = "c part " + std::to_string(part.index) + " of " + std::to_string(part.of);
  if (part.from == part.to)
    text += " has none of the " + std::to_string(part.step_count) + " steps\n";
  else
    text += ": step" + in_range(integer(part.from), integer(part.to)) + " of " + std::to_string(part.step_count) +
            " hold, " + (outline.parts == Parts::labels ? "label" : "input") +
            in_range(outline.steps.front().from, outline.steps.back().to) + "\n";
  if (run.resumed > 0) text += "c resumed " + std::to_string(run.resumed) + " steps were checked by an earlier run\n";
  for (const Claim& claim : outline.claims) text += "c open: " + in_words(claim, outline.task) + "\n";
  text += "c next: proofmark-verify --join, with " +
          (part.of == 1 ? "this file" : "the files of all " + std::to_string(part.of) + " parts") + "\n";
  text += "c function " + function_in_words(outline) + "\n";
  text += "c model " + outline.model_sha256 + "\n";
  return text + "c engine " + std::string(name(part.engine)) + ", " + std::to_string(precision(part.engine)) +
         " bits\n";
}

// Tensors of the reviewer's file that are no part of the function.
std::string ignored_line(const Run& run) {
  if (run.ignored.empty()) return "";
  std::string names;
  for (const std::string& name : run.ignored) names += (names.empty() ? " " : ", ") + shown(name);
  return "c ignored tensors of --weights that the certificate does not have:" + names + "\n";
}

// What to try. A reader knows what it expected, not what was meant.
std::string hint(const Failure& failure) {
  const bool number = failure.reason == reason::json_number || failure.reason == reason::type_mismatch;
  if (number && failure.pointer.ends_with("/bound")) return "a bound is a string: write \"0.02\" and not 0.02";
  return failure.hint;
}

std::string failure_lines(const Failure& failure, bool utf8) {
  std::string text;
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += "c " + std::string(label) + " " + printable(value, utf8) + "\n";
  };
  line("reason", std::string(failure.reason.code) + (failure.pointer.empty() ? "" : " at " + failure.pointer));
  if (!failure.file.empty()) line("file", "\"" + failure.file + "\"");
  line("rule", failure.rule);
  line("expected", failure.expected);
  line("found", failure.found);
  line("by", failure.by);
  line("hint:", hint(failure));
  return text;
}

} // namespace

std::string receipt(const Run& run) {
  const auto unless_empty = [](const std::string& text) { return text.empty() ? Output() : Output(text); };
  Output claims, operations;
  if (run.outline) {
    Output::Array list;
    for (std::size_t i = 0; i < run.outline->claims.size(); ++i) {
      const Claim& claim = run.outline->claims[i];
      Output::Object json = claim_json(claim);
      json.emplace_back("established", run.result ? Output(outward(claim, run.result->established[i])) : Output());
      list.push_back(std::move(json));
    }
    claims = std::move(list);
  }
  if (run.result) {
    Output::Object counts = operations_json(run.result->operations);
    counts.emplace_back("length", sum(run.result->operations));
    operations = std::move(counts);
  }
  Output::Object json = {{"format", "proofmark-receipt"},
                         {"version", std::uint64_t{2}},
                         {"verdict", name(run.verdict)},
                         {"reason", run.failure ? Output(run.failure->reason.code) : Output()},
                         {"certificate_sha256", unless_empty(run.certificate_sha256)},
                         {"model_sha256", run.outline ? Output(run.outline->model_sha256) : Output()}};
  if (!run.weights_sha256.empty()) json.emplace_back("weights_sha256", run.weights_sha256);
  if (!run.claim_sha256.empty()) json.emplace_back("claim_sha256", run.claim_sha256);
  json.emplace_back("task", run.outline ? task_json(run.outline->task) : Output());
  json.emplace_back("architecture", run.outline ? architecture_json(run.outline->architecture) : Output());
  json.emplace_back("function", run.outline ? Output(function_in_words(*run.outline)) : Output());
  json.emplace_back("formula", run.outline ? Output(formula(run.outline->architecture)) : Output());
  json.emplace_back("claims", std::move(claims));
  json.emplace_back("operations", std::move(operations));
  json.emplace_back("engine", name(run.engine));
  json.emplace_back("precision", precision(run.engine));
  json.emplace_back("verifier", Output::Object{{"name", program_name}, {"version", program_version}});
  if (!run.parts_sha256.empty())
    json.emplace_back("joined", Output::Array(run.parts_sha256.begin(), run.parts_sha256.end()));
  return Output(std::move(json)).text(2) + "\n";
}

std::string summary(const Run& run, bool verbose, bool utf8) {
  std::string text = "s " + std::string(name(run.verdict)) + "\n";
  if (run.verdict == Verdict::verified || run.verdict == Verdict::joined)
    return text + verified_lines(run, verbose) + ignored_line(run);
  if (run.verdict == Verdict::partial) return text + part_lines(run) + ignored_line(run);
  if (run.failure) text += failure_lines(*run.failure, utf8);
  return text;
}

} // namespace verifier
