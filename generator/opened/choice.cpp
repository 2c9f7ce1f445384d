#include "opened/choice.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <numeric>

namespace proofmark::opened {

Witnesses witnesses(std::span<const Pair> pairs) {
  if (pairs.empty()) return {};
  std::vector<std::uint32_t> inputs;
  std::vector<std::uint16_t> classes;
  for (const Pair& pair : pairs) {
    inputs.push_back(static_cast<std::uint32_t>(pair.input));
    classes.push_back(pair.one);
  }
  return {{"opened-inputs", witness<std::uint32_t>({inputs.size()}, inputs)},
          {"opened-classes", witness<std::uint16_t>({classes.size()}, classes)}};
}

Counts counts_of(std::span<const Pair> pairs, std::uint64_t inputs_of_row) {
  Counts result;
  result.classes = pairs.size();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i == 0 || pairs[i].input != pairs[i - 1].input) ++result.inputs;
    if (i == 0 || pairs[i].input / inputs_of_row != pairs[i - 1].input / inputs_of_row) ++result.rows;
  }
  return result;
}

void ByGain::offer(std::uint64_t input, double sum, std::vector<Candidate> candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.excess != b.excess ? a.excess > b.excess : a.one < b.one;
  });
  // The concave envelope of what the first k gain together, over what they take.
  struct Corner {
    std::size_t count;
    double gain;
    std::uint64_t operations;
  };
  std::vector<Corner> corners{{0, 0, 0}};
  const auto slope = [](const Corner& a, const Corner& b) {
    return (b.gain - a.gain) / static_cast<double>(b.operations - a.operations);
  };
  double off = 0;
  for (std::size_t k = 1; k <= candidates.size(); ++k) {
    off += candidates[k - 1].excess;
    const double rest = std::max(0.0, sum - off);
    const Corner next{k, elementary::log1p(sum) - elementary::log1p(rest), cost_.input + k * cost_.one};
    while (corners.size() > 1 && slope(corners[corners.size() - 2], corners.back()) <= slope(corners.back(), next))
      corners.pop_back();
    corners.push_back(next);
  }
  const std::size_t first = classes_.size();
  for (const Candidate& candidate : candidates) classes_.push_back(candidate.one);
  for (std::size_t i = 1; i < corners.size(); ++i)
    steps_.push_back({input, corners[i].gain - corners[i - 1].gain, corners[i].operations - corners[i - 1].operations,
                      first + corners[i - 1].count, first + corners[i].count});
}

ByGain::Chosen ByGain::within(std::uint64_t operations) const {
  std::vector<std::size_t> order(steps_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto worth = [&](std::size_t i) { return steps_[i].gain / static_cast<double>(steps_[i].operations); };
  // Steps of one input stand in descending order of worth, and stay in it.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return worth(i) > worth(j); });
  Chosen result;
  std::vector<bool> left_out(steps_.empty() ? 0 : steps_.back().input + 1); // inputs of which a step was too long
  for (const std::size_t i : order) {
    const Step& step = steps_[i];
    if (left_out[step.input]) continue;
    if (step.operations > operations) {
      left_out[step.input] = true;
      continue;
    }
    operations -= step.operations, result.operations += step.operations;
    result.gain += step.gain;
    for (std::size_t at = step.from; at < step.to; ++at) result.pairs.push_back({step.input, classes_[at]});
  }
  std::sort(result.pairs.begin(), result.pairs.end());
  return result;
}

} // namespace proofmark::opened
