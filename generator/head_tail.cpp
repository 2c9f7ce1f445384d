#include "head_tail.hpp"

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

Operations head_tail_tables(const HeadTail& h) {
  const Integer V = h.task.vocabulary, n = h.task.context, p = std::max<std::uint64_t>(2, h.task.context - 1);
  const bool weighted = !h.weights.empty();
  Operations count;
  for (const auto& [name, witness] : witnesses(h)) count.read += witness.elements();
  count.mul = V * V * (p - 1);
  if (weighted) {
    count.mul += 2 * V * V;
    count.div += V;
  }
  if (h.task.context == 2) {
    const Integer sides = weighted ? 2 : 1;
    count.add += sides * V * V;
    count.sqrt += sides * V * h.bounded_levels() * h.group_count();
  }
  if (h.multipliers()) {
    count.add += (n + 1) * V * V;
    count.mul += 2 * n * V * V;
    count.div += V;
  }
  return count;
}

Operations head_tail_input_operations(const HeadTail& h, std::size_t level, bool states_correct) {
  const std::uint64_t V = h.task.vocabulary, n = h.task.context, size = h.sizes[level], groups = h.group_count();
  Operations count;
  count.mul = 2; // its factor and its L into the row's products
  if (h.exact(level)) {
    count.add += 2 * (V - 1);
    count.mul += 2 * V;
    if (states_correct) {
      count.add += V;
      count.compare += V - 1;
    }
  } else {
    count.add += 2 * n * size + groups;
    count.mul += 2 * n * size + groups * std::max<std::uint64_t>(1, n - 2);
    if (states_correct) {
      count.mul += 1;
      count.compare += 1;
    }
  }
  if (h.multipliers()) {
    count.add += 1;
    count.mul += h.exact(level) ? 2 : 4;
    count.compare += h.exact(level) ? 0 : 2;
  }
  return count;
}

Operations head_tail_operations(const HeadTail& h, LabelRange labels, bool states_correct) {
  const std::uint64_t n = h.task.context;
  const Integer V = h.task.vocabulary, sides = h.weights.empty() ? 1 : 2;
  const auto times = [](const Integer& factor, Operations count) {
    for (Integer* kind :
         {&count.add, &count.mul, &count.div, &count.sqrt, &count.exp, &count.log, &count.compare, &count.read})
      *kind *= factor;
    return count;
  };
  std::vector<Operations> of_input;
  for (std::size_t level = 0; level < h.sizes.size(); ++level)
    of_input.push_back(head_tail_input_operations(h, level, states_correct));

  Operations sum;
  for (std::uint64_t y = labels.from; y < labels.to; ++y) {
    const Integer R = binomial(y + n - 2, n - 2); // rows
    const Integer K = binomial(y + n - 1, n - 2); // the sum over the rows of r
    Integer X;                                    // extensions
    for (std::uint64_t r = 1; r + 2 <= n; ++r) X += binomial(y + r, r);

    Operations count = label_term_operations(y, 2);
    if (n >= 3) { // norms
      count.add += sides * V * (y + 1);
      count.mul += sides * V * (y + 1);
      count.sqrt += sides * h.bounded_levels() * h.group_count() * (y + 1);
    }
    const std::vector<std::uint64_t> inputs = inputs_by_level(h, y);
    for (std::size_t level = 0; level < inputs.size(); ++level) count += times(inputs[level], of_input[level]);
    count.mul += 2 * V * X // extensions
                 + 2 * K   // powers of rows
                 + 2 * R;  // logarithms, weighted
    count.add += 2 * R;
    count.log += 2 * R;
    if (h.multipliers()) {
      count.add += 2 * R + 1;
      count.mul += n * R + 1;
      count.div += R;
    }
    if (states_correct) {
      count.add += V * X;
      count.mul += R; // 2 v[y]
    }
    sum += count;
  }
  return sum;
}

} // namespace proofmark
