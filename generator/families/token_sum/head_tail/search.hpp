// Good witnesses for head-tail@1. Nothing here is rigorous or needs to be: whatever values come out, head_tail_sums
// bounds what they are worth.
#pragma once

#include "families/token_sum/bounds/tables.hpp"
#include "families/token_sum/head_tail/head_tail.hpp"
#include "strategies/label_sum.hpp"

#include <functional>
#include <optional>

namespace proofmark {

struct HeadTailSearch {
  std::uint64_t head = 16;  // outputs in a head, where there is no budget
  std::uint64_t groups = 1; // of outputs
  bool weights = false;     // of outputs; for two tokens
  bool multipliers = true;
  bool loss = true, accuracy = true; // what the bounds are for

  // Each input gets a head size of its own so that all together cost at most this; without a limit, inputs get whatever
  // shows them to be correct (for the accuracy alone). `price` is of operations, `cost` of a witness with its heads.
  bool levels = false;
  std::optional<Integer> most;
  std::function<Integer(const Operations&)> price;
  std::function<Integer(const HeadTail&)> cost;
  double for_accuracy = 0.05; // the share of what is left beyond the smallest heads, where both are wanted
};

// Throws Error (usage) when even the smallest heads cost more than what is allowed.
HeadTail find_head_tail(const TokenSumTables&, const HeadTailSearch&, unsigned threads,
                        const std::function<void(double)>& progress);

// Head sizes to choose from, ascending; the last is V. Beyond about V / n outputs a head costs as much as everything.
std::vector<std::uint64_t> head_sizes(const Task&);

// For each token, the m outputs with the largest entries of A, the largest first.
std::vector<std::uint16_t> largest_outputs(const TokenSumTables&, std::uint64_t m, unsigned threads);

} // namespace proofmark
