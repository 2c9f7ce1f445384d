#include "proofs/steps.hpp"

#include <algorithm>
#include <limits>

namespace proofmark {

Step declared_step(const Rule& rule, const Task& task, LabelRange labels, std::span<const LabelSum> by_label,
                   const Stated& stated) {
  Interval loss, terms;
  Integer correct, undecided;
  double margin = std::numeric_limits<double>::infinity();
  for (const LabelSum& sum : by_label.subspan(labels.from, labels.to - labels.from)) {
    loss += sum.loss;
    terms += sum.label_terms;
    correct += sum.correct;
    undecided += sum.undecided;
    margin = std::min(margin, sum.margin.value_or(margin));
  }
  Step step{std::string(rule.name), {StepRange::Of::labels, labels.from, labels.to}, {}, {}, {}, {}};
  if (stated.loss) {
    const Interval outward = widen(loss, room_for_verifier(task, labels, loss, terms));
    step.loss = {rule.from_below ? exact(lower_end(outward)) : Rational(0), exact(upper_end(outward))};
  }
  if (stated.correct) step.correct = {correct, rule.exact ? Integer(correct + undecided) : inputs_in(task, labels)};
  if (stated.margin) step.margin = exact(dyadic(margin));
  return step;
}

} // namespace proofmark
