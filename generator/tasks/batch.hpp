// Inputs with their labels, drawn at random: what training learns from.
#pragma once

#include "numbers/random.hpp"
#include "tasks/task.hpp"

namespace proofmark {

// tokens  [size x n], row = input; labels  [size], that of each row.
struct Batch {
  std::uint64_t context = 0;
  std::vector<Token> tokens;
  std::vector<Token> labels;

  std::size_t size() const { return labels.size(); }
  Token token(std::size_t input, std::size_t position) const { return tokens[input * context + position]; }
};

// Draws the tokens of one input after another, each with one call of below(V).
Batch draw_batch(const Task&, std::size_t size, Random&);

} // namespace proofmark
