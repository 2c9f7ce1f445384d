// The length of a proof: scalar operations on end-points of enclosures, by kind (schema/FORMAT.md, section
// 8).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace verifier {

struct Operations {
  std::uint64_t add = 0, mul = 0, div = 0, sqrt = 0, exp = 0, log = 0, compare = 0, read = 0;

  // Kinds in the order in which they are printed.
  static constexpr std::array<std::string_view, 8> names = {"add", "mul", "div",     "sqrt",
                                                            "exp", "log", "compare", "read"};
  static constexpr std::array<std::uint64_t Operations::*, 8> kinds = {
      &Operations::add, &Operations::mul, &Operations::div,     &Operations::sqrt,
      &Operations::exp, &Operations::log, &Operations::compare, &Operations::read};

  static_assert(names.size() == kinds.size());

  // Sums stop at the largest number instead of wrapping: declared counts may be absurd, and no declared count
  // reaches it.
  static std::uint64_t sum(std::uint64_t x, std::uint64_t y) {
    std::uint64_t result;
    return __builtin_add_overflow(x, y, &result) ? UINT64_MAX : result;
  }
  std::uint64_t total() const {
    std::uint64_t total = 0;
    for (const auto kind : kinds) total = sum(total, this->*kind);
    return total;
  }
  Operations& operator+=(const Operations& other) {
    for (const auto kind : kinds) this->*kind = sum(this->*kind, other.*kind);
    return *this;
  }
  bool operator==(const Operations&) const = default;
};

} // namespace verifier
