#include "answers/receipt.hpp"

#include "answers/json_writer.hpp"
#include "reading/number.hpp"
#include "reading/text.hpp"
#include "answers/version.hpp"
#include "answers/words.hpp"

#include <algorithm>

namespace verifier {
namespace {

std::string outward(const Claim& claim, const mpq_class& bound) {
  return decimal(bound, claim.direction == Direction::upper ? Round::up : Round::down, bound_digits);
}

bool is_about_the_loss(const Outline& outline) {
  return std::any_of(outline.claims.begin(), outline.claims.end(),
                     [](const Claim& claim) { return claim.quantity == Quantity::cross_entropy; });
}

// How far the established bounds on the mean loss are apart, and why: what the rules leave open (the noise that worst-case
// reasoning pays for), and at most how much the arithmetic adds.
std::string gap_line(const Run& run) {
  mpq_class gap = 0, open = 0;
  for (const StepResult& step : run.result->steps) {
    gap += exact(step.loss.hi) - exact(step.loss.lo);
    // The lower bound counts from 0 on, as it does in step.loss.
    const mpq_class inner = exact(step.established.upper.lo) - std::max(mpq_class(0), exact(step.established.lower.hi));
    if (inner > 0) open += inner;
  }
  mpz_class inputs;
  mpz_ui_pow_ui(inputs.get_mpz_t(), run.outline->task.vocabulary, run.outline->task.context);
  gap /= inputs;
  open /= inputs;
  const mpq_class rounding = gap - open;
  return "c gap " + decimal(gap, Round::up, 3) + " nats between the bounds on the mean loss: the rules leave open " +
         decimal(gap - rounding, Round::down, 3) + ", rounding adds at most " + decimal(rounding, Round::up, 3) + "\n";
}

std::string verified_lines(const Run& run, bool verbose) {
  const Outline& outline = *run.outline;
  const Result& result = *run.result;
  std::string text;
  if (!run.parts_sha256.empty())
    text += "c joined from " + std::to_string(run.parts_sha256.size()) +
            " parts: that their steps hold was not checked again, it rests on the machines that made them\n";
  for (std::size_t i = 0; i < outline.claims.size(); ++i) {
    const Claim& claim = outline.claims[i];
    text += "c claim " + in_words(claim, outline.task) + "\n";
    text += "c established " + std::string(claim.direction == Direction::upper ? "at most " : "at least ") +
            outward(claim, result.established[i]) + ", slack " +
            decimal(abs(claim.bound - result.established[i]), Round::up, 3) + "\n";
  }
  if (is_about_the_loss(outline)) text += gap_line(run);
  text += "c function " + function_in_words(outline) + "\n";
  text += "c model " + outline.family + " " + outline.model_sha256 + "\n";
  text += "c steps " + std::to_string(outline.steps.size()) + " (" + rules_used(outline) + ")\n";
  mpz_class correct = 0, undecided = 0;
  for (const StepResult& step : result.steps) {
    correct += step.established.correct;
    undecided += step.established.undecided;
  }
  if (outline.states_correct())
    text += "c correct " + correct.get_str() + " inputs, undecided " + undecided.get_str() + "\n";
  text += "c operations";
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    text += " " + std::string(Operations::names[i]) + " " + std::to_string(result.operations.*Operations::kinds[i]);
  text += "\nc length " + std::to_string(result.operations.total()) + "\n";
  text += "c profile gbmi " + std::to_string(result.operations.total() - result.operations.read) + " operations\n";
  if (run.tutorial_operations)
    text += "c profile tutorial " + run.tutorial_operations->get_str() +
            " multiply-adds when evaluated the tutorial's way\n";
  text += "c engine " + std::string(name(run.engine)) + ", " + std::to_string(precision) + " bits";
  if (result.tables_engine != name(run.engine)) text += ", computed by " + result.tables_engine;
  const auto by_reference = std::ranges::count_if(result.steps, &StepResult::by_reference);
  if (by_reference > 0) text += ", " + std::to_string(by_reference) + " steps decided by reference";
  text += "\n";
  if (verbose) {
    for (std::size_t i = 0; i < result.steps.size(); ++i) {
      const StepResult& step = result.steps[i];
      text += "c step " + std::to_string(i) + " loss [" + hexadecimal(step.loss.lo) + ", " + hexadecimal(step.loss.hi) +
              "] correct " + step.established.correct.get_str() + ", slack " +
              short_decimal(abs(outline.steps[i].loss_upper - exact(step.loss.hi)), Round::up, 3) + "\n";
    }
  }
  return text;
}

std::string in_range(std::uint64_t from, std::uint64_t to) {
  return to - from == 1 ? " " + std::to_string(from) : "s " + std::to_string(from) + " to " + std::to_string(to - 1);
}

std::string part_lines(const Run& run) {
  const Part& part = *run.part;
  std::string text = "c part " + std::to_string(part.index) + " of " + std::to_string(part.of);
  if (part.from == part.to)
    text += " has none of the " + std::to_string(part.step_count) + " steps\n";
  else
    text += ": step" + in_range(part.from, part.to) + " of " + std::to_string(part.step_count) + " hold, label" +
            in_range(part.outline.steps.front().from, part.outline.steps.back().to) + "\n";
  if (run.resumed > 0) text += "c resumed " + std::to_string(run.resumed) + " steps were checked by an earlier run\n";
  for (const Claim& claim : part.outline.claims) text += "c open: " + in_words(claim, part.outline.task) + "\n";
  text += "c next: proofmark-verify --join, with " +
          (part.of == 1 ? "this file" : "the files of all " + std::to_string(part.of) + " parts") + "\n";
  text += "c function " + function_in_words(part.outline) + "\n";
  text += "c model " + part.outline.family + " " + part.outline.model_sha256 + "\n";
  return text + "c engine " + std::string(name(part.engine)) + ", " + std::to_string(precision) + " bits\n";
}

// What to try. A reader knows what it expected, not what was meant.
std::string hint(const Failure& failure) {
  const bool number = failure.reason == Reason::json_number || failure.reason == Reason::type_mismatch;
  if (number && failure.pointer.ends_with("/bound")) return "a bound is a string: write \"0.02\" and not 0.02";
  return failure.hint;
}

std::string failure_lines(const Failure& failure, bool utf8) {
  std::string text;
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += "c " + std::string(label) + " " + printable(value, utf8) + "\n";
  };
  line("reason", std::string(code(failure.reason)) + (failure.pointer.empty() ? "" : " at " + failure.pointer));
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
    counts.emplace_back("length", run.result->operations.total());
    operations = std::move(counts);
  }
  Output::Object json = {{"format", "proofmark-receipt"},
                         {"version", std::uint64_t{1}},
                         {"verdict", name(run.verdict)},
                         {"reason", run.failure ? Output(code(run.failure->reason)) : Output()},
                         {"certificate_sha256", unless_empty(run.certificate_sha256)},
                         {"model_sha256", run.outline ? Output(run.outline->model_sha256) : Output()},
                         {"task", run.outline ? task_json(run.outline->task) : Output()},
                         {"claims", std::move(claims)},
                         {"operations", std::move(operations)},
                         {"engine", name(run.engine)},
                         {"precision", std::uint64_t{precision}},
                         {"verifier", Output::Object{{"name", program_name}, {"version", program_version}}}};
  if (!run.parts_sha256.empty())
    json.emplace_back("joined", Output::Array(run.parts_sha256.begin(), run.parts_sha256.end()));
  return Output(std::move(json)).text(2) + "\n";
}

std::string summary(const Run& run, bool verbose, bool utf8) {
  std::string text = "s " + std::string(name(run.verdict)) + "\n";
  if (run.verdict == Verdict::verified || run.verdict == Verdict::joined) return text + verified_lines(run, verbose);
  if (run.verdict == Verdict::partial) return text + part_lines(run);
  if (run.failure) text += failure_lines(*run.failure, utf8);
  return text;
}

} // namespace verifier
