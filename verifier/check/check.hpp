// The whole proof: tables, steps, conclusion. This is the only place where a proof becomes "verified".
#pragma once

#include "kernel/meter.hpp"
#include "kernel/total.hpp"
#include "reading/certificate.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

enum class Engine { fast, reference };
std::string_view name(Engine);

mpq_class in_nats(const kernel::Integer& steps); // of 2^-60

// What a rule found out about some inputs. Sums and minima are in steps of 2^-60, with ends that are rounded outward.
struct Established {
  // Enclosures of the rule's bounds of the summed loss: it is at least at_least.lower, and at most at_most->upper. Nothing from
  // below is 0, no bound from above is none.
  kernel::Total at_least;
  std::optional<kernel::Total> at_most;
  kernel::Integer correct_at_least, correct_at_most; // nothing from above: all inputs
  // Of the least margin. None: the rule does not bound it. Without ends: there is no input.
  std::optional<kernel::Least> margin;

  // In nats: what the sum of the loss lies between, and no loss is below 0.
  mpq_class loss_lower() const;
  std::optional<mpq_class> loss_upper() const;
};

// What the rule of a step established, and what that took.
struct StepResult {
  Established established;
  kernel::Performed operations{};
  bool by_reference = false; // the fast engine's enclosures left the step open
};

struct Options {
  Engine engine = Engine::fast;
  unsigned threads = 1;
  // Called with what a certificate states, once it is read and before it is checked; may be empty.
  std::function<void(const Outline&)> understood = {};
  // Called with the operations so far and in all, by budgets; any thread, one call at a time; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
  // Called with every step that is shown to hold, as soon as it is, and with what the tables took; any thread, one call at a
  // time; may be empty.
  std::function<void(std::size_t step, const StepResult&, const kernel::Performed& tables)> held = {};
  // Work ends with Interrupted soon after this becomes true, within a step too; may be null.
  const std::atomic<bool>* stop = nullptr;
};

using kernel::Interrupted;

// Of steps that hold, in order.
struct StepResults {
  std::vector<StepResult> steps;
  kernel::Performed tables{}; // performed
};

// Of a proof that holds.
struct Result : StepResults {
  kernel::Performed operations{}; // performed: tables, steps, conclusion
  // For each claim: the bound that the verifier's own enclosures establish; a length's is what was performed.
  std::vector<mpq_class> established;
};

// Each of these returns if and only if what it checks holds; otherwise it throws the Failure of the first check that did
// not pass.

// The whole proof.
Result check(const Certificate&, const Options&);

// Its parts. The declared steps imply the claims.
void check_outline(const Outline&);
// The rules are known, can close these steps of such a model and task, and the witnesses are those that they take.
void check_rules(const Certificate&);
// The chosen steps.
StepResults check_steps(const Certificate&, const std::vector<std::size_t>& chosen, const Options&);
// What an outline that was checked, and all of its steps, establish.
Result conclude(const Outline&, StepResults);

mpz_class inputs_of(const Outline&, const Step&); // how many inputs a step is about
// Operations that may be performed: the budgets and the conclusion.
mpz_class length(const Outline&);
std::uint64_t sum(const kernel::Performed&);
void add(kernel::Performed&, const kernel::Performed& more);

// The rule's enclosures lie inside what the step, of so many inputs, declares. Returns whether that is shown. What the enclosures refute is a
// failure; what they leave open, because the declaration might be true although they do not show it, is a failure too unless
// `may_stay_open`.
[[nodiscard]] bool step_holds(const Step&, const mpz_class& inputs, const StepResult&, bool may_stay_open);

} // namespace verifier
