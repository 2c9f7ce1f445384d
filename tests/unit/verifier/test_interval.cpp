#include "interval.hpp"
#include "parallel.hpp"
#include "reason.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <random>
#include <thread>

using namespace verifier;

namespace {

// A wide interval of 64-bit ends around a rational number.
Interval around(const mpq_class& x) {
  return enclose(x, x);
}

bool contains(const Interval& x, const mpq_class& value) {
  return exact(x.lo) <= value && value <= exact(x.hi);
}

// One unit in the last place of a 64-bit number near x, as a rational.
bool is_tight(const Interval& x, int ulps) {
  const mpq_class width = exact(x.hi) - exact(x.lo), size = abs(exact(x.hi));
  return width * mpq_class(mpz_class(1) << 63) <= size * ulps;
}

} // namespace

TEST_CASE("work on several threads, this one among them, forgets no flag that was raised here before") {
  const auto work = [] { return [](std::size_t) {}; };
  for (const unsigned threads : {1u, 4u}) {
    start_rounding_on_this_thread();
    for_each_index(8, threads, work);
    mpfr_set_nanflag();
    CHECK_THROWS_AS(for_each_index(8, threads, work), Failure);
    start_rounding_on_this_thread();
  }
}

TEST_CASE("every operation rounds outward, and no further than it must") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 500; ++i) {
    const mpq_class p(mpz_class(static_cast<unsigned long>(random() | 1)), 3),
        q(mpz_class(static_cast<unsigned long>(random() | 1)), 7);
    Interval x = around(p), y = around(q);
    CHECK(exact(x.lo) <= p);
    CHECK(p <= exact(x.hi));
    Interval sum = x, product = x, multiple = x;
    add(sum, y);
    multiply_nonnegative(product, y);
    multiply_any(multiple, mpz_class("123456789012345678901234567890"));
    CHECK(contains(sum, p + q));
    CHECK(contains(product, p * q));
    CHECK(contains(multiple, p * mpq_class("123456789012345678901234567890")));
    CHECK(is_tight(sum, 8));
    CHECK(is_tight(product, 8));
    CHECK(is_tight(multiple, 8));
  }
}

TEST_CASE("operations on exact numbers that round have two different ends") {
  // 2^64 - 1 needs all 64 bits; its square and its sum with 1/2 do not fit, so the ends must differ.
  const mpz_class full("18446744073709551615");
  Interval square = exactly(UINT64_MAX), sum = exactly(UINT64_MAX), multiple = exactly(UINT64_MAX);
  multiply_nonnegative(square, square);
  CHECK(exact(square.lo) < mpq_class(full * full));
  CHECK(mpq_class(full * full) < exact(square.hi));
  add(sum, enclose(mpq_class(1, 2), mpq_class(1, 2)));
  CHECK(exact(sum.lo) < mpq_class(full) + mpq_class(1, 2));
  CHECK(mpq_class(full) + mpq_class(1, 2) < exact(sum.hi));
  multiply_any(multiple, mpz_class(3));
  CHECK(exact(multiple.lo) < mpq_class(full * 3));
  CHECK(mpq_class(full * 3) < exact(multiple.hi));
}

TEST_CASE("the logarithm encloses a 400-bit value and is one unit wide") {
  for (unsigned n = 2; n < 200; ++n) {
    const Interval y = log(exactly(n));
    mpfr_t truth;
    mpfr_init2(truth, 400);
    mpfr_set_ui(truth, n, MPFR_RNDN);
    mpfr_log(truth, truth, MPFR_RNDN);
    CHECK(mpfr_less_p(y.lo.get(), truth));
    CHECK(mpfr_less_p(truth, y.hi.get()));
    CHECK(is_tight(y, 2));
    mpfr_clear(truth);
  }
}

