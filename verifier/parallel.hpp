// Independent pieces of work on several threads, with results that do not depend on how many there are.
#pragma once

#include "interval.hpp"
#include "reason.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace verifier {

// Fails unless MPFR keeps its flags, exponent range and caches apart for each of several threads.
inline void require_thread_safety(unsigned threads) {
  if (threads == 1 || mpfr_buildopt_tls_p()) return;
  Failure failure(Reason::internal, "", "MPFR with thread-local storage", "MPFR built without");
  failure.hint = "--threads 1 does without";
  throw failure;
}

// Calls work(i) once for each i in [0, count), on `threads` threads, this one among them, or on fewer where the system has
// no more. make_work() is called on each thread first and gives that thread's own `work`, which must write its result to a
// place of its own. MPFR's exponent range is per thread, so it is set on each; a flag raised anywhere (not a number,
// overflow, ..) is a failure. Rethrows one exception if any call threw.
template <class MakeWork>
void for_each_index(std::size_t count, unsigned threads, MakeWork make_work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto require_clean = [] {
    if (!rounding_was_clean_on_this_thread())
      fail(Reason::internal, "", "exact exceptions only", "an MPFR flag was raised");
  };
  const auto run = [&] {
    try {
      start_rounding_on_this_thread();
      {
        auto work = make_work();
        for (std::size_t i = next++; i < count; i = next++) work(i);
      }
      require_clean();
    } catch (...) {
      next = count; // the other threads stop after their current piece
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
    mpfr_free_cache();
  };
  require_clean(); // what was raised here before `run` clears it
  std::vector<std::jthread> pool;
  const auto wanted = std::clamp<std::size_t>(count, 1, std::max(1u, threads));
  try {
    while (pool.size() + 1 < wanted) pool.emplace_back(run);
  } catch (const std::system_error&) { // no more threads
  }
  run();
  pool.clear(); // joins
  if (failure) std::rethrow_exception(failure);
}

} // namespace verifier
