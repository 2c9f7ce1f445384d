// Which inputs agree on a set of positions: a value that depends on these alone needs a row for each such combination.
#pragma once

#include "tasks/labels.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace proofmark::networks {

struct Inputs {
  std::vector<std::vector<Token>> tokens; // [n][count]: of each position the token of each input

  std::size_t count() const { return tokens.empty() ? 0 : tokens[0].size(); }
};

using PositionSet = std::uint64_t; // a bit a position

class Combinations {
public:
  explicit Combinations(const Inputs& inputs) : inputs_(inputs) {}

  std::size_t count(PositionSet on) { return rows(on).first.size(); }
  Token token(PositionSet on, std::size_t row, std::size_t position) {
    return inputs_.tokens[position][rows(on).first[row]];
  }
  const std::vector<std::uint32_t>& of_inputs(PositionSet on) { return rows(on).of; }

  // For each combination on `from` its combination on `to`, a subset.
  std::vector<std::uint32_t> route(PositionSet from, PositionSet to);

private:
  struct Rows {
    std::vector<std::uint32_t> of;    // of each input
    std::vector<std::uint32_t> first; // of each row the first input that has it
  };
  const Rows& rows(PositionSet);

  const Inputs& inputs_;
  std::map<PositionSet, Rows> known_;
};

} // namespace proofmark::networks
