// Counting as we go. A rule charges what it performs; the meter stops it when the step's declaration is
// exceeded.
#pragma once

#include "operations.hpp"

#include <atomic>
#include <cstdint>

namespace verifier {

// The declared length of one step, shared by the labels of the step.
struct Budget {
  std::uint64_t declared = 0;
  std::atomic<std::uint64_t> performed = 0;
};

struct BudgetExceeded {};

class Meter {
public:
  explicit Meter(Budget& budget) : budget_(budget) {}
  Operations operations;

  // Call at least once per row, before the work that was just charged for is done.
  void checkpoint() {
    const std::uint64_t total = operations.total();
    const std::uint64_t fresh = total - charged_;
    charged_ = total;
    std::uint64_t before = budget_.performed.load(std::memory_order_relaxed), after;
    do {
      after = Operations::sum(before, fresh);
    } while (!budget_.performed.compare_exchange_weak(before, after, std::memory_order_relaxed));
    if (after > budget_.declared) throw BudgetExceeded{};
  }

private:
  Budget& budget_;
  std::uint64_t charged_ = 0;
};

} // namespace verifier
