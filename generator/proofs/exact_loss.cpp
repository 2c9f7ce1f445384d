#include "proofs/exact_loss.hpp"

#include "numbers/outward.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"

#include <algorithm>

namespace proofmark {

ExactLoss::ExactLoss(const Model& model, const Task& task, unsigned threads, double patience_s)
    : model_(model), task_(task), threads_(threads), patience_s_(patience_s) {}

void ExactLoss::take(const Proof& proof) {
  if (proof.exact) keep(proof.sums);
}

std::optional<Rational> ExactLoss::share(LabelRange labels) {
  if (!tried_) compute();
  if (by_label_.empty()) return {};
  Rational sum;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) sum += by_label_[y];
  return sum / Rational(power(task_.vocabulary, task_.context));
}

void ExactLoss::keep(const LabelSums& sums) {
  tried_ = true;
  by_label_.clear();
  for (const LabelSum& sum : sums.labels) by_label_.push_back(exact(lower_end(sum.loss)));
}

void ExactLoss::compute() {
  tried_ = true;
  const Strategy& strategy = model_.family->exact;
  try {
    const LabelSumOptions sums{.count_correct = false, .margin = false, .threads = threads_};
    const Patience patience{patience_s_};
    patience.begin(strategy.seconds(shape_of(model_, task_.context), {}, true) / threads_);
    keep(strategy.find({model_, task_, {}, true, sums, {}, patience}).sums);
  } catch (const Error& error) {
    if (error.exit != Exit::usage) throw; // that is how it says that it would take too long
  }
}

std::optional<Noise> noise(const Proof& proof, ExactLoss& exact_loss) {
  const Certificate& certificate = proof.certificate;
  const auto claim = std::find_if(certificate.claims.begin(), certificate.claims.end(), [](const Claim& c) {
    return c.quantity == Quantity::cross_entropy && c.direction == Side::upper;
  });
  const auto whole = exact_loss.share({0, certificate.classes});
  if (claim == certificate.claims.end() || !whole) return {};
  const Rational inputs(size_of(certificate.task.domain));
  Noise result{*whole, {}, {}, {}};
  for (const Step& step : certificate.steps) {
    Rational bound;
    for (std::uint64_t y = step.range.from; y < step.range.to; ++y)
      bound += exact(upper_end(proof.sums.labels[y].loss));
    result.tail_by_step.push_back(bound / inputs - *exact_loss.share(step.range.labels()));
    result.tail += result.tail_by_step.back();
  }
  result.rounding = parse_decimal(claim->bound).value() - result.exact_loss - result.tail;
  return result;
}

} // namespace proofmark
