// The steps of a proof: tables once, then every step cut into units, on threads, each step within its budget.
//
// What the fast engine's enclosures leave open is decided by the reference engine, so that both accept the same certificates: a few
// inputs by themselves, or the step.
#include "check/open_inputs.hpp"
#include "check/problem.hpp"
#include "check/ready.hpp"
#include "kernel/parallel.hpp"
#include "reading/limits.hpp"
#include "reading/reason.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

namespace verifier {
namespace {

using kernel::Budget;
using kernel::Kernel;
using kernel::Meter;

struct Tables {
  Problem problem;
  kernel::Performed performed;
};

[[noreturn]] void fail_for_memory(const std::string& place) {
  fail(reason::limit_memory, place, "tensors that this verifier holds", "more elements at a time");
}
[[noreturn]] void fail_for_range(const std::string& place, const Architecture& model) {
  Failure failure(reason::limit_logit_range, place, "numbers that the reference engine encloses", "numbers beyond");
  if (has_norm_without_eps(model)) failure.hint = "a norm with eps 0 reads a row that may be constant";
  throw failure;
}

// Elements that may be alive: limits are of the fast engine's.
std::uint64_t most_elements(std::uint64_t limit, const kernel::Engine& engine) {
  return limit * bytes_of_element(kernel::fast()) / bytes_of_element(engine);
}

// OutOfRange is left to the caller.
Tables make_tables(const Certificate& certificate, const Ready& ready, const kernel::Engine& engine,
                   const Options& options) {
  Budget budget(certificate.tables, options.stop);
  Meter meter(budget, most_elements(limits::elements_of_tables, engine));
  Kernel k{engine, meter};
  try {
    const unsigned threads = threads_for_tables(certificate, engine, options.threads);
    Problem problem = prepare(k, certificate, ready.rules, ready.witnesses, threads);
    return {std::move(problem), meter.performed()};
  } catch (const kernel::OverBudget&) {
    fail(reason::operations_budget, "/tables/operations", "a larger budget: the tables take more operations",
         std::to_string(certificate.tables));
  } catch (const kernel::OverMemory&) {
    fail_for_memory("/tables");
  }
}

// What a rule says of a step's inputs, of all that its program left in the result.
Established established(const Outline& outline, const Rule& rule, const rules::Result& result,
                        const mpz_class& inputs) {
  Established found{};
  found.correct_at_most = inputs;
  if (rule.loss_from_below) found.at_least = result.at_least;
  if (rule.loss_from_above) found.at_most = result.at_most;
  if (!outline.states_correct() && !outline.states_margin()) return found;
  found.correct_at_least = result.correct_at_least;
  if (rule.exact) {
    found.correct_at_most = result.correct_at_most;
    found.margin = result.margin;
  }
  require(0 <= found.correct_at_least && found.correct_at_least <= found.correct_at_most &&
              found.correct_at_most <= inputs,
          reason::internal, "", "correct inputs among all", found.correct_at_least.get_str());
  return found;
}

// One step, cut into the units that its rule closes one by one.
struct Work {
  Work(const Step& step, const Rule& rule, const Problem& problem, const std::atomic<bool>* stop)
      : step(step), rule(rule), units(verifier::units(rule, step, problem)), budget(step.operations, stop),
        left(units.size()) {}

  const Step& step;
  const Rule& rule;
  const std::vector<Unit> units;
  Budget budget;
  std::atomic<bool> over_budget = false, over_memory = false, out_of_range = false;

  std::mutex mutex; // of what follows
  std::size_t left; // units
  rules::Result result;
  kernel::Performed performed{};
  std::map<std::size_t, Failure> failures; // of units: an input that has no label

