// What every input of a batch says, in doubles: losses, correct inputs, margins; and how far the verifier's fast engine may be from
// them.
#pragma once

#include "enumeration/length.hpp"
#include "tasks/labelling.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark::enumeration {

// An input that is looked at again: its margin is among the least, or near 0.
struct NearInput {
  std::uint64_t index = 0;
  double margin = 0;
};

struct BatchSum {
  Rational loss; // the sum of the losses, as doubles have them
  double weight =
      0; // the sum of min(1, loss): where an error of the logits is x, that of the sum is at most x times this
  std::uint64_t correct = 0;    // beyond doubt
  std::optional<double> margin; // the least
  std::vector<NearInput> near;
  std::uint64_t worst = 0; // the input with the largest loss
  double largest_loss = 0;
};

// How far an enclosure of a difference of two logits may reach, by the verifier's fast engine: the largest radius of these inputs, in
// numbers that carry a radius. Nothing rests on it: what it says too little of, the verifier's reference engine decides.
double blur(const networks::Network&, const FiniteTask&, const std::vector<std::uint64_t>& indices);
std::vector<std::uint64_t> some_inputs(const Domain&); // from all over it

// Beyond so many times that, the fast engine decides.
inline constexpr double safely = 3;

// Inputs [from, to), at most a batch. Throws Error (data) where doubles do not hold the logits.
BatchSum batch_sum(const networks::Network&, const FiniteTask&, std::uint64_t from, std::uint64_t to, double blur);

// The same input by input in enclosures of 250 bits, which cost as much as a thousand doubles.
struct Enclosed {
  Interval loss, margin;
};
std::vector<Enclosed> enclosed(const networks::Network&, const FiniteTask&, const std::vector<std::uint64_t>& indices);

// As a ledger keeps it: exact.
std::string words(const BatchSum&);
std::optional<BatchSum> batch_sum_in(const std::string& words);

} // namespace proofmark::enumeration
