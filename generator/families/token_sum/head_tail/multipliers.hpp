// Good multipliers for head-tail@1, for the bounds that inputs have.
#pragma once

#include "families/token_sum/head_tail/passes.hpp"

#include <array>
#include <span>

namespace proofmark::head_tail_search {

// A least-squares fit of ln m to -ln Z: the tangents touch where Z lies, as far as multipliers of tokens and labels can
// make them.
Multipliers first_multipliers(const Task&, const Passes&, const Bounds&);

inline constexpr double no_multiplier = -1e4; // of a label: ln v
inline constexpr std::array coarse_shifts{0.0,   -1.0,  -2.0,  -4.0,  -8.0,         -16.0,
                                          -24.0, -32.0, -48.0, -64.0, no_multiplier};
inline constexpr std::array fine_shifts{0.0, -0.1, 0.1, -0.3, 0.3, -0.6, -1.0, -2.0, -4.0, -8.0, -16.0, no_multiplier};

// For each label by itself, the best of some shifts of its multiplier; the last is none at all.
Multipliers shifted(const Passes&, const Bounds&, const Multipliers&, std::span<const double> shifts);

// Adam, from x; keeps the best that it sees. Plain descent and scaling iterations get stuck here. Calls tick after each turn.
Multipliers improved(const Passes&, const Bounds&, Multipliers x, int turns, double rate,
                     const std::function<void()>& tick);

// The rule's form: u at most 1 and not so small that a product of n of them leaves the range of doubles.
void set_multipliers(HeadTail&, const Multipliers&);

} // namespace proofmark::head_tail_search
