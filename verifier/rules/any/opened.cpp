#include "rules/any/opened.hpp"

#include <algorithm>

namespace verifier::rules::any {

using namespace kernel;

std::span<const OpenedClass> Opened::of_input(const Integer& index) const {
  const auto before = [&](const OpenedClass& pair) { return pair.first < index; };
  const auto not_after = [&](const OpenedClass& pair) { return pair.first <= index; };
  const auto first = std::ranges::partition_point(pairs, before), last = std::ranges::partition_point(pairs, not_after);
  return {first, last};
}

Entries opened_of(const Opened& opened, std::span<const Integer> indices, Indices labels) {
  Entries entries;
  for (std::size_t i = 0; i < indices.size(); ++i)
    for (const auto& [input, c] : opened.of_input(indices[i]))
      if (c != labels[i]) entries.rows.push_back(static_cast<Index>(i)), entries.columns.push_back(c);
  return entries;
}

Refuted refuted(const Real& differences, const Entries& entries, std::size_t inputs) {
  const std::vector<bool> right = negative(differences), wrong = not_negative(differences); // a tie is wrong
  Refuted found{std::vector<bool>(inputs), std::vector<bool>(inputs)};
  for (std::size_t i = 0; i < entries.rows.size(); ++i) {
    if (wrong[i]) found.certainly[entries.rows[i]] = true;
    if (!wrong[i] && !right[i]) found.perhaps[entries.rows[i]] = true;
  }
  return found;
}

} // namespace verifier::rules::any
