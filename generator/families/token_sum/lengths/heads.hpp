// What head-tail@1 is charged for beyond shapes: outputs of heads and tails, and how its inputs are taken together. Combinatorics
// on the witness.
#pragma once

#include "families/token_sum/head_tail.hpp"

#include <optional>
#include <vector>

namespace proofmark::lengths::token_sum {

// Inputs of one label at one level, with multipliers above 0 or not.
struct OfLevel {
  std::size_t level = 0;
  bool multiplied = false;
  Integer inputs;
  Integer outputs; // of the heads of each input's tokens together, summed; 0 at an exact level
  // Rows that are multiplied out for the inputs: those of a batch, again for each piece in which its inputs of this kind come.
  Integer rows;
};
std::vector<OfLevel> inputs_of_label(const HeadTail&, std::uint64_t label);

// Lists of the outputs that each level is the last tail of, by token below `tokens`, level and group: how many outputs they have,
// and how many additions sum them up. Of the tails that the tokens have with the label, if there is one.
struct TailLists {
  Integer outputs, additions;
};
TailLists tail_lists(const HeadTail&, std::uint64_t tokens, std::optional<std::uint64_t> label);

} // namespace proofmark::lengths::token_sum
