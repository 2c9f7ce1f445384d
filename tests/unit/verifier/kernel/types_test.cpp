// What must not compile, does not.
#include "kernel/bands.hpp"

#include <doctest/doctest.h>

using namespace verifier::kernel;

namespace {

template <class X, class Y>
concept Multiplies = requires(X x, Y y) {
  x* y;
};
template <class X, class Y>
concept Adds = requires(X x, Y y) {
  x + y;
};
template <class X>
concept HasLogarithm = requires(X x) {
  log(x);
};
template <class X>
concept HasExponential = requires(X x) {
  exp(x);
};
template <class X>
concept HasInverse = requires(X x) {
  inverse(x);
};
template <class X>
concept HasDots = requires(X x, Indices at) {
  dots(x, at, x, at);
};
template <class X>
concept HasRows = requires(X x) {
  rows(x, 0, 1);
};
template <class X>
concept Enters = requires(Total t, X x) {
  t.add(x);
};

static_assert(Multiplies<Positive, Real> && Multiplies<Positive, Positive> && Multiplies<Weights, Weights>);
static_assert(!Multiplies<Real, Real> && !Multiplies<Real, Positive>);
static_assert(!Multiplies<Weights, Real> && !Multiplies<Positive, Weights> && !Adds<Weights, Real> &&
              !Adds<Real, Weights>);
static_assert(HasLogarithm<Positive> && !HasLogarithm<Real> && HasInverse<Positive> && !HasInverse<Real>);
static_assert(HasDots<Positive> && !HasDots<Real> && HasExponential<Real> && !HasExponential<Weights>);
// A table has no meter: nothing can be computed from it before it is lent.
using T = Table<Positive>;
static_assert(!Multiplies<T, T> && !Multiplies<T, Real> && !Multiplies<Positive, T> && !Adds<T, T> && !Adds<Real, T>);
static_assert(!HasLogarithm<T> && !HasExponential<T> && !HasInverse<T> && !HasDots<T> && !HasRows<T> && !Enters<T>);
static_assert(!std::is_convertible_v<T, Real> && !std::is_constructible_v<Real, T>);
// A sum of a positive and a real is a real, not a positive; what was a real does not become positive.
static_assert(!std::is_convertible_v<Real, Positive>);

} // namespace

TEST_CASE("the fast engine encloses exp(1)") {
  Budget budget(1000);
  Meter meter(budget);
  Kernel k{fast(), meter};
  const Real x = exp(number(k, 1));
  Total t;
  t.add(x);
  CHECK(t.lower < t.upper);
  CHECK(t.upper - t.lower < 10000);
}