TEST_CASE("the logarithm of what may be zero or not a number is refused") {
  Interval zero;
  CHECK_THROWS_AS(log(zero), Failure);
  Interval nan = exactly(1);
  mpfr_set_nan(nan.lo.get());
  CHECK_THROWS_AS(log(nan), Failure);
  CHECK_THROWS_AS(exact(nan.lo), Failure);
  mpfr_set_inf(nan.lo.get(), 1);
  CHECK_THROWS_AS(exact(nan.lo), Failure);
}

TEST_CASE("reciprocals from above are no less than that of the lower end, and the nearest such number") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    const mpq_class y(mpz_class(static_cast<unsigned long>(random() | 1)), 3 + i);
    Interval interval = around(y);
    mpfr_nextbelow(interval.lo.get()); // the two ends have unlike reciprocals
    Real x;
    set_reciprocal_from_above(x, interval);
    CHECK(1 / exact(interval.lo) <= exact(x));
    mpfr_nextbelow(x.get());
    CHECK(exact(x) < 1 / exact(interval.lo));
  }
}

TEST_CASE("only negative lower ends are raised to zero") {
  Interval x = enclose(mpq_class(-1, 3), mpq_class(1, 3));
  raise_lower_to_zero(x);
  CHECK(exact(x.lo) == 0);
  CHECK(exact(x.hi) >= mpq_class(1, 3));
  Interval y = enclose(mpq_class(1, 3), mpq_class(1, 2));
  raise_lower_to_zero(y);
  CHECK(exact(y.lo) > 0);
}

TEST_CASE("work is done once for each index, on any number of threads") {
  start_rounding_on_this_thread();
  for (const unsigned threads : {1u, 2u, 7u}) {
    std::vector<int> calls(1000, 0);
    for_each_index(calls.size(), threads, [&] { return [&](std::size_t i) { ++calls[i]; }; });
    CHECK(std::all_of(calls.begin(), calls.end(), [](int n) { return n == 1; }));
  }
}

TEST_CASE("an MPFR flag or an exception on any thread is a failure") {
  for (const unsigned threads : {1u, 3u}) {
    start_rounding_on_this_thread();
    CHECK_THROWS_AS(for_each_index(10, threads,
                                   [] {
                                     return [](std::size_t i) {
                                       if (i == 7) mpfr_set_nanflag();
                                     };
                                   }),
                    Failure);
    start_rounding_on_this_thread();
    CHECK_THROWS_AS(for_each_index(10, threads,
                                   [] {
                                     return [](std::size_t i) {
                                       if (i == 3) mpfr_set_underflow();
                                     };
                                   }),
                    Failure);
    start_rounding_on_this_thread();
    CHECK_THROWS_AS(for_each_index(10, threads,
                                   [] {
                                     return [](std::size_t i) {
                                       if (i == 5) throw std::runtime_error("stop");
                                     };
                                   }),
                    std::runtime_error);
  }
  start_rounding_on_this_thread();
}

TEST_CASE("flags from before the start do not count") {
  mpfr_set_nanflag();
  start_rounding_on_this_thread();
  CHECK(rounding_was_clean_on_this_thread());
  mpfr_set_divby0();
  CHECK_FALSE(rounding_was_clean_on_this_thread());
  start_rounding_on_this_thread();
}

TEST_CASE("two threads work at the same time") {
  std::latch both(2);
  std::atomic<int> met = 0;
  for_each_index(2, 2, [&] {
    return [&](std::size_t) {
      both.count_down();
      for (int i = 0; i < 2000 && !both.try_wait(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      met += both.try_wait();
    };
  });
  CHECK(met == 2);
}

TEST_CASE("threads start with the whole exponent range, whatever the caller had set") {
  mpfr_set_emin(-100);
  for_each_index(1, 1, [] {
    return [](std::size_t) {
      if (mpfr_get_emin() != mpfr_get_emin_min() || mpfr_get_emax() != mpfr_get_emax_max())
        throw std::runtime_error("range");
    };
  });
  mpfr_set_emin(mpfr_get_emin_min());
}
