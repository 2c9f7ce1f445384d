// Heads, tails and levels of head-tail@1: combinatorics on integers, no number of the model.
#pragma once

#include "rules/token_sum/inputs.hpp"

namespace verifier::rules::token_sum {

// Levels that are not exact, K'; the others of a witness are one at most.
std::size_t levels_with_tails(const HeadTailWitness& witness, std::size_t vocabulary);
std::size_t group_count(const HeadTailWitness& witness); // G

// The outputs of tails, by token a below `tokens`, level and group: list (a K' + l) G + g holds what is in tail l of token a,
// and of `label` if there is one, but not in tail l + 1. (Tails shrink from level to level.)
Lists outputs_of_tails(const HeadTailWitness& witness, std::size_t vocabulary, std::size_t tokens,
                       std::optional<Token> label);

// The inputs of a batch, those of one level after another. Inputs with a multiplier of 0 come by themselves.
class Levels {
public:
  Levels(const Batch& batch, const HeadTailWitness& witness, std::size_t vocabulary);
  bool next(); // some inputs of one level; false if none are left

  Inputs inputs;
  std::size_t level;
  bool exact;      // no tail
  bool multiplied; // v_y prod_i u_{t_i} > 0
  Lists heads;     // H(t) of each input; none if the level is exact

private:
  const Batch& batch_;
  const HeadTailWitness& witness_;
  std::size_t vocabulary_;
  std::vector<std::uint16_t> keys_;  // [inputs] level and whether multiplied
  std::vector<std::uint32_t> order_; // inputs in order of their keys
  std::size_t at_ = 0;               // in order_
};

} // namespace verifier::rules::token_sum
