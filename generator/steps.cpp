#include "steps.hpp"

namespace proofmark {

std::vector<LabelRange> equal_ranges(std::uint64_t vocabulary, std::uint64_t count) {
  std::vector<LabelRange> result;
  for (std::uint64_t i = 0; i < count; ++i) result.push_back({vocabulary * i / count, vocabulary * (i + 1) / count});
  return result;
}

Step declared_step(const RuleInUse& rule, const Task& task, LabelRange labels, std::span<const LabelSum> by_label,
                   bool states_correct) {
  Interval loss, terms;
  Integer correct;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    loss += by_label[y].loss;
    terms += by_label[y].label_terms;
    correct += by_label[y].correct;
  }
  const Interval outward = widen(loss, room_for_verifier(task, labels, loss, terms));
  Step step{std::string(rule.rule), labels, rule.from_below ? lower_end(outward) : Dyadic{},
            upper_end(outward),     {},     {}};
  if (states_correct) step.correct = correct;
  step.operations = rule.operations(labels, states_correct);
  return step;
}

} // namespace proofmark
