// Which classes of which inputs a proof evaluates exactly instead of bounding them (docs/rules/any/README.md): any choice is sound.
#pragma once

#include "certificates/witness.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace proofmark::opened {

struct Pair {
  std::uint64_t input;
  std::uint16_t one; // its class
  auto operator<=>(const Pair&) const = default;
};

Witnesses witnesses(std::span<const Pair> ascending); // none: no witnesses

// How many there are of them, when inputs stand in rows of so many.
struct Counts {
  std::uint64_t rows = 0, inputs = 0, classes = 0; // with something opened; opened
};
Counts counts_of(std::span<const Pair> ascending, std::uint64_t inputs_of_row);

// Operations that opening takes: of an input, when any of its classes is opened, and of each of these.
struct Cost {
  std::uint64_t input, one;
};

// Chooses by what it gains: a bound on an input's loss is ln(1 + sum), with the sum over the other classes of exp of their upper ends,
// and opening a class takes off what its exponential is too large.
class ByGain {
public:
  explicit ByGain(Cost cost) : cost_(cost) {}

  struct Candidate {
    std::uint16_t one;
    double excess;
  };
  // Classes of one input, with its sum; inputs are offered in ascending order.
  void offer(std::uint64_t input, double sum, std::vector<Candidate>);

  struct Chosen {
    std::vector<Pair> pairs; // ascending
    double gain = 0;         // of the sum of all losses
    std::uint64_t operations = 0;
  };
  // By gain for each operation, as long as they last.
  Chosen within(std::uint64_t operations) const;

private:
  // Classes that are opened together: what one of them gains grows with those that were opened before it.
  struct Step {
    std::uint64_t input;
    double gain;
    std::uint64_t operations;
    std::size_t from, to; // in classes_
  };
  Cost cost_;
  std::vector<Step> steps_;
  std::vector<std::uint16_t> classes_;
};

} // namespace proofmark::opened
