#include "loss_sum.hpp"

#include "../number.hpp"

namespace verifier::attention_only {
namespace {

int bit_width(Uint128 x) {
  return bit_length(static_cast<Int128>(x)); // sums stay far below 2^127
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
  const ExponentialSum sum = exponentials_.sum(margins, highest, error);
  lower_.multiply_from_below(sum.least);
  upper_.multiply_from_above(sum.most);
  highest_ += highest;
}

Interval LossSum::total() const {
  Interval sum = log({value(lower_, MPFR_RNDD), value(upper_, MPFR_RNDU)});
  const mpq_class shift = times_power_of_two(integer(highest_), -margin_places);
  verifier::add(sum, enclose(shift, shift));
  return sum;
}

} // namespace verifier::attention_only