  bool is_closed() const { return left == 0 && failures.empty() && !over_budget && !over_memory && !out_of_range; }
};

// A unit of a step. Returns what it performed, and whether it was the last. Failures are only noted: which one is reported must not
// depend on scheduling.
std::pair<kernel::Performed, bool> close_unit(Work& work, std::size_t number, const kernel::Engine& engine,
                                              const Problem& problem, const Certificate& certificate) {
  Meter meter(work.budget, most_elements(limits::elements_of_unit, engine));
  rules::Result result;
  std::optional<Failure> failure;
  if (!work.over_budget) try {
      Kernel k{engine, meter};
      result = close(work.rule, k, problem, certificate, work.step, work.units[number]);
    } catch (const Failure& thrown) {
      failure = thrown;
    } catch (const kernel::OverBudget&) {
      work.over_budget = true;
    } catch (const kernel::OverMemory&) {
      work.over_memory = true;
    } catch (const kernel::OutOfRange&) {
      work.out_of_range = true;
    }
  const std::lock_guard lock(work.mutex);
  work.result.add(result); // exact sums and minima: in any order
  add(work.performed, meter.performed());
  if (failure) work.failures.emplace(number, *failure);
  return {meter.performed(), --work.left == 0};
}

// The steps of a certificate that one engine is to close, on one problem.
class Steps {
public:
  Steps(const Certificate& certificate, const Ready& ready, std::vector<std::size_t> chosen, const Problem& problem,
        const kernel::Engine& engine, const Options& options)
      : certificate_(certificate), chosen_(std::move(chosen)), problem_(problem), engine_(engine), options_(options) {
    for (const std::size_t i : chosen_)
      works_.push_back(std::make_unique<Work>(certificate.steps[i], *ready.rules[i], problem, options.stop));
  }

  // Every unit by itself, the largest labels first, since the work of a label grows with it. `closed` is called with the place in
  // `chosen` of each step that was closed, one call at a time.
  void close(const std::function<void(std::size_t)>& closed) {
    std::vector<std::pair<std::size_t, std::size_t>> order; // place in `chosen`, unit
    std::uint64_t total = 0, done = 0;
    for (std::size_t i = 0; i < works_.size(); ++i) {
      total += step(i).operations;
      for (std::size_t unit = 0; unit < works_[i]->units.size(); ++unit) order.emplace_back(i, unit);
    }
    std::mutex telling;
    kernel::in_parallel(order.size(), threads_for_units(problem_, engine_, options_.threads), [&](std::size_t turn) {
      if (options_.stop != nullptr && *options_.stop) throw Interrupted();
      const auto [i, unit] = order[order.size() - 1 - turn];
      Work& work = *works_[i];
      const auto [performed, last] = close_unit(work, unit, engine_, problem_, certificate_);
      const std::lock_guard lock(telling);
      done += sum(performed);
      if (last) done += step(i).operations - sum(work.performed); // what the step leaves of its budget
      if (options_.progress) options_.progress(done, total);
      if (last && work.is_closed()) closed(i);
    });
  }

  const Step& step(std::size_t i) const { return certificate_.steps[chosen_[i]]; }
  const Work& work(std::size_t i) const { return *works_[i]; }
  mpz_class inputs(std::size_t i) const { return inputs_of(certificate_, step(i)); }
  StepResult result(std::size_t i) const { // of a step that was closed
    return {established(certificate_, work(i).rule, work(i).result, inputs(i)), work(i).performed,
            &engine_ == &kernel::reference() && options_.engine == Engine::fast};
  }
  // The same after the reference engine has decided the inputs that stay open; nothing if these are too many.
  std::optional<StepResult> decided(std::size_t i, const std::function<const Problem&()>& by_reference) const {
    if (&engine_ == &kernel::reference() || !has_few_open_inputs(work(i).result)) return std::nullopt;
    const auto found =
        with_open_inputs_decided(work(i).result, work(i).rule, by_reference(), certificate_, step(i), options_);
    if (!found) return std::nullopt;
    return StepResult{established(certificate_, work(i).rule, *found, inputs(i)), work(i).performed, true};
  }

