#include "support/parallel.hpp"

#include "support/interrupt.hpp"

#include <mpfr.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace proofmark {

void for_each_piece(std::size_t pieces, unsigned threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& progress) {
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> stop{false};
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable finished;
  unsigned running = 0;

  const auto run = [&] {
    try {
      for (std::size_t i; !stop && (i = next++) < pieces; ++done) {
        stop_if_interrupted();
        work(pieces - 1 - i);
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      stop = true;
    }
    mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); // constants that MPFR keeps for each thread, and never frees
    const std::scoped_lock lock(mutex);
    --running;
    finished.notify_one();
  };

  if (!progress && (threads <= 1 || pieces <= 1)) { // not worth a thread
    for (std::size_t piece = pieces; piece-- > 0;) {
      stop_if_interrupted();
      work(piece);
    }
    return;
  }
  std::vector<std::jthread> workers; // joined on every way out
  const std::size_t count = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(pieces, 1));
  workers.reserve(count);
  std::unique_lock lock(mutex);
  try {
    for (; running < count; ++running)
      workers.emplace_back(run);       // each waits for the lock before it says that it is done
  } catch (const std::system_error&) { // no more threads to be had: those that there are do the work, or this one
    if (workers.empty()) {
      ++running;
      lock.unlock();
      run();
      lock.lock();
    }
  }
  while (!finished.wait_for(lock, std::chrono::milliseconds(200), [&] { return running == 0; }))
    if (progress && !stop) progress(done);
  if (failure) std::rethrow_exception(failure);
}

} // namespace proofmark
