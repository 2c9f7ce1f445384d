// Tensors with given ends, on either engine, and what an engine made, as rational numbers: tests look inside, rules cannot.
#pragma once

#include "draws.hpp"
#include "kernel/fast/storage.hpp"
#include "kernel/reference/number.hpp"

#include <doctest/doctest.h>

#include <functional>

using Rational = mpq_class;

// A unit of work on one engine.
struct Unit {
  explicit Unit(const verifier::kernel::Engine& engine, std::uint64_t operations = UINT64_MAX,
                std::uint64_t elements = verifier::kernel::Meter::most_elements)
      : budget(operations), meter(budget, elements), k{engine, meter} {}
  verifier::kernel::Budget budget;
  verifier::kernel::Meter meter;
  verifier::kernel::Kernel k;
};

struct Box { // ends of each entry, row by row
  verifier::kernel::Shape shape;
  std::vector<double> lo, hi;
};

template <class T>
T tensor(verifier::kernel::Kernel& k, const Box& box) {
  using namespace verifier::kernel;
  View view{nullptr, box.shape, 0, box.shape.columns, 1};
  if (&k.engine == &fast()) {
    const auto made = doubles::make(box.shape);
    std::copy(box.lo.begin(), box.lo.end(), made->lo()), std::copy(box.hi.begin(), box.hi.end(), made->hi());
    made->engine = &k.engine;
    view.numbers = made;
  } else {
    const auto made = std::make_shared<exactly::Intervals>(box.shape.size());
    for (std::size_t i = 0; i < box.shape.size(); ++i)
      mpfr_set_d(made->x[i].lo, box.lo[i], MPFR_RNDN), mpfr_set_d(made->x[i].hi, box.hi[i], MPFR_RNDN);
    made->engine = &k.engine;
    view.numbers = made;
  }
  return T(k, view);
}

struct Enclosure {
  Rational lo, hi;
};
inline Rational rational(mpfr_srcptr x) {
  REQUIRE(mpfr_number_p(x) != 0);
  Rational r;
  mpfr_get_q(r.get_mpq_t(), x);
  return r;
}
inline Enclosure enclosure(const verifier::kernel::Real& x, std::size_t i, std::size_t j) {
  using namespace verifier::kernel;
  if (&x.kernel().engine == &fast()) {
    double lo, hi;
    doubles::take(x.view(), i, j, &lo, &hi);
    REQUIRE(std::isfinite(lo));
    REQUIRE(std::isfinite(hi));
    return {Rational(lo), Rational(hi)};
  }
  const exactly::Interval& entry = exactly::at(x.view(), i, j);
  return {rational(entry.lo), rational(entry.hi)};
}

// A real number, known to 400 bits: functions of it are monotone.
struct Truth {
  Rational lo, hi;
  Truth(const Rational& exact) : lo(exact), hi(exact) {}
  Truth(Rational l, Rational h) : lo(std::move(l)), hi(std::move(h)) {}
};
inline Truth apply(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const Truth& x) {
  mpfr_t a;
  mpfr_init2(a, 400);
  mpfr_set_q(a, x.lo.get_mpq_t(), MPFR_RNDD), f(a, a, MPFR_RNDD);
  Rational lo = rational(a);
  mpfr_set_q(a, x.hi.get_mpq_t(), MPFR_RNDU), f(a, a, MPFR_RNDU);
  Truth r(lo, rational(a));
  mpfr_clear(a);
  return r;
}
// Φ(x) = erfc(-x / sqrt 2) / 2, which rises with x: each step is rounded so that the result is.
inline int normal_cdf_of(mpfr_ptr r, mpfr_srcptr x, mpfr_rnd_t direction) {
  mpfr_t root_half;
  mpfr_init2(root_half, mpfr_get_prec(r));
  mpfr_set_ui(root_half, 2, MPFR_RNDN);
  mpfr_rec_sqrt(root_half, root_half, (mpfr_sgn(x) < 0) == (direction == MPFR_RNDD) ? MPFR_RNDU : MPFR_RNDD);
  mpfr_mul(r, x, root_half, direction), mpfr_neg(r, r, direction);
  mpfr_erfc(r, r, direction);
  mpfr_clear(root_half);
  return mpfr_div_2ui(r, r, 1, direction);
}
inline Truth operator+(const Truth& x, const Truth& y) {
  return {x.lo + y.lo, x.hi + y.hi};
}

inline void check_inside(const verifier::kernel::Real& x, std::size_t i, std::size_t j, const Truth& truth) {
  const Enclosure e = enclosure(x, i, j);
  CHECK(e.lo <= truth.lo);
  CHECK(truth.hi <= e.hi);
}
