#include "families/token_sum/head_tail.hpp"

#include <algorithm>

namespace proofmark {

std::uint64_t HeadTail::group_count() const {
  return groups.empty() ? 1 : std::uint64_t{*std::max_element(groups.begin(), groups.end())} + 1;
}

std::uint64_t first_sorted_input(const Task& task, std::uint64_t label) {
  return binomial(label + task.context - 1, task.context).convert_to<std::uint64_t>();
}

std::vector<std::uint64_t> inputs_by_level(const HeadTail& h, std::uint64_t label) {
  std::vector<std::uint64_t> count(h.sizes.size());
  const auto inputs = sorted_inputs_with_label(h.task, label).convert_to<std::uint64_t>();
  if (h.levels.empty())
    count[0] = inputs;
  else
    for (std::uint64_t i = 0, first = first_sorted_input(h.task, label); i < inputs; ++i) ++count[h.levels[first + i]];
  return count;
}

Witnesses witnesses(const HeadTail& h) {
  const std::uint64_t V = h.task.vocabulary;
  Witnesses result;
  result["heads"] = witness<std::uint16_t>({V, h.widest}, h.heads);
  const std::vector<std::uint16_t> sizes(h.sizes.begin(), h.sizes.end());
  result["head-sizes"] = witness<std::uint16_t>({sizes.size()}, sizes);
  if (!h.levels.empty()) result["levels"] = witness<std::uint8_t>({h.levels.size()}, h.levels);
  if (!h.groups.empty()) result["column-groups"] = witness<std::uint16_t>({V}, h.groups);
  if (!h.weights.empty()) result["column-weights"] = witness<float>({V}, h.weights);
  if (h.multipliers()) {
    result["token-multipliers"] = witness<double>({V}, h.token_multipliers);
    result["label-multipliers"] = witness<double>({V}, h.label_multipliers);
  }
  return result;
}

} // namespace proofmark
