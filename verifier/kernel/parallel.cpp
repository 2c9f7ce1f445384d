#include "parallel.hpp"

#include <mpfr.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace verifier::kernel {

void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::jthread> others;
  try {
    for (std::size_t t = 1; t < std::min<std::size_t>(threads, count); ++t)
      others.emplace_back([&] {
        const ExponentRange exponents;
        run();
      });
  } catch (const std::system_error&) { // no more threads
  }
  run();
  others.clear(); // joins
  if (failure) std::rethrow_exception(failure);
}

bool has_storage_by_thread() {
  return mpfr_buildopt_tls_p() != 0;
}

ExponentRange::ExponentRange() : least_(mpfr_get_emin()), greatest_(mpfr_get_emax()) {
  constexpr long most = (1L << 30) - 1; // of MPFR where a long has 32 bits
  mpfr_set_emin(-most);
  mpfr_set_emax(most);
}
ExponentRange::~ExponentRange() {
  mpfr_set_emin(least_);
  mpfr_set_emax(greatest_);
  mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE);
}

} // namespace verifier::kernel