  // Whether the step was closed; false if it met numbers beyond the engine's range. Fails where it took more than it may.
  bool was_closed(std::size_t i) const {
    const std::string place = "/steps/" + std::to_string(step(i).id);
    try {
      require(!work(i).over_budget, reason::operations_budget, place + "/operations",
              "a larger budget: the step takes more operations", std::to_string(step(i).operations));
      if (work(i).over_memory) fail_for_memory(place);
      if (!work(i).failures.empty()) throw Failure(work(i).failures.begin()->second);
      if (work(i).out_of_range && &engine_ == &kernel::reference()) fail_for_range(place, certificate_.architecture);
    } catch (Failure& failure) {
      failure.rule = step(i).rule;
      throw;
    }
    return work(i).is_closed();
  }

private:
  const Certificate& certificate_;
  const std::vector<std::size_t> chosen_;
  const Problem& problem_;
  const kernel::Engine& engine_;
  const Options& options_;
  std::vector<std::unique_ptr<Work>> works_;
};

} // namespace

StepResults check_steps(const Certificate& certificate, const Ready& ready, const std::vector<std::size_t>& chosen,
                        const Options& options) {
  if (options.threads > 1 && !kernel::has_storage_by_thread()) {
    Failure failure(reason::internal, "", "MPFR with thread-local storage", "MPFR built without");
    failure.hint = "--threads 1 does without";
    throw failure;
  }
  require(options.engine == Engine::reference || kernel::doubles_are_as_assumed(), reason::internal, "",
          "doubles that are rounded to nearest", "others");
  const kernel::ExponentRange exponents;
  StepResults results;
  results.steps.resize(chosen.size());

  std::optional<Tables> reference_tables; // for single inputs
  const auto by_reference = [&]() -> const Problem& {
    if (!reference_tables) reference_tables = make_tables(certificate, ready, kernel::reference(), options);
    return reference_tables->problem;
  };

  // Of these places in `chosen`, those that the engine leaves open: the reference engine none.
  const auto look = [&](const std::vector<std::size_t>& places, const kernel::Engine& engine, const Options& how) {
    const bool may_stay_open = &engine == &kernel::fast();
    const Tables tables = make_tables(certificate, ready, engine, how);
    results.tables = tables.performed;
    std::vector<std::size_t> some, open;
    for (const std::size_t place : places) some.push_back(chosen[place]);
    Steps steps(certificate, ready, some, tables.problem, engine, how);
    steps.close([&](std::size_t i) {
      if (!options.held) return;
      const StepResult result = steps.result(i);
      try {
        if (!step_holds(steps.step(i), steps.inputs(i), result, may_stay_open)) return;
      } catch (const Failure&) {
        return; // told below, when it is known which failure is the first
      }
      options.held(some[i], result, tables.performed);
    });
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!steps.was_closed(i)) {
        open.push_back(places[i]);
        continue;
      }
      StepResult& result = results.steps[places[i]] = steps.result(i);
      const auto holds = [&] { return step_holds(steps.step(i), steps.inputs(i), result, may_stay_open); };
      if (holds()) continue;
      if (const auto decided = steps.decided(i, by_reference)) {
        result = *decided;
        if (holds()) {
          if (options.held) options.held(some[i], result, tables.performed);
          continue;
        }
      }
      open.push_back(places[i]);
    }
    return open;
  };

  std::vector<std::size_t> open(chosen.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  Options second = options;
  if (options.engine == Engine::fast && !open.empty()) { // no steps need no tables
    try {
      open = look(open, kernel::fast(), options);
      second.progress = {};               // a second look is no part of the proof's length
    } catch (const kernel::OutOfRange&) { // of the tables: all of it is the reference engine's
    }
  }
  try {
    if (!open.empty()) open = look(open, kernel::reference(), second);
  } catch (const kernel::OutOfRange&) {
    fail_for_range("/model", certificate.architecture);
  }
  require(open.empty(), reason::internal, "", "steps that hold or fail", "neither");
  return results;
}

} // namespace verifier
