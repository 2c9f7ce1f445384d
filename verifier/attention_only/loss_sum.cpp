#include "loss_sum.hpp"

#include "../number.hpp"

namespace verifier::attention_only {
namespace {

constexpr std::uint64_t one = std::uint64_t{1} << exponential_places;

int bit_width(Uint128 x) {
  return bit_length(static_cast<Int128>(x)); // sums stay far below 2^127
}

// ceil(x · y / 2^48)
Uint128 scaled_from_above(Uint128 x, std::uint64_t y) {
  return ((x * y) >> margin_places) + 1; // x < 2^74, y < 2^22
}

Real value(const ProductEnd& end, mpfr_rnd_t direction) {
  Real x;
  mpfr_set_uj_2exp(x.get(), end.mantissa, end.exponent, direction); // exact: 64 bits
  return x;
}

} // namespace

// With both mantissas in [2^63, 2^64) the upper half of the product lies in [2^62, 2^64 - 2].
void ProductEnd::multiply_from_below(Uint128 x) {
  const int shift = bit_width(x) - 64;
  const auto factor = static_cast<std::uint64_t>(shift >= 0 ? x >> shift : x << -shift);
  mantissa = upper_half(mantissa, factor);
  exponent += 64 + shift - exponential_places;
  if (mantissa >> 63 == 0) {
    mantissa <<= 1;
    --exponent;
  }
}

void ProductEnd::multiply_from_above(Uint128 x) {
  int shift = bit_width(x) - 64;
  if (shift > 0) {
    x = (x + ((Uint128{1} << shift) - 1)) >> shift;
    if (x >> 64 != 0) { // carried into a 65th bit: 2^64 exactly
      x >>= 1;
      ++shift;
    }
  } else {
    x <<= -shift;
  }
  mantissa = upper_half(mantissa, static_cast<std::uint64_t>(x)) + 1;
  exponent += 64 + shift - exponential_places;
  if (mantissa >> 63 == 0) {
    mantissa <<= 1;
    --exponent;
  }
}

void LossSum::add(std::span<const std::int64_t> margins, std::int64_t highest, std::uint64_t error) {
  Uint128 others = 0;
  for (const std::int64_t margin : margins) others += exponentials_(static_cast<std::uint64_t>(highest - margin));
  const Uint128 count = margins.size();
  const std::uint64_t label = exponentials_(static_cast<std::uint64_t>(highest));
  // Both ends of the wrong outputs' sum: what the table may be off by, then what the margins may.
  const Uint128 least = others > count ? others - count : 0, most = others + 3 * count;
  const Uint128 least_others = least - std::min(least, scaled_from_above(least, error + 2));
  const Uint128 most_others = most + scaled_from_above(most, error + 1);
  lower_.multiply_from_below(least_others + (highest == 0 ? one : label - std::min(label, (label >> 47) + 2)));
  upper_.multiply_from_above(most_others + (highest == 0 ? one : label + 3));
  highest_ += highest;
}

Interval LossSum::total() const {
  Interval sum = log({value(lower_, MPFR_RNDD), value(upper_, MPFR_RNDU)});
  const mpq_class shift = times_power_of_two(integer(highest_), -margin_places);
  verifier::add(sum, enclose(shift, shift));
  return sum;
}

} // namespace verifier::attention_only
