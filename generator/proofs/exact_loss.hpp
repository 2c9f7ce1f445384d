// The exact mean loss, and with it the noise of a proof: what its bound says beyond that, and why.
#pragma once

#include "proofs/proving.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

// The exact loss from below: lower ends of the generator's enclosures, which are about 1e-13 nats wide. A slack that is
// measured from here is never understated. Taken from a proof by an exact strategy where there is one, otherwise
// computed once, when it is first asked for.
class ExactLoss {
public:
  // The model outlives it. `patience_s`: for computing it; where it would take longer there is none.
  ExactLoss(const Model&, const Task&, unsigned threads, double patience_s);
  ExactLoss(Model&&, const Task&, unsigned threads, double patience_s) = delete;

  void take(const Proof&);

  // What these labels contribute to the mean over all inputs.
  std::optional<Rational> share(LabelRange);

private:
  void keep(const LabelSums&);
  void compute();

  const Model& model_;
  Task task_;
  unsigned threads_;
  double patience_s_;
  bool tried_ = false;
  std::vector<Rational> by_label_; // sums of losses; empty: too slow
};

// How a claimed bound on the mean loss splits: claimed = exact loss + tail slack + rounding slack.
struct Noise {
  Rational exact_loss;
  Rational tail;     // what the strategy gives away: its own bound, as the generator computed it, above the exact loss
  Rational rounding; // the claim above that bound: room for the verifier's enclosures, and decimals
  std::vector<Rational> tail_by_step;
};

// Nothing when the proof claims no bound on the loss from above or there is no exact loss.
std::optional<Noise> noise(const Proof&, ExactLoss&);

} // namespace proofmark
