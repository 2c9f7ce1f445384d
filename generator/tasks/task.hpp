// What the network learns: the largest of n tokens, over inputs drawn uniformly (schema/FORMAT.md, section
// 4).
#pragma once

#include "numbers/random.hpp"

#include <cstdint>
#include <vector>

namespace proofmark {

using Token = std::uint32_t;

struct Task {
  std::uint64_t context = 2;       // n, 1 to 64
  std::uint64_t vocabulary = 2048; // V, 1 to 16384
};

// Inputs with their labels. tokens  [size x n], row = input; labels  [size], the largest token of each row.
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
