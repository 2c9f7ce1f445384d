#include "report/evidence/comparison.hpp"

#include "certificates/claims.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "tasks/inputs.hpp"

#include <algorithm>

namespace proofmark {

namespace {

Rational number(const std::string& decimal) {
  return parse_long_decimal(decimal).value();
}

void keep_stronger(std::optional<Strongest>& best, const std::optional<std::string>& bound, std::size_t proof,
                   Side side) {
  if (!bound) return;
  const bool stronger =
      !best || (side == Side::upper ? number(*bound) < number(best->bound) : number(*bound) > number(best->bound));
  if (stronger) best = Strongest{*bound, proof};
}

void require_consistent(const ShownModel& model, const std::optional<Strongest>& lower,
                        const std::optional<Strongest>& upper) {
  if (!lower || !upper || number(upper->bound) >= number(lower->bound)) return;
  throw Error(Exit::data,
              "two proofs of one model contradict each other: " + model.proofs[upper->proof].name + " and " +
                  model.proofs[lower->proof].name,
              "a receipt is forged, or the verifier is wrong; --verify all runs it on every certificate");
}

// Sums of the lower ends of a proof's first steps.
struct LowerEnds {
  std::vector<std::uint64_t> label; // where a step ends, from 0
  std::vector<Rational> sum;

  explicit LowerEnds(const ShownProof& proof) : label{0}, sum{0} {
    for (const StatedStep& step : proof.certificate.steps) {
      label.push_back(step.range.to);
      sum.push_back(sum.back() + (step.loss ? step.loss->first : Rational(0)));
    }
  }

  // Over the steps that lie within these labels; losses are not negative, so the others may be left out.
  Rational within(LabelRange labels) const {
    const auto first = std::lower_bound(label.begin(), label.end(), labels.from);
    const auto last = std::prev(std::upper_bound(label.begin(), label.end(), labels.to));
    if (last <= first) return 0;
    return sum[static_cast<std::size_t>(last - label.begin())] - sum[static_cast<std::size_t>(first - label.begin())];
  }
};

bool by_label(const ShownProof& proof) {
  return proof.certificate.steps.front().range.of == StepRange::Of::labels;
}

} // namespace

Comparison compare(const ShownModel& model) {
  Comparison result;
  std::vector<Compared> compared;
  for (std::size_t i = 0; i < model.proofs.size(); ++i) {
    const ShownProof& proof = model.proofs[i];
    const auto upper = proof.bound(Quantity::cross_entropy, Side::upper);
    keep_stronger(result.upper, upper, i, Side::upper);
    keep_stronger(result.lower, proof.bound(Quantity::cross_entropy, Side::lower), i, Side::lower);
    keep_stronger(result.accuracy, proof.bound(Quantity::accuracy, Side::lower), i, Side::lower);
    keep_stronger(result.accuracy_upper, proof.bound(Quantity::accuracy, Side::upper), i, Side::upper);
    keep_stronger(result.margin, proof.bound(Quantity::margin, Side::lower), i, Side::lower);
    compared.push_back({proof.operations.length(), upper, proof.bound(Quantity::accuracy, Side::lower)});
  }
  require_consistent(model, result.lower, result.upper);
  require_consistent(model, result.accuracy, result.accuracy_upper);
  result.standings = standings(compared, model.classes);
  return result;
}

std::vector<LabelBounds> label_bounds(const ShownModel& model, const ShownProof& proof) {
  const std::optional<Task> task = over_vocabulary(model.task);
  if (!task || !by_label(proof)) return {};
  std::vector<LowerEnds> lowers;
  for (const ShownProof& other : model.proofs)
    if (other.verified() && by_label(other)) lowers.emplace_back(other);
  std::vector<LabelBounds> result;
  for (const StatedStep& step : proof.certificate.steps) {
    LabelBounds bounds{step.range.labels(), inputs_in(*task, step.range.labels()), {}, {}, {}};
    const Rational inputs(bounds.inputs);
    if (!step.loss) return {};
    bounds.lower = step.loss->first / inputs;
    bounds.upper = step.loss->second / inputs;
    for (const LowerEnds& other : lowers)
      bounds.best_lower = std::max<Rational>(bounds.best_lower, other.within(bounds.labels) / inputs);
    result.push_back(std::move(bounds));
  }
  return result;
}

} // namespace proofmark
