// The sorted inputs t_1 <= t_2 <= .. <= t_n = y of one label, in rows of equal (t_2, .., t_n): docs/rules/symmetry.md.
#pragma once

#include "rules.hpp"

#include <functional>
#include <span>

namespace verifier::token_sum {

// One row: the inputs (a, rest) with 0 <= a <= t_2.
struct SortedRow {
  std::span<const Token> rest; // t_n, t_(n-1), .., t_2: not increasing
  std::uint64_t run;           // r: how many of them equal t_2
  mpz_class weight;            // w: how many inputs sort to (t_2, rest); each with a < t_2 stands for (r+1) · w
  Token t_2() const { return rest.back(); }
};

// Calls close(row) for each row of the label, n >= 2, with `rest` pushed on `rows`; charges the extensions.
void for_each_sorted_row(const Problem&, Rows& rows, Token y, Meter&,
                         const std::function<void(const SortedRow&)>& close);

} // namespace verifier::token_sum
