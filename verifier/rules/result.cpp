#include "rules/result.hpp"

#include <algorithm>

namespace verifier::rules {

using namespace kernel;

void OpenInputs::add(const OpenInputs& x) {
  for (const Integer& index : x.indices)
    if (indices.size() <= most) indices.push_back(index);
  others_correct += x.others_correct, others_margin.add(x.others_margin);
}

void Result::add(const Result& x) {
  at_least.add(x.at_least), at_most.add(x.at_most), margin.add(x.margin), open.add(x.open);
  correct_at_least += x.correct_at_least, correct_at_most += x.correct_at_most;
}

void Result::add_inputs(const Real& others, const Declared& declared, const std::vector<Integer>& indices) {
  const std::size_t inputs = others.rows();
  const Real margins = spread(number(others.kernel(), 0), others.shape()) - others;
  const std::vector<bool> right = negative(others), wrong = not_negative(others); // a tie is wrong
  std::vector<bool> decided(inputs, true);
  if (declared.margin) decided = not_below(margins, *declared.margin);
  OpenInputs left;
  for (std::size_t i = 0; i < inputs; ++i) {
    if (declared.correct && !right[i] && !wrong[i]) decided[i] = false;
    if (!decided[i] && left.indices.size() <= OpenInputs::most) left.indices.push_back(indices[i]);
    left.others_correct += decided[i] && right[i] ? 1 : 0;
  }
  left.others_margin.add(margins, decided);
  open.add(left);
  margin.add(margins);
  correct_at_least += std::ranges::count(right, true);
  correct_at_most += inputs - static_cast<std::size_t>(std::ranges::count(wrong, true));
}

} // namespace verifier::rules
