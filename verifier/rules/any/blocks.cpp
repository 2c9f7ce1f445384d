#include "rules/any/blocks.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace verifier::rules::any {
namespace {

Index index(std::size_t i) {
  return static_cast<Index>(i);
}

} // namespace

Groups groups_of(std::vector<Index> of, std::vector<Blocks> blocks) {
  Groups groups{std::move(of), std::vector<std::vector<Index>>(blocks.size()), std::move(blocks)};
  for (std::size_t j = 0; j < groups.of.size(); ++j) groups.neurons.at(groups.of[j]).push_back(index(j));
  return groups;
}

std::vector<Cell> cells(const Groups& right, std::size_t group, const Groups& left) {
  std::map<Index, Cell> by_left;
  const std::vector<Index>& neurons = right.neurons[group];
  for (std::size_t i = 0; i < neurons.size(); ++i) {
    const Index of = left.of[neurons[i]];
    Cell& cell = by_left[of];
    const std::vector<Index>& others = left.neurons[of];
    cell.left = of;
    cell.neurons.push_back(neurons[i]);
    cell.in_left.push_back(index(std::ranges::lower_bound(others, neurons[i]) - others.begin()));
    cell.in_right.push_back(index(i));
  }
  std::vector<Cell> cells;
  for (auto& [of, cell] : by_left) cells.push_back(std::move(cell));
  return cells;
}

std::size_t steps_of_tree(const Tree& steps, std::size_t leaves) {
  std::vector<bool> read(leaves);
  std::size_t good = 0;
  for (const auto& [a, b] : steps) {
    if (a >= read.size() || b >= read.size() || a == b || read[a] || read[b]) break;
    read[a] = read[b] = true, read.push_back(false);
    ++good;
  }
  return good;
}

Joint joint(const Blocks& first, const Blocks& second) {
  Joint all;
  std::unordered_map<std::uint64_t, Index> known;
  for (std::size_t i = 0; i < first.of.size(); ++i) {
    const auto [at, is_new] = known.try_emplace(std::uint64_t{first.of[i]} << 32 | second.of[i], index(known.size()));
    if (is_new) all.first.push_back(first.of[i]), all.second.push_back(second.of[i]);
    all.of.push_back(at->second);
  }
  all.count = known.size();
  return all;
}

} // namespace verifier::rules::any
