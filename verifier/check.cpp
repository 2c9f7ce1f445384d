#include "check.hpp"

#include "family.hpp"
#include "meter.hpp"
#include "number.hpp"
#include "parallel.hpp"
#include "reason.hpp"

#include <mutex>
#include <numeric>

namespace verifier {
namespace {

mpz_class inputs(const Task& task) {
  mpz_class count;
  mpz_ui_pow_ui(count.get_mpz_t(), task.vocabulary, task.context);
  return count;
}

std::string at_step(std::size_t i) {
  return "/steps/" + std::to_string(i);
}

[[noreturn]] void fail_in_step(const Step& step, Failure failure) {
  failure.rule = step.rule;
  throw failure;
}

void require_counts(const Operations& declared, const Operations& performed, const std::string& pointer) {
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i) {
    const auto kind = Operations::kinds[i];
    require(declared.*kind == performed.*kind, Reason::operations_mismatch,
            pointer + "/" + std::string(Operations::names[i]), std::to_string(performed.*kind),
            std::to_string(declared.*kind));
  }
}

// Adds the declared ends and counts and compares them with the claims, all in exact rational arithmetic.
Operations conclude(const Certificate& certificate) {
  Operations operations;
  mpq_class lower = 0, upper = 0;
  mpz_class correct = 0;
  for (const Step& step : certificate.steps) {
    lower += step.loss_lower;
    upper += step.loss_upper;
    operations.add += 2;
    operations.compare += 2; // its ends with the verifier's, in require_step
    if (step.correct) {
      correct += mpz_class(std::to_string(*step.correct));
      operations.add += 1;
      operations.compare += 1;
    }
  }
  const mpq_class all(inputs(certificate.task));
  for (std::size_t i = 0; i < certificate.claims.size(); ++i) {
    const Claim& claim = certificate.claims[i];
    const mpq_class scaled = claim.bound * all;
    operations.mul += 1;
    operations.compare += 1;
    const bool is_accuracy = claim.quantity == Quantity::accuracy, is_upper = claim.direction == Direction::upper;
    const mpq_class supported = (is_accuracy ? mpq_class(correct) : is_upper ? upper : lower);
    const bool implied = is_upper ? supported <= scaled : supported >= scaled;
    if (implied) continue;
    const mpq_class mean = supported / all;
    Failure failure(Reason::claim_not_implied, "/claims/" + std::to_string(i) + "/bound",
                    std::string(is_upper ? "at least " : "at most ") +
                        decimal(mean, is_upper ? Round::up : Round::down, bound_digits),
                    claim.text, decimal(abs(mean - claim.bound), Round::down, 3));
    failure.hint = "the declared steps support only the expected bound; claim that, or prove the steps more tightly";
    throw failure;
  }
  return operations;
}

// The declared operations are the performed ones, the verifier's enclosure lies inside the declared one, and
// its count of correct inputs is at least the declared one. Returns whether that holds. What the enclosures
// refute is a failure; what they leave open, because the declaration might be true although they do not show
// it, is a failure too unless `may_stay_open`.
[[nodiscard]] bool step_holds(const Step& step, const StepResult& result, std::size_t index, bool may_stay_open) {
  bool holds = true;
  const auto require_shown = [&](bool shown, bool possible, const Failure& failure) {
    if (shown) return;
    if (!possible || !may_stay_open) fail_in_step(step, failure);
    holds = false;
  };
  try {
    require_counts(step.operations, result.operations, at_step(index) + "/operations");
  } catch (const Failure& failure) {
    fail_in_step(step, failure);
  }
  const mpq_class lower = exact(result.loss.lo), upper = exact(result.loss.hi);
  require_shown(step.loss_lower <= lower, step.loss_lower <= exact(result.established.lower.hi),
                {Reason::loss_lower, at_step(index) + "/loss/0", "at most " + hexadecimal(result.loss.lo),
                 decimal(step.loss_lower, Round::down, bound_digits),
                 decimal(abs(step.loss_lower - lower), Round::down, 3)});
  require_shown(upper <= step.loss_upper, exact(result.established.upper.lo) <= step.loss_upper,
                {Reason::loss_upper, at_step(index) + "/loss/1", "at least " + hexadecimal(result.loss.hi),
                 decimal(step.loss_upper, Round::down, bound_digits),
                 decimal(abs(upper - step.loss_upper), Round::down, 3)});
  if (step.correct) {
    const mpz_class declared(std::to_string(*step.correct)), &counted = result.established.correct;
    require_shown(
        declared <= counted, declared <= counted + result.established.undecided,
        {Reason::correct_count, at_step(index) + "/correct", "at most " + counted.get_str(), declared.get_str()});
  }
  return holds;
}

// The chosen steps, every unit on its own, the largest labels first, since the work of a label grows with it.
std::vector<StepResult> close_steps(const Certificate& certificate, const std::vector<std::size_t>& chosen,
                                    const LabelProver& prover, const Options& options) {
  struct Unit {
    LabelRange labels;
    std::size_t step; // in `chosen`
    Established established;
    Operations operations;
  };
  std::vector<Unit> units;
  std::vector<Budget> budgets(chosen.size());
  std::vector<std::atomic<bool>> over_budget(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const Step& step = certificate.steps[chosen[i]];
    budgets[i].declared = step.operations.total();
    for (const LabelRange labels : prover.units(step))
      units.push_back({.labels = labels, .step = i, .established = Established(), .operations = {}});
  }
  std::mutex progress_mutex;
  std::uint64_t done = 0;
  for_each_index(units.size(), options.threads, [&] {
    return [&, worker = prover.worker()](std::size_t i) {
      Unit& unit = units[units.size() - 1 - i];
      if (over_budget[unit.step]) return;
      Meter meter(budgets[unit.step]);
      try {
        unit.established =
            worker->close(certificate.steps[chosen[unit.step]].rule, unit.labels, certificate.states_correct(), meter);
        meter.checkpoint();
      } catch (const BudgetExceeded&) {
        // The other steps go on: which failure is reported must not depend on scheduling.
        over_budget[unit.step] = true;
      }
      unit.operations = meter.operations;
      if (options.progress) {
        const std::lock_guard lock(progress_mutex);
        options.progress(done += meter.operations.total(), certificate.steps_total.total());
      }
    };
  });

  std::vector<StepResult> results(chosen.size());
  for (const Unit& unit : units) {
    StepResult& result = results[unit.step];
    add(result.established.lower, unit.established.lower); // charged by the rule
    add(result.established.upper, unit.established.upper);
    result.established.correct += unit.established.correct;
    result.established.undecided += unit.established.undecided;
    result.operations += unit.operations;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    results[i].loss = {results[i].established.lower.lo, results[i].established.upper.hi};
    raise_lower_to_zero(results[i].loss); // no loss is negative
    if (over_budget[i])
      fail_in_step(certificate.steps[chosen[i]],
                   {Reason::operations_mismatch, at_step(chosen[i]) + "/operations",
                    "a longer computation than declared", std::to_string(budgets[i].declared)});
  }
  return results;
}

// Steps that the exact engine's enclosures leave open are decided by the reference engine's, so that both
// accept the same certificates.
std::vector<StepResult> require_steps(const Certificate& certificate, const LabelProver& prover, const Options& options,
                                      std::size_t& by_reference) {
  std::vector<std::size_t> all(certificate.steps.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<StepResult> results = close_steps(certificate, all, prover, options);
  const bool may_ask_reference = prover.engine() == name(Engine::exact);
  std::vector<std::size_t> open;
  for (const std::size_t i : all)
    if (!step_holds(certificate.steps[i], results[i], i, may_ask_reference)) open.push_back(i);
  by_reference = open.size();
  if (open.empty()) return results;
  Options reference = options;
  reference.engine = Engine::reference; // a second look, which is not part of the proof's length
  const std::vector<StepResult> again = close_steps(certificate, open, *make_prover(certificate, reference), reference);
  for (std::size_t i = 0; i < open.size(); ++i) {
    const bool holds = step_holds(certificate.steps[open[i]], again[i], open[i], false);
    require(holds, Reason::internal, at_step(open[i]), "a step that holds or fails", "neither");
    results[open[i]] = again[i];
  }
  return results;
}

std::vector<mpq_class> established_bounds(const Certificate& certificate, const std::vector<StepResult>& steps) {
  mpq_class lower = 0, upper = 0;
  mpz_class correct = 0;
  for (const StepResult& step : steps) {
    lower += exact(step.loss.lo);
    upper += exact(step.loss.hi);
    correct += step.established.correct;
  }
  const mpq_class all(inputs(certificate.task));
  std::vector<mpq_class> bounds;
  for (const Claim& claim : certificate.claims) {
    const bool is_upper = claim.direction == Direction::upper;
    const mpq_class total = claim.quantity == Quantity::accuracy ? mpq_class(correct) : is_upper ? upper : lower;
    bounds.push_back(total / all);
  }
  return bounds;
}

} // namespace

std::string_view name(Engine engine) {
  return engine == Engine::exact ? "exact" : "reference";
}

Result check(const Certificate& certificate, const Options& options) {
  start_rounding_on_this_thread();
  Result result;
  const Operations conclusion = conclude(certificate);
  require_counts(certificate.conclusion, conclusion, "/operations/conclusion");
  Operations declared_steps;
  for (const Step& step : certificate.steps) declared_steps += step.operations;
  require_counts(certificate.steps_total, declared_steps, "/operations/steps");
  const std::uint64_t length = certificate.tables.total() + declared_steps.total() + certificate.conclusion.total();
  require(certificate.length == length, Reason::operations_mismatch, "/operations/length", std::to_string(length),
          std::to_string(certificate.length));

  const Operations tables = tables_operations(certificate);
  require_counts(certificate.tables, tables, "/operations/tables");
  const auto prover = make_prover(certificate, options);
  result.tables_engine = prover->engine();
  result.steps = require_steps(certificate, *prover, options, result.decided_by_reference);
  result.operations = tables;
  for (const StepResult& step : result.steps) result.operations += step.operations;
  result.operations += conclusion;
  result.established = established_bounds(certificate, result.steps);
  require(rounding_was_clean_on_this_thread(), Reason::internal, "", "exact exceptions only",
          "an MPFR flag was raised");
  return result;
}

} // namespace verifier
