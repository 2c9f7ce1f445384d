// A few threads that share a list of independent pieces of work.
//
// Which thread takes which piece is left to chance, so results may depend on how work is cut into pieces but
// never on the number of threads: a piece must write only what no other piece reads or writes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace proofmark {

class Workers {
public:
  explicit Workers(unsigned threads); // at least 1, the caller's own thread included
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Calls piece(0) .. piece(count - 1), each once, and returns when all are done. The first exception of a
  // piece is thrown again here; pieces not yet begun are then left out.
  void run(std::size_t count, const std::function<void(std::size_t)>& piece);

private:
  void serve();
  void take_pieces();

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable begun_, ended_;
  std::size_t round_ = 0; // how often run() was called
  std::size_t busy_ = 0;  // threads that have not finished the round
  bool stopping_ = false;
  const std::function<void(std::size_t)>* piece_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::exception_ptr failure_;
};

} // namespace proofmark
