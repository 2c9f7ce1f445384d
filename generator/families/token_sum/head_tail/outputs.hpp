// Which outputs heads hold, and how the others are weighted and grouped.
#pragma once

#include "families/token_sum/bounds/tables.hpp"
#include "families/token_sum/head_tail.hpp"

namespace proofmark {

// Head sizes to choose from, ascending; the last is V. Beyond about V / n outputs a head costs as much as everything.
std::vector<std::uint64_t> head_sizes(const Task&);

// For each token m outputs: what is known of its head (nothing where `known` is empty), and then those with the largest entries of A,
// the largest first.
std::vector<std::uint16_t> head_outputs(const TokenSumTables&, std::uint64_t m,
                                        const std::vector<std::vector<std::uint16_t>>& known, unsigned threads);

// For n = 2: w_k that balance the two factors of the pairs' tails, each pair counting the same. A turn makes every
// output's share of the factors as the smaller token and as the label equal; the first two turns bring nearly all.
std::vector<float> output_weights(const TokenSumTables&, const HeadTail&);

// Ranges of outputs with equal shares of the tails' squares.
std::vector<std::uint16_t> output_groups(const TokenSumTables&, const HeadTail&, std::uint64_t count);

} // namespace proofmark
