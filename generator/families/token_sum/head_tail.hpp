// head-tail@1 as data: the witnesses of docs/rules/head-tail.md in memory, and their text in a certificate.
//
// head_tail_products has the arithmetic of one row, head_tail_sums the rigorous bounds, head_tail_search finds good
// values.
#pragma once

#include "certificates/witness.hpp"
#include "tasks/inputs.hpp"

#include <cstdint>
#include <vector>

namespace proofmark {

struct HeadTail {
  Task task;
  std::uint64_t widest = 0;         // m
  std::vector<std::uint16_t> heads; // [V x m], row a = token: outputs, the most important first
  std::vector<std::uint64_t>
      sizes; // [K], ascending: the head size of each level; V (which only the last may be): exact
  std::vector<std::uint8_t> levels;  // [C(V+n-1,n)], of the sorted inputs; empty: all have level 0
  std::vector<std::uint16_t> groups; // [V], of the outputs; empty: one group
  std::vector<float> weights;        // [V], of the outputs; empty: 1
  std::vector<double> token_multipliers, label_multipliers; // [V] each, u and v; both empty: no totals

  bool exact(std::size_t level) const { return sizes[level] == task.vocabulary; }
  std::size_t bounded_levels() const { return sizes.size() - (exact(sizes.size() - 1) ? 1 : 0); } // K' of the page
  std::uint64_t group_count() const;
  bool multipliers() const { return !token_multipliers.empty(); }
};

// The position of the first sorted input with this label in `levels`; the others of the label follow.
std::uint64_t first_sorted_input(const Task&, std::uint64_t label);

// N_(y,l): the sorted inputs with this label, by level.
std::vector<std::uint64_t> inputs_by_level(const HeadTail&, std::uint64_t label);

Witnesses witnesses(const HeadTail&);

// Visits the rows (t_n, .., t_2), largest first, of a label's sorted inputs in the order of `levels`. A row's inputs
// t_1 = 0 .. t_2 stand side by side there. `tail` must hold the label alone. `extended`, called after a token has been
// appended, is where products are carried along.
template <class Extended, class Visit>
void for_each_row(std::uint64_t n, std::vector<std::uint64_t>& tail, const Extended& extended, const Visit& visit) {
  if (tail.size() == n - 1) return visit();
  const std::uint64_t most = tail.back();
  for (std::uint64_t token = 0; token <= most; ++token) {
    tail.push_back(token);
    extended();
    for_each_row(n, tail, extended, visit);
    tail.pop_back();
  }
}

} // namespace proofmark
