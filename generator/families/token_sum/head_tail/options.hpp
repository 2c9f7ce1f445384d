// What the search for witnesses of head-tail@1 is asked for.
#pragma once

#include "families/token_sum/head_tail.hpp"
#include "lengths/operations.hpp"

#include <functional>
#include <optional>

namespace proofmark {

struct HeadTailSearch {
  std::uint64_t head = 16;  // outputs in a head, where there is no budget
  std::uint64_t groups = 1; // of outputs
  bool weights = false;     // of outputs; for two tokens
  bool multipliers = true;

  // What is known of the witness; what is empty is searched.
  std::vector<std::vector<std::uint16_t>> heads; // [V], each the beginning of a head
  std::vector<std::uint16_t> known_groups;       // [V]
  std::vector<float> known_weights;              // [V]
  bool loss = true, accuracy = true;             // what the bounds are for

  // Each input gets a head size of its own so that all together cost at most this; without a limit, inputs get whatever
  // shows them to be correct (for the accuracy alone). `price` is of operations, `cost` of a witness with its heads.
  bool levels = false;
  std::optional<Integer> most;
  std::function<Integer(const Operations&)> price;
  std::function<Integer(const HeadTail&)> cost;
  double for_accuracy = 0.05; // the share of what is left beyond the smallest heads, where both are wanted
};

} // namespace proofmark
