// The grid on which the exact engine holds logits, and the widths on which its lower ends rest, in rational
// arithmetic. docs/numerics.md, sections 3.3 to 3.8; e, F, q and `ratio` as there.
#pragma once

#include "../interval.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace verifier::token_sum {

// Logits are held on the grid 2^-F:  q - 1 - e <= M · 2^F <= q + e.
struct LogitGrid {
  long places;     // F
  mpq_class slack; // 1 + 2e, or less than 2^-100 more
};

// The finest grid with e <= 1/2 on which sums of n = `context` logits stay below 2^61; none if it is too coarse.
// `error`: of the exact inner products that logits are made from; `largest_logit`: at least every |M|.
std::optional<LogitGrid> choose_grid(const mpq_class& error, const mpq_class& largest_logit, std::uint64_t context);

// All A = exp(-steps · 2^-F) are at least 2^-depth; none if positions of products of n of them leave 16 bits.
std::optional<std::uint32_t> choose_depth(std::int64_t most_steps, const LogitGrid&, std::uint64_t context);

// By what factor, at most, a word is above its A.
mpq_class ratio_of_words(const LogitGrid&, unsigned long roundings);

// By the number r of tokens in `rest`, 0 <= r < n: an inner product, as rounded up to 64 bits and multiplied into a row's
// product, rounded up again, is at most 1 / shrink[r] times its Z(a, rest). Rounded down.
std::vector<Real> shrink_factors(const mpq_class& ratio, std::uint64_t context);

// Logits of inputs whose sums of q differ by more than this surely differ.
std::int64_t undecided_margin(const LogitGrid&, std::uint64_t context);

} // namespace verifier::token_sum
