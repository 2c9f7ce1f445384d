#include "block_tables/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace proofmark::block_tables {

Partition named_in_order(std::span<const std::uint32_t> labels) {
  Partition result{Blocks(labels.size()), 0};
  std::unordered_map<std::uint32_t, std::uint16_t> names;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto [name, fresh] = names.try_emplace(labels[i], static_cast<std::uint16_t>(result.count));
    if (fresh) ++result.count;
    result.blocks[i] = name->second;
  }
  return result;
}

Partition joint(const Partition& a, const Partition& b) {
  constexpr std::uint32_t none = 0xffffffff;
  std::vector<std::uint32_t> names(std::size_t{a.count} * b.count, none);
  Partition result{Blocks(a.blocks.size()), 0};
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    std::uint32_t& name = names[std::size_t{a.blocks[i]} * b.count + b.blocks[i]];
    if (name == none) name = result.count++;
    result.blocks[i] = static_cast<std::uint16_t>(name);
  }
  return result;
}

Partition levels(std::span<const double> numbers, double gap) {
  const auto count = static_cast<double>(numbers.size());
  const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / count;
  double variance = 0;
  for (const double x : numbers) variance += (x - mean) * (x - mean) / count;
  std::vector<std::size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return numbers[i] < numbers[j]; });
  std::vector<std::uint32_t> labels(numbers.size());
  std::uint32_t level = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (numbers[order[i]] - numbers[order[i - 1]] > gap * std::sqrt(variance)) ++level;
    labels[order[i]] = level;
  }
  return named_in_order(labels);
}

} // namespace proofmark::block_tables
