// The source of randomness, specified here so that one seed means one model, today and in ten years.
//
// xoshiro256** 1.0 by D. Blackman and S. Vigna ("Scrambled linear pseudorandom number generators", 2021), its
// four words of state being the first four outputs of SplitMix64 started at the seed. The standard library's
// distributions are not used: their results differ from one implementation to the next.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace proofmark {

// One output of SplitMix64; advances the state.
std::uint64_t split_mix_64(std::uint64_t& state);

class Random {
public:
  explicit Random(std::uint64_t seed);
  explicit Random(const std::array<std::uint64_t, 4>& state); // not all zero

  std::uint64_t next(); // 64 random bits

  // Uniform over 0 .. bound-1, bound >= 1, without bias: D. Lemire, "Fast random integer generation in an
  // interval", 2019.
  std::uint64_t below(std::uint64_t bound);

  float uniform(); // k * 2^-24 with k uniform over 0 .. 2^24-1: the upper 24 bits of next()

  // Of the normal distribution with mean 0 and variance 1: G. Marsaglia's polar method, with points of the square
  // that are pairs of odd multiples of 2^-52.
  double normal();

private:
  std::array<std::uint64_t, 4> state_;
  std::optional<double> other_normal_; // the method makes two at a time
};

} // namespace proofmark
