#include "steps.hpp"

#include <algorithm>

namespace proofmark {

std::vector<LabelRange> equal_ranges(std::uint64_t vocabulary, std::uint64_t count) {
  std::vector<LabelRange> result;
  for (std::uint64_t i = 0; i < count; ++i)
    result.push_back({vocabulary * i / count, vocabulary * (i + 1) / count});
  return result;
}

Step declared_step(const Strategy& strategy, const Task& task, LabelRange labels,
                   std::span<const LabelSum> by_label, bool states_correct) {
  Interval loss, terms;
  Integer correct;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    loss += by_label[y].loss;
    terms += by_label[y].label_terms;
    correct += by_label[y].correct;
  }
  const Interval nonnegative = max(loss, enclose(0.0));
  const Interval room = nonnegative * enclose(0x1p-44) +
                        enclose(Integer(task.context * inputs_in(task, labels))) * enclose(0x1p-44) +
                        terms * enclose(0x1p-60);
  const Interval outward = widen(loss, room);
  Step step{std::string(strategy.rule), labels, lower_end(outward), upper_end(outward), {}, {}};
  if (states_correct) // at most what a JSON number of the format can say
    step.correct =
        std::min(correct, Integer(std::numeric_limits<std::int64_t>::max())).convert_to<std::uint64_t>();
  step.operations = strategy.operations(task, labels, states_correct);
  return step;
}

} // namespace proofmark
