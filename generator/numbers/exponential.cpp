#include "numbers/exponential.hpp"

#include "numbers/interval.hpp"

#include <cassert>
#include <cmath>

namespace proofmark {

namespace {

constexpr int digit = 11;
constexpr std::int64_t digits = 1 << digit;

// exp(-i * 2^-scale) for i < count, each off by less than 2^-52 of its value: upper ends, one unit in the
// last place away.
std::vector<double> table(std::int64_t count, int scale) {
  std::vector<double> result;
  for (std::int64_t i = 0; i < count; ++i) result.push_back(upper_double(exp(enclose(Integer(-i), -scale))));
  return result;
}

} // namespace

Exponential::Exponential(int scale)
    : scale_(scale), nats_(table(cut_off, 0)), coarse_(table(digits, digit)), fine_(table(digits, 2 * digit)) {
  assert(scale >= least_scale && scale <= most_scale);
}

double Exponential::operator()(std::int64_t q) const {
  double result;
  (*this)({&q, 1}, &result);
  return result;
}

void Exponential::operator()(std::span<const std::int64_t> q, double* result) const {
  const int low_bits = scale_ - 2 * digit;
  const std::int64_t low_mask = (std::int64_t(1) << low_bits) - 1;
  const double unit = std::ldexp(1.0, -scale_);
  for (std::size_t k = 0; k < q.size(); ++k) {
    const std::int64_t high = q[k] >> low_bits, i = high >> (2 * digit);
    const bool beyond = i >= static_cast<std::int64_t>(cut_off);
    const double r = static_cast<double>(q[k] & low_mask) * unit; // exact: at most 53 bits
    const double rest = 1.0 - (r - 0.5 * (r * r));
    const double product = nats_[static_cast<std::size_t>(beyond ? 0 : i)] *
                           coarse_[static_cast<std::size_t>((high >> digit) & (digits - 1))] *
                           (fine_[static_cast<std::size_t>(high & (digits - 1))] * rest);
    result[k] = beyond ? tiny : product;
  }
}

} // namespace proofmark
