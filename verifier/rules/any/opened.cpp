#include "rules/any/opened.hpp"

#include <algorithm>
#include <memory>

namespace verifier::rules::any {

using namespace kernel;

std::span<const OpenedClass> Opened::of_input(const Integer& index) const {
  const auto before = [&](const OpenedClass& pair) { return pair.first < index; };
  const auto not_after = [&](const OpenedClass& pair) { return pair.first <= index; };
  const auto first = std::ranges::partition_point(pairs, before), last = std::ranges::partition_point(pairs, not_after);
  return {std::to_address(first), static_cast<std::size_t>(last - first)};
}

void Entries::add(const Entries& more) {
  rows.insert(rows.end(), more.rows.begin(), more.rows.end());
  columns.insert(columns.end(), more.columns.begin(), more.columns.end());
}

Entries opened_of(const Opened& opened, std::span<const Integer> indices, Indices labels) {
  Entries entries;
  for (std::size_t i = 0; i < indices.size(); ++i)
    for (const auto& [input, c] : opened.of_input(indices[i]))
      if (c != labels[i]) entries.rows.push_back(static_cast<Index>(i)), entries.columns.push_back(c);
  return entries;
}

} // namespace verifier::rules::any
