#include "workers.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace proofmark;

TEST_CASE("every piece of work is done once, round after round") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    Workers workers(threads);
    for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
      std::vector<int> done(count);
      workers.run(count, [&](std::size_t i) { ++done[i]; });
      CHECK(done == std::vector<int>(count, 1));
    }
  }
}

TEST_CASE("an exception comes back, and the workers go on") {
  for (const unsigned threads : {1U, 3U}) {
    Workers workers(threads);
    CHECK_THROWS_AS(workers.run(100,
                                [](std::size_t i) {
                                  if (i == 7)
                                    throw std::runtime_error("seven");
                                }),
                    std::runtime_error);
    std::atomic<int> done = 0;
    workers.run(10, [&](std::size_t) { ++done; });
    CHECK(done == 10);
  }
}
