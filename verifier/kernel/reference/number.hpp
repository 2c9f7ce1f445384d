// MPFR numbers of the reference engine, two an entry, and the operations on them: one call an end, its direction in the call.
#pragma once

#include "../engine.hpp"

#include <mpfr.h>

#include <vector>

namespace verifier::kernel::exactly {

inline constexpr mpfr_prec_t bits = 128; // of which a network of two layers loses 25

class Number { // owns an mpfr_t; copies are exact, since there is one precision
public:
  Number() { mpfr_init2(x_, bits), mpfr_set_zero(x_, 1); }
  ~Number() { mpfr_clear(x_); }
  Number(const Number& o) : Number() { mpfr_set(x_, o.x_, MPFR_RNDD); }
  Number& operator=(const Number& o) {
    mpfr_set(x_, o.x_, MPFR_RNDD);
    return *this;
  }
  operator mpfr_ptr() { return x_; }
  operator mpfr_srcptr() const { return x_; }
  int sign() const { return mpfr_sgn(x_); }
  bool operator<(const Number& y) const { return mpfr_less_p(x_, y.x_) != 0; }

private:
  mpfr_t x_;
};

struct Interval {
  Number lo, hi;
};
struct Intervals final : Numbers {
  explicit Intervals(std::size_t n) : x(n) {}
  std::vector<Interval> x;
};
const Interval& at(const View& v, std::size_t i, std::size_t j);

// Results must be numbers: an infinity or a NaN is refused where it arises.
void require_finite(const Interval& x);

// A new array: f(row, column, entry) gives each entry, which is 0 before.
template <class F>
Made map(Shape s, F f) {
  const auto r = std::make_shared<Intervals>(s.size());
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t j = 0; j < s.columns; ++j) {
      Interval& entry = r->x[i * s.columns + j];
      f(i, j, entry);
      require_finite(entry);
    }
  return r;
}

void add(Interval& r, const Interval& x, const Interval& y);
void subtract(Interval& r, const Interval& x, const Interval& y);
void multiply(Interval& r, const Interval& x, const Interval& y); // x is not negative
void product(Interval& r, const Interval& x, const Interval& y);  // of any signs; r is neither x nor y
void exp(Interval& r, const Interval& x);
void log(Interval& r, const Interval& x); // of what may be 0: minus infinity, refused as a result
void inverse(Interval& r, const Interval& x);
void positive_part(Interval& r, const Interval& x); // r is 0
void absolute(Interval& r, const Interval& x);
void upper_end(Interval& r, const Interval& x);
void square(Interval& r, const Interval& x);     // r is 0
void normal_cdf(Interval& r, const Interval& x); // r is not x
void share(Interval& r, const Interval& part, const Interval& rest);
void larger(Interval& r, const Interval& x, const Interval& y); // each end by itself; r may be x
void smaller(Interval& r, const Interval& x, const Interval& y);
void near(Interval& r, const Interval& x, const Interval& radius);                            // r is neither
void exchange(Interval& r, const Interval& sum, const Interval& term, const Interval& other); // r is none of them
void hull(Interval& r, const Interval& x);                                                    // r grows

} // namespace verifier::kernel::exactly
