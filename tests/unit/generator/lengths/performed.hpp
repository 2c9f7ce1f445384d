// What the verifier's rules perform, beside what the generator's dry run of them says.
#pragma once

#include "lengths/lengths.hpp"

#include "kernel/engine.hpp"
#include "kernel/operations.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>

namespace lengths_tests {

namespace kernel = verifier::kernel;

// A kernel that nothing but one piece of work is charged to.
class Meter {
public:
  explicit Meter(const kernel::Engine& engine) : k{engine, meter_} {}
  Meter(const Meter&) = delete;
  const kernel::Performed& performed() const { return meter_.performed(); }

private:
  kernel::Budget budget_{UINT64_MAX};
  kernel::Meter meter_{budget_};

public:
  kernel::Kernel k;
};

// Kind by kind.
inline void check_equal(proofmark::Operations said, const kernel::Performed& performed) {
  const auto all = proofmark::kinds(said);
  REQUIRE(all.size() == performed.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].first);
    CHECK(*all[i].second == performed[i]);
  }
}
inline void check_at_most(proofmark::Operations exact, proofmark::Operations said) {
  const auto some = proofmark::kinds(exact), all = proofmark::kinds(said);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].first);
    CHECK(*some[i].second <= *all[i].second);
  }
}

class Draw {
public:
  explicit Draw(unsigned seed) : bits_(seed) {}
  std::uint64_t below(std::uint64_t n) { return bits_() % n; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  bool coin() { return below(2) == 1; }
  double number() { return static_cast<double>(static_cast<std::int64_t>(below(129)) - 64) / 64; } // -1 .. 1
  double positive() { return static_cast<double>(1 + below(64)) / 32; }
  std::vector<double> numbers(std::size_t count) {
    std::vector<double> result(count);
    for (double& x : result) x = number();
    return result;
  }
  // So many different numbers below `end`.
  std::vector<std::uint16_t> some(std::size_t count, std::size_t end) {
    std::vector<std::uint16_t> all(end);
    for (std::size_t i = 0; i < end; ++i) all[i] = static_cast<std::uint16_t>(i);
    std::shuffle(all.begin(), all.end(), bits_);
    all.resize(count);
    return all;
  }

private:
  std::mt19937_64 bits_;
};

// Ranges of labels that cover 0 .. V; one range, or one a label, or any.
inline std::vector<proofmark::LabelRange> ranges(Draw& draw, std::uint64_t V) {
  std::vector<proofmark::LabelRange> result;
  const std::uint64_t most = std::array<std::uint64_t, 3>{1, V, draw.between(1, V)}[draw.below(3)];
  for (std::uint64_t from = 0; from < V; from = result.back().to)
    result.push_back({from, std::min(V, from + draw.between(1, most))});
  return result;
}

inline constexpr std::array<const kernel::Engine& (*)(), 2> engines = {kernel::fast, kernel::reference};

} // namespace lengths_tests
