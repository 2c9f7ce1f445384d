// The whole proof: tables, steps, conclusion. This is the only place where a proof becomes "verified".
#pragma once

#include "certificate.hpp"
#include "interval.hpp"
#include "limits.hpp"
#include "operations.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

enum class Engine { exact, reference };
std::string_view name(Engine);

// What a rule establishes for the inputs of some labels.
struct Established {
  // Enclosures of the rule's bounds: the summed loss is at least lower.lo and at most upper.hi. The inner ends say how
  // far the arithmetic could be from the rule's exact bounds. For a rule that is an equality the two are the same; one
  // that bounds the loss from above only has 0 as its lower bound.
  Interval lower, upper;
  mpz_class correct = 0;   // at least so many inputs are classified correctly
  mpz_class undecided = 0; // not shown correct, and not shown wrong
};

struct StepResult {
  Established established;
  Interval loss;             // encloses the summed loss
  Operations operations;     // performed
  bool by_reference = false; // the exact engine's enclosure left the step open
};

struct Options {
  Engine engine = Engine::exact;
  unsigned threads = 1;
  std::uint64_t memory_of_threads = limits::memory_of_threads; // what they may hold together; one always runs
  // Called with the operations so far and in all; any thread; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
  // Called with every step that is shown to hold, as soon as it is, and with whose tables showed it; any thread, one call
  // at a time; may be empty.
  std::function<void(std::size_t step, const StepResult&, std::string_view tables_engine)> held = {};
  // Work ends with Interrupted soon after this becomes true; may be null.
  const std::atomic<bool>* stop = nullptr;
};

struct Interrupted {};

// Operations of one label, charged to the budget that its step declared: work beyond a false declaration is
// not done.
class Meter;

// A family's tables and rules. One prover serves all threads; each thread works through its own Worker.
class LabelProver {
public:
  class Worker {
  public:
    virtual ~Worker() = default;
    // Closes the inputs with these labels, a unit of the rule; `correct` says whether to count them too.
    virtual Established close(const std::string& rule, LabelRange, bool correct, Meter&) = 0;
  };
  virtual ~LabelProver() = default;
  virtual std::unique_ptr<Worker> worker() const = 0;
  // So many bytes, or less, does a worker hold for the rules of the steps (docs/limits.md).
  virtual std::uint64_t worker_bytes() const = 0;
  // The parts of a step that its rule closes one by one, in order: single labels for most rules.
  virtual std::vector<LabelRange> units(const Step&) const = 0;
  // Which engine's tables these are: "exact" may have fallen back.
  virtual std::string_view engine() const = 0;
};

// Of steps that hold, in order.
struct StepResults {
  std::vector<StepResult> steps;
  // "reference" when the exact engine could not represent the weights.
  std::string tables_engine;
};

// Of a proof that holds.
struct Result : StepResults {
  Operations operations; // performed
  // For each claim: the bound that the verifier's own enclosures establish.
  std::vector<mpq_class> established;
};

// Each of these returns if and only if what it checks holds; otherwise it throws the Failure of the first check that did
// not pass.

// The whole proof.
Result check(const Certificate&, const Options&);

// Its parts. The declared steps imply the claims, and the declared counts add up.
void check_outline(const Outline&);
// The declared counts add up to the declared length, and so no step declares more than limits::length.
void check_length(const Outline&);
// The declared count of the tables.
void check_tables_count(const Certificate&);
// The chosen steps, and the count of the tables.
StepResults check_steps(const Certificate&, const std::vector<std::size_t>& chosen, const Options&);
// What an outline that was checked, and all of its steps, establish.
Result conclude(const Outline&, StepResults);

// The declared operations are the performed ones, the verifier's enclosure lies inside the declared one, and its count
// of correct inputs is at least the declared one. Returns whether that holds. What the enclosures refute is a failure;
// what they leave open, because the declaration might be true although they do not show it, is a failure too unless
// `may_stay_open`.
[[nodiscard]] bool step_holds(const Step&, const StepResult&, bool may_stay_open);

} // namespace verifier
