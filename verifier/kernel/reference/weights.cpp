#include "weights.hpp"

#include "number.hpp"

#include <algorithm>
#include <cmath>

namespace verifier::kernel::exactly {
namespace {

struct Integers final : Numbers { // x[i] 2^exponent
  Integers(std::size_t n, long exponent) : x(n), exponent(exponent) {}
  std::vector<Integer> x;
  const long exponent;
};
const Integers& integers(const View& v) {
  return static_cast<const Integers&>(*v.numbers);
}
const Integer& integer_at(const View& v, std::size_t i, std::size_t j) {
  return integers(v).x[v.offset + i * v.row_stride + j * v.column_stride];
}

// The number z 2^exponent.
struct Dyadic {
  Integer z;
  long exponent = 0;

  void reduce() {
    if (z == 0) return;
    const auto zeros = mpz_scan1(z.get_mpz_t(), 0);
    z >>= zeros, exponent += static_cast<long>(zeros);
  }
  // At most 2^16 bits are added: stored numbers are far from that, and what is not has no end.
  void in_steps_of(long least, Integer& r) const {
    if (z == 0) return void(r = 0);
    if (exponent - least > 1 << 16) throw OutOfRange();
    r = z << static_cast<unsigned long>(exponent - least);
  }
};
long least_exponent(std::span<const Dyadic> numbers, long least) {
  for (const Dyadic& x : numbers)
    if (x.z != 0) least = std::min(least, x.exponent);
  return least;
}

} // namespace

Made stored_weights(Shape shape, std::span<const double> x) {
  std::vector<Dyadic> numbers(shape.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    int exponent;
    const double part = std::frexp(x[i], &exponent);      // exact
    numbers[i] = {Integer(part * 0x1p53), exponent - 53}; // an integer
    numbers[i].reduce();
  }
  const auto r = std::make_shared<Integers>(shape.size(), least_exponent(numbers, 0));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i].in_steps_of(r->exponent, r->x[i]);
  return r;
}

Made rows_of_weights(const View& x, Indices at) {
  const auto r = std::make_shared<Integers>(at.size() * x.shape.columns, integers(x).exponent);
  for (std::size_t i = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) r->x[i * x.shape.columns + j] = integer_at(x, at[i], j);
  return r;
}

namespace {
// f(z, a, b) of the integers of two entries, in steps of both.
template <class F>
Made in_common_steps(const View& x, const View& y, F f) {
  const long a = integers(x).exponent, b = integers(y).exponent, least = std::min(a, b);
  const auto r = std::make_shared<Integers>(x.shape.size(), least);
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j)
      f(r->x[i * x.shape.columns + j], integer_at(x, i, j) << static_cast<unsigned long>(a - least),
        integer_at(y, i, j) << static_cast<unsigned long>(b - least));
  return r;
}
} // namespace
Made sum_of_weights(const View& x, const View& y) {
  return in_common_steps(x, y, [](Integer& r, const Integer& a, const Integer& b) { r = a + b; });
}
Made difference_of_weights(const View& x, const View& y) {
  return in_common_steps(x, y, [](Integer& r, const Integer& a, const Integer& b) { r = a - b; });
}

Made product_of_weights(const View& x, const View& y) {
  const std::size_t C = y.shape.columns;
  const auto r = std::make_shared<Integers>(x.shape.rows * C, integers(x).exponent + integers(y).exponent);
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t k = 0; k < x.shape.columns; ++k) {
      const mpz_srcptr factor = integer_at(x, i, k).get_mpz_t();
      for (std::size_t j = 0; j < C; ++j)
        mpz_addmul(r->x[i * C + j].get_mpz_t(), factor, integer_at(y, k, j).get_mpz_t());
    }
  return r;
}

// A number that the entry encloses: the row's largest if that is one, so that huge rows lose nothing, or else the upper end.
namespace {
bool encloses(const Interval& entry, const Integer& z, long exponent) {
  Interval x;
  mpfr_set_z_2exp(x.lo, z.get_mpz_t(), exponent, MPFR_RNDD), mpfr_set_z_2exp(x.hi, z.get_mpz_t(), exponent, MPFR_RNDU);
  return !(x.lo < entry.lo) && !(entry.hi < x.hi);
}
Dyadic number_in(const Interval& entry, const View& x, std::size_t i) {
  Dyadic number{0, integers(x).exponent};
  for (std::size_t j = 0; j < x.shape.columns; ++j)
    if (j == 0 || integer_at(x, i, j) > number.z) number.z = integer_at(x, i, j);
  if (!encloses(entry, number.z, number.exponent)) {
    if (entry.hi.sign() == 0) return {};
    number.exponent = mpfr_get_z_2exp(number.z.get_mpz_t(), entry.hi);
  }
  number.reduce();
  return number;
}
} // namespace
Made shifted_weights(const View& x, const View& by) {
  std::vector<Dyadic> shifts;
  for (std::size_t i = 0; i < x.shape.rows; ++i) shifts.push_back(number_in(at(by, i, 0), x, i));
  const long of_x = integers(x).exponent, least = least_exponent(shifts, of_x);
  const auto r = std::make_shared<Integers>(x.shape.size(), least);
  Integer shift, entry;
  for (std::size_t i = 0; i < x.shape.rows; ++i) {
    shifts[i].in_steps_of(least, shift);
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      Dyadic{integer_at(x, i, j), of_x}.in_steps_of(least, entry);
      r->x[i * x.shape.columns + j] = entry - shift;
    }
  }
  return r;
}

Made rounded_weights(const View& x) {
  const long exponent = integers(x).exponent;
  return map(x.shape, [&](auto i, auto j, Interval& r) {
    const mpz_srcptr z = integer_at(x, i, j).get_mpz_t();
    mpfr_set_z_2exp(r.lo, z, exponent, MPFR_RNDD), mpfr_set_z_2exp(r.hi, z, exponent, MPFR_RNDU);
  });
}

} // namespace verifier::kernel::exactly
