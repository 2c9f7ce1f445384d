// Work on several threads: each piece once, on as many threads as asked for, an exception of any of them; a stop; and the
// reference's ends where the caller has set MPFR's range of exponents.
#include "enclosures.hpp"
#include "kernel/parallel.hpp"

#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>

using namespace verifier::kernel;

TEST_CASE("work is done once for each index, on any number of threads") {
  for (const unsigned threads : {0U, 1U, 2U, 5U})
    for (const std::size_t count : {0U, 1U, 3U, 100U}) {
      std::vector<std::atomic<int>> done(count);
      in_parallel(count, threads, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) CHECK(times == 1);
    }
}

TEST_CASE("two threads work at the same time; with one, the caller's does") {
  std::latch both(2);
  in_parallel(2, 2, [&](std::size_t) { both.arrive_and_wait(); });
  in_parallel(3, 1,
              [&, caller = std::this_thread::get_id()](std::size_t) { CHECK(std::this_thread::get_id() == caller); });
}

TEST_CASE("an exception on any thread is the caller's, and ends the work") {
  for (const unsigned threads : {1U, 3U})
    for (const std::size_t where : {0U, 7U}) {
      std::atomic<std::size_t> done = 0;
      const auto work = [&](std::size_t i) {
        if (i == where) throw std::runtime_error("here");
        ++done;
      };
      CHECK_THROWS_AS(in_parallel(1'000'000'000, threads, work), std::runtime_error);
      CHECK(done < 999'999'999);
    }
}

TEST_CASE("an exception is waited for") {
  std::latch both(2);
  const auto work = [&, caller = std::this_thread::get_id()](std::size_t) {
    both.arrive_and_wait();
    if (std::this_thread::get_id() == caller) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    throw std::runtime_error("late");
  };
  CHECK_THROWS_AS(in_parallel(2, 2, work), std::runtime_error);
}

TEST_CASE("whoever stops work, stops it at the next charge") {
  std::atomic<bool> stop = false;
  Budget budget(1000, &stop);
  Meter meter(budget);
  Kernel k{fast(), meter};
  const Real x = exp(number(k, 1));
  stop = true;
  CHECK_THROWS_AS(x + x, Interrupted);
}

TEST_CASE("other threads have the exponents that every machine has, and the caller's come back") {
  constexpr mpfr_exp_t largest = 0x3fffffff; // 2^30 - 1: of MPFR where a long has 32 bits
  const mpfr_exp_t least = mpfr_get_emin(), most = mpfr_get_emax();
  mpfr_set_emin(-100), mpfr_set_emax(100);
  std::latch both(2);
  in_parallel(2, 2, [&, caller = std::this_thread::get_id()](std::size_t) {
    if (std::this_thread::get_id() != caller) {
      CHECK(mpfr_get_emin() == -largest);
      CHECK(mpfr_get_emax() == largest);
    }
    both.arrive_and_wait();
  });
  {
    const ExponentRange exponents;
    CHECK(mpfr_get_emin() == -largest);
    CHECK(mpfr_get_emax() == largest);
  }
  CHECK(mpfr_get_emin() == -100);
  CHECK(mpfr_get_emax() == 100);
  mpfr_set_emin(least), mpfr_set_emax(most);
}

TEST_CASE("the reference encloses within any range of exponents") {
  const mpfr_exp_t least = mpfr_get_emin(), most = mpfr_get_emax();
  mpfr_set_emin(-100), mpfr_set_emax(100);
  {
    Unit unit(reference());
    const Box box{{1, 1}, {-200}, {-200}};
    const Real small = exp(tensor<Real>(unit.k, box));
    const Enclosure e = enclosure(small, 0, 0);
    CHECK(e.lo == 0);
    CHECK(e.hi > 0);
    const Box large{{1, 1}, {200}, {200}};
    CHECK_THROWS_AS(exp(tensor<Real>(unit.k, large)), OutOfRange);
  }
  mpfr_set_emin(least), mpfr_set_emax(most);
}
