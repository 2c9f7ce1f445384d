// What work costs: operations by kind, charged before they are performed, and the elements of tensors that are alive.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>

namespace verifier::kernel {

enum class Operation : std::uint8_t { add, mul, div, sqrt, exp, log, compare, read };

using Performed = std::array<std::uint64_t, 8>; // by Operation

struct OverBudget : std::exception { // the work would take more operations than it was given
  const char* what() const noexcept override { return "more operations than the budget"; }
};
struct OverMemory : std::exception { // more elements would be alive than one meter may hold
  const char* what() const noexcept override { return "more elements than a meter may hold"; }
};

struct Interrupted : std::exception { // whoever asked for the work wants no more of it
  const char* what() const noexcept override { return "interrupted"; }
};
struct OutOfRange : std::exception { // beyond what an engine can enclose: fast leaves it to the reference
  const char* what() const noexcept override { return "numbers beyond the engine's range"; }
};

// The operations that a piece of work may take. Shared by its units, on any threads: whether the sum passes the budget does
// not depend on their order.
class Budget {
public:
  explicit Budget(std::uint64_t operations, const std::atomic<bool>* stop = nullptr) : left_(operations), stop_(stop) {}
  void take(std::uint64_t count) {
    if (stop_ != nullptr && *stop_) throw Interrupted();
    std::uint64_t left = left_.load(std::memory_order_relaxed);
    do {
      if (count > left) throw OverBudget();
    } while (!left_.compare_exchange_weak(left, left - count, std::memory_order_relaxed));
  }

private:
  std::atomic<std::uint64_t> left_;
  const std::atomic<bool>* stop_; // may be null
};

// Elements that count as alive until this is destroyed. It may outlive its meter, as tables do.
class Lease {
public:
  Lease() = default;
  Lease(std::shared_ptr<std::atomic<std::uint64_t>> alive, std::uint64_t elements)
      : alive_(std::move(alive)), elements_(elements) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&& other) noexcept {
    std::swap(alive_, other.alive_), std::swap(elements_, other.elements_);
    return *this;
  }
  ~Lease() {
    if (alive_) alive_->fetch_sub(elements_, std::memory_order_relaxed);
  }

private:
  std::shared_ptr<std::atomic<std::uint64_t>> alive_;
  std::uint64_t elements_ = 0;
};

// What one unit of work performs. A meter belongs to one thread; what units performed is added afterwards.
class Meter {
public:
  static constexpr std::uint64_t most_elements = std::uint64_t{1} << 28; // of one meter, alive at a time

  explicit Meter(Budget& budget, std::uint64_t most = most_elements) : budget_(budget), most_(most) {}

  // So many operations as the product of the factors; a product beyond 64 bits is beyond every budget.
  void charge(Operation kind, std::initializer_list<std::uint64_t> factors) {
    std::uint64_t count = 1;
    for (const std::uint64_t f : factors)
      if (f == 0) return;
    for (const std::uint64_t f : factors)
      if (__builtin_mul_overflow(count, f, &count)) throw OverBudget();
    budget_.take(count);
    performed_[static_cast<std::size_t>(kind)] += count;
  }
  Lease hold(std::uint64_t rows, std::uint64_t columns) {
    std::uint64_t count;
    if (__builtin_mul_overflow(rows, columns, &count)) throw OverMemory();
    if (count > most_ || alive_->load(std::memory_order_relaxed) > most_ - count) throw OverMemory();
    alive_->fetch_add(count, std::memory_order_relaxed);
    return {alive_, count};
  }
  const Performed& performed() const { return performed_; }
  void add(const Performed& other) { // of a part of this unit, which took it from the same budget
    for (std::size_t i = 0; i < performed_.size(); ++i) performed_[i] += other[i];
  }
  Budget& budget() const { return budget_; }
  std::uint64_t alive() const { return *alive_; }

private:
  Budget& budget_;
  Performed performed_{};
  std::shared_ptr<std::atomic<std::uint64_t>> alive_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t most_;
};

} // namespace verifier::kernel
