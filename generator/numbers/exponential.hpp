// exp(-q * 2^-scale) for whole q >= 0, from tables: about a nanosecond an entry and a proved error, without
// the C library's exp.
//
// With x = q * 2^-scale = i + j/2^11 + l/2^22 + r (i nats, j and l below 2^11, r < 2^-22), exp(-x) is the
// product of three table entries and of 1 - r + r²/2. See docs/generator-numerics.md, section 3, for the
// error.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace proofmark {

class Exponential {
public:
  // scale from 22 to 75, so that r fits a double exactly.
  static constexpr int least_scale = 22, most_scale = 75;
  explicit Exponential(int scale);

  // Where x < cut_off: |ln(result) + x| <= log_error. Beyond: the result is `tiny` and the true value at most
  // `tiny_error`, so that they differ by less than tiny_error. Every result is at least `tiny`: products of
  // two are normal doubles.
  static constexpr std::uint64_t cut_off = 345;
  static constexpr double tiny = 0x1p-500, tiny_error = 0x1p-497;
  static constexpr double log_error = 8.5 * 0x1p-52;

  void operator()(std::span<const std::int64_t> q, double* result) const; // every q at least 0
  double operator()(std::int64_t q) const;

private:
  int scale_;
  std::vector<double> nats_, coarse_, fine_; // exp(-i), exp(-j/2^11), exp(-l/2^22)
};

} // namespace proofmark
