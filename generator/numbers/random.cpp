#include "numbers/random.hpp"

#include "numbers/elementary.hpp"

#include <bit>
#include <cmath>

namespace proofmark {

std::uint64_t split_mix_64(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix_64(seed);
}

Random::Random(const std::array<std::uint64_t, 4>& state) : state_(state) {}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// The upper half of a 64 x 64 bit product is the result; the lower half tells the few draws that would favour
// some results.
std::uint64_t Random::below(std::uint64_t bound) {
  __extension__ using Product = unsigned __int128;
  Product product = Product{next()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t biased = -bound % bound; // 2^64 mod bound
    while (static_cast<std::uint64_t>(product) < biased) product = Product{next()} * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

float Random::uniform() {
  return static_cast<float>(next() >> 40) * 0x1p-24f;
}

double Random::normal() {
  if (other_normal_) {
    const double result = *other_normal_;
    other_normal_.reset();
    return result;
  }
  // The upper 52 bits, as an odd multiple of 2^-52 between -1 and 1.
  const auto coordinate = [&] { return (2 * static_cast<double>(next() >> 12) + 1) * 0x1p-52 - 1; };
  double x = 0, y = 0, square = 0;
  do {
    x = coordinate();
    y = coordinate();
    square = x * x + y * y;
  } while (square >= 1);
  const double scale = std::sqrt(-2 * elementary::log(square) / square);
  other_normal_ = scale * y;
  return scale * x;
}

} // namespace proofmark
