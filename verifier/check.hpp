// The whole proof: tables, steps, conclusion. This is the only place where a proof becomes "verified".
#pragma once

#include "certificate.hpp"
#include "interval.hpp"
#include "operations.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace verifier {

enum class Engine { exact, reference };
std::string_view name(Engine);

struct Options {
  Engine engine = Engine::exact;
  unsigned threads = 1;
  std::function<void(std::uint64_t done, std::uint64_t total)>
      progress; // operations so far and in all; any thread; may be empty
};

// Operations of one label, charged to the budget that its step declared: work beyond a false declaration is
// not done.
class Meter;

// What a rule establishes for the inputs of some labels.
struct Established {
  // Enclosures of the rule's bounds: the summed loss is at least lower.lo and at most upper.hi. The inner ends say how
  // far the arithmetic could be from the rule's exact bounds. For a rule that is an equality the two are the same; one
  // that bounds the loss from above only has 0 as its lower bound.
  Interval lower, upper;
  mpz_class correct = 0;   // at least so many inputs are classified correctly
  mpz_class undecided = 0; // not shown correct, and not shown wrong
};

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
  // The parts of a step that its rule closes one by one, in order: single labels for most rules.
  virtual std::vector<LabelRange> units(const Step&) const = 0;
  // Which engine's tables these are: "exact" may have fallen back.
  virtual std::string_view engine() const = 0;
};

struct StepResult {
  Established established;
  Interval loss;         // encloses the summed loss
  Operations operations; // performed
};

struct Result {
  std::vector<StepResult> steps;
  Operations operations; // performed, of the whole proof
  // For each claim: the bound that the verifier's own enclosures establish.
  std::vector<mpq_class> established;
  // "reference" when the exact engine could not represent the weights.
  std::string tables_engine;
  // Steps whose declaration was too narrow for the exact engine to decide.
  std::size_t decided_by_reference = 0;
};

// Returns if and only if every check passed; otherwise throws the Failure of the first one that did not.
Result check(const Certificate&, const Options&);

} // namespace verifier
