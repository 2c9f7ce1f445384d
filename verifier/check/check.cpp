#include "check/check.hpp"

#include "counts.hpp"
#include "family.hpp"
#include "meter.hpp"
#include "reading/number.hpp"
#include "parallel.hpp"
#include "reading/reason.hpp"

#include <mutex>
#include <numeric>

namespace verifier {
namespace {

mpz_class inputs(const Task& task) {
  return power(task.vocabulary, task.context);
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
Operations require_claims_implied(const Outline& outline) {
  Operations operations;
  mpq_class lower = 0, upper = 0;
  mpz_class correct = 0;
  for (const Step& step : outline.steps) {
    lower += step.loss_lower;
    upper += step.loss_upper;
    operations.add += 2;
    operations.compare += 2; // its ends with the verifier's, in require_step
    if (step.correct) {
      correct += *step.correct;
      operations.add += 1;
      operations.compare += 1;
    }
  }
  const mpq_class all(inputs(outline.task));
  for (std::size_t i = 0; i < outline.claims.size(); ++i) {
    const Claim& claim = outline.claims[i];
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
                        short_decimal(mean, is_upper ? Round::up : Round::down, bound_digits),
                    claim.text, short_decimal(abs(mean - claim.bound), Round::down, 3));
    failure.hint = "the declared steps support only the expected bound; claim that, or prove the steps more tightly";
    throw failure;
  }
  return operations;
}

// One step, cut into the units that its rule closes one by one.
struct Work {
  struct Unit {
    LabelRange labels;
    Established established;
    Operations operations;
  };
  std::vector<Unit> units;
  Budget budget;
  std::atomic<bool> over_budget = false;
  std::atomic<std::size_t> open; // units
};

// The units' results together; the same for any order in which they were closed.
StepResult summed(const Work& work) {
  StepResult result;
  for (const Work::Unit& unit : work.units) {
    add(result.established.lower, unit.established.lower); // charged by the rule
    add(result.established.upper, unit.established.upper);
    result.established.correct += unit.established.correct;
    result.established.undecided += unit.established.undecided;
    result.operations += unit.operations;
  }
  result.loss = {result.established.lower.lo, result.established.upper.hi};
  raise_lower_to_zero(result.loss); // no loss is negative
  return result;
}

// As many threads as were asked for, if their memory allows it.
unsigned affordable_threads(const LabelProver& prover, const Options& options) {
  const std::uint64_t affordable = std::max<std::uint64_t>(1, options.memory_of_threads / prover.worker_bytes());
  return static_cast<unsigned>(std::min<std::uint64_t>(affordable, options.threads));
}

// The chosen steps, every unit on its own, the largest labels first, since the work of a label grows with it.
// `closed` is called with the position in `chosen` and the result of each step that kept its budget, one call at a time.
std::vector<StepResult> close_steps(const Certificate& certificate, const std::vector<std::size_t>& chosen,
                                    const LabelProver& prover, const Options& options,
                                    const std::function<void(std::size_t, const StepResult&)>& closed) {
  std::vector<Work> works(chosen.size());
  std::vector<std::pair<std::size_t, std::size_t>> order; // step in `chosen`, unit
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const Step& step = certificate.steps[chosen[i]];
    total = Operations::sum(total, works[i].budget.declared = step.operations.total());
    for (const LabelRange labels : prover.units(step)) {
      order.emplace_back(i, works[i].units.size());
      works[i].units.push_back({.labels = labels, .established = Established(), .operations = {}});
    }
    works[i].open = works[i].units.size();
  }
  std::vector<StepResult> results(chosen.size());
  std::mutex telling; // progress and results, to whoever asked
  std::uint64_t done = 0;
  for_each_index(order.size(), affordable_threads(prover, options), [&] {
    return [&, worker = prover.worker()](std::size_t turn) {
      if (options.stop != nullptr && *options.stop) throw Interrupted{};
      const auto [i, number] = order[order.size() - 1 - turn];
      Work& work = works[i];
      Work::Unit& unit = work.units[number];
      if (work.over_budget) return;
      Meter meter(work.budget);
      try {
        unit.established =
            worker->close(certificate.steps[chosen[i]].rule, unit.labels, certificate.states_correct(), meter);
        meter.checkpoint();
      } catch (const BudgetExceeded&) {
        // The other steps go on: which failure is reported must not depend on scheduling.
        work.over_budget = true;
        return;
      }
      unit.operations = meter.operations;
      const bool last = --work.open == 0;
      if (last) results[i] = summed(work);
      const std::lock_guard lock(telling);
      if (options.progress) options.progress(done += meter.operations.total(), total);
      if (last) closed(i, results[i]);
    };
  });
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (works[i].over_budget)
      fail_in_step(certificate.steps[chosen[i]],
                   {Reason::operations_mismatch, at_step(chosen[i]) + "/operations",
                    "a longer computation than declared", std::to_string(works[i].budget.declared)});
  return results;
}

std::vector<mpq_class> established_bounds(const Outline& outline, const std::vector<StepResult>& steps) {
  mpq_class lower = 0, upper = 0;
  mpz_class correct = 0;
  for (const StepResult& step : steps) {
    lower += exact(step.loss.lo);
    upper += exact(step.loss.hi);
    correct += step.established.correct;
  }
  const mpq_class all(inputs(outline.task));
  std::vector<mpq_class> bounds;
  for (const Claim& claim : outline.claims) {
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

bool step_holds(const Step& step, const StepResult& result, bool may_stay_open) {
  const std::string place = at_step(step.id);
  bool holds = true;
  const auto require_shown = [&](bool shown, bool possible, auto&& failure) { // a failure is words: made when needed
    if (shown) return;
    if (!possible || !may_stay_open) fail_in_step(step, failure());
    holds = false;
  };
  try {
    require_counts(step.operations, result.operations, place + "/operations");
  } catch (const Failure& failure) {
    fail_in_step(step, failure);
  }
  const mpq_class lower = exact(result.loss.lo), upper = exact(result.loss.hi);
  require_shown(step.loss_lower <= lower, step.loss_lower <= exact(result.established.lower.hi), [&] {
    return Failure(Reason::loss_lower, place + "/loss/0", "at most " + hexadecimal(result.loss.lo),
                   short_decimal(step.loss_lower, Round::down, bound_digits),
                   short_decimal(abs(step.loss_lower - lower), Round::down, 3));
  });
  require_shown(upper <= step.loss_upper, exact(result.established.upper.lo) <= step.loss_upper, [&] {
    return Failure(Reason::loss_upper, place + "/loss/1", "at least " + hexadecimal(result.loss.hi),
                   short_decimal(step.loss_upper, Round::down, bound_digits),
                   short_decimal(abs(upper - step.loss_upper), Round::down, 3));
  });
  if (step.correct) {
    const mpz_class &declared = *step.correct, &counted = result.established.correct;
    require_shown(declared <= counted, declared <= counted + result.established.undecided, [&] {
      return Failure(Reason::correct_count, place + "/correct", "at most " + counted.get_str(), declared.get_str());
    });
  }
  return holds;
}

void check_outline(const Outline& outline) {
  require_counts(outline.conclusion, require_claims_implied(outline), "/operations/conclusion");
  check_length(outline);
}

void check_length(const Outline& outline) {
  Operations declared_steps;
  for (const Step& step : outline.steps) declared_steps += step.operations;
  require_counts(outline.steps_total, declared_steps, "/operations/steps");
  Operations all = declared_steps;
  all += outline.tables;
  all += outline.conclusion;
  const std::uint64_t length = all.total(); // no more than the limit, as outline.length is
  require(outline.length == length, Reason::operations_mismatch, "/operations/length", std::to_string(length),
          std::to_string(outline.length));
}

void check_tables_count(const Certificate& certificate) {
  require_counts(certificate.tables, tables_operations(certificate), "/operations/tables");
}

// Steps that the exact engine's enclosures leave open are decided by the reference engine's, so that both accept the same
// certificates.
StepResults check_steps(const Certificate& certificate, const std::vector<std::size_t>& chosen,
                        const Options& options) {
  start_rounding_on_this_thread();
  check_tables_count(certificate);
  const auto step = [&](std::size_t i) -> const Step& { return certificate.steps[chosen[i]]; };
  const auto prover = make_prover(certificate, options);
  StepResults results;
  results.tables_engine = prover->engine();
  const bool may_ask_reference = results.tables_engine == name(Engine::exact);
  results.steps = close_steps(certificate, chosen, *prover, options, [&](std::size_t i, const StepResult& result) {
    if (!options.held) return;
    try {
      if (!step_holds(step(i), result, may_ask_reference)) return;
    } catch (const Failure&) {
      return; // told below, when it is known which failure is the first
    }
    options.held(chosen[i], result, results.tables_engine);
  });
  std::vector<std::size_t> open; // positions in `chosen`
  std::vector<std::size_t> open_steps;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (step_holds(step(i), results.steps[i], may_ask_reference)) continue;
    open.push_back(i);
    open_steps.push_back(chosen[i]);
  }
  if (!open.empty()) {
    Options reference = options;
    reference.engine = Engine::reference; // a second look, which is not part of the proof's length
    std::vector<StepResult> again = close_steps(certificate, open_steps, *make_prover(certificate, reference),
                                                reference, [](std::size_t, const StepResult&) {});
    for (std::size_t i = 0; i < open.size(); ++i) {
      again[i].by_reference = true;
      const bool holds = step_holds(step(open[i]), again[i], false);
      require(holds, Reason::internal, at_step(open_steps[i]), "a step that holds or fails", "neither");
      if (options.held) options.held(open_steps[i], again[i], results.tables_engine);
      results.steps[open[i]] = std::move(again[i]);
    }
  }
  require(rounding_was_clean_on_this_thread(), Reason::internal, "", "exact exceptions only",
          "an MPFR flag was raised");
  return results;
}

Result conclude(const Outline& outline, StepResults steps) {
  std::vector<mpq_class> established = established_bounds(outline, steps.steps);
  Result result{std::move(steps), outline.tables, std::move(established)};
  for (const StepResult& step : result.steps) result.operations += step.operations;
  result.operations += outline.conclusion;
  return result;
}

Result check(const Certificate& certificate, const Options& options) {
  check_outline(certificate);
  std::vector<std::size_t> all(certificate.steps.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return conclude(certificate, check_steps(certificate, all, options));
}

} // namespace verifier
