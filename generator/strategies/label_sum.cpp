#include "strategies/label_sum.hpp"

#include <algorithm>

namespace proofmark {

double verifier_logit_error(double largest_logit) {
  return 0x1p-44 * largest_logit + 0x1p-46;
}

Interval room_for_verifier(const Task& task, LabelRange labels, const Interval& loss, const Interval& label_terms) {
  return max(loss, enclose(0.0)) * enclose(0x1p-44) +
         enclose(Integer(task.context * inputs_in(task, labels))) * enclose(0x1p-44) + label_terms * enclose(0x1p-60);
}

Integer correct_by_loss(const Task& task, LabelRange labels, const LabelSum& sum) {
  const Interval most = widen(sum.loss, room_for_verifier(task, labels, sum.loss, sum.label_terms)) / ln_2();
  const Integer inputs = power(labels.to, task.context) - power(labels.from, task.context);
  if (!certainly_less(most, enclose(inputs))) return 0;
  return inputs - std::max(Integer(0), floor_of_upper_end(most));
}

} // namespace proofmark
