#include "numbers/log_sum.hpp"

#include <bit>

namespace proofmark {

Integer integer(LogSum::Wide x) {
  const Integer high = static_cast<std::int64_t>(x >> 64);
  return high * (Integer(1) << 64) + Integer(static_cast<std::uint64_t>(x));
}

void LogSum::multiply(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const double in_binade = std::bit_cast<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  exponent += static_cast<std::int64_t>(bits >> 52) - 1023;
  mantissa *= in_binade;
  if (mantissa >= 2) // at most 4, when rounded up: then 2 remains, which is harmless
    mantissa *= 0.5, ++exponent;
  ++inputs;
}

Interval enclosure(const LogSum& sum, long scale) {
  return log(enclose(sum.mantissa)) + ln_2() * enclose(Integer(sum.exponent)) + enclose(integer(sum.offset), -scale);
}

} // namespace proofmark
