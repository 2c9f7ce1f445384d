#include "workers.hpp"

#include <utility>

namespace proofmark {

Workers::Workers(unsigned threads) {
  for (unsigned i = 1; i < threads; ++i)
    threads_.emplace_back([this] { serve(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  begun_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

void Workers::run(std::size_t count, const std::function<void(std::size_t)>& piece) {
  {
    const std::lock_guard lock(mutex_);
    piece_ = &piece;
    count_ = count;
    next_ = 0;
    busy_ = threads_.size();
    ++round_;
  }
  begun_.notify_all();
  take_pieces();
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return busy_ == 0; });
  if (failure_)
    std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Workers::serve() {
  for (std::size_t round = 1;; ++round) {
    {
      std::unique_lock lock(mutex_);
      begun_.wait(lock, [&] { return stopping_ || round_ == round; });
      if (stopping_)
        return;
    }
    take_pieces();
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0)
      ended_.notify_one();
  }
}

void Workers::take_pieces() {
  try {
    for (std::size_t i = next_++; i < count_; i = next_++)
      (*piece_)(i);
  } catch (...) {
    next_ = count_;
    const std::lock_guard lock(mutex_);
    if (!failure_)
      failure_ = std::current_exception();
  }
}

} // namespace proofmark
