// Operations by kind, as the length of a proof counts them (schema/FORMAT.md, section 8).
#pragma once

#include "numbers/interval.hpp"

#include <array>
#include <utility>

namespace proofmark {

template <class Number>
struct OperationCounts {
  Number add{}, mul{}, div{}, sqrt{}, exp{}, log{}, compare{}, read{};

  OperationCounts& operator+=(const OperationCounts& o) {
    add += o.add, mul += o.mul, div += o.div, sqrt += o.sqrt;
    exp += o.exp, log += o.log, compare += o.compare, read += o.read;
    return *this;
  }
  OperationCounts& operator-=(const OperationCounts& o) {
    add -= o.add, mul -= o.mul, div -= o.div, sqrt -= o.sqrt;
    exp -= o.exp, log -= o.log, compare -= o.compare, read -= o.read;
    return *this;
  }
  Number length() const { return add + mul + div + sqrt + exp + log + compare + read; }
  bool operator==(const OperationCounts&) const = default;
};

using Operations = OperationCounts<Integer>;

// The eight kinds by their names in the format, each with its place in the counts.
template <class Counts>
auto kinds(Counts& o) {
  return std::array{std::pair{"add", &o.add},         std::pair{"mul", &o.mul},  std::pair{"div", &o.div},
                    std::pair{"sqrt", &o.sqrt},       std::pair{"exp", &o.exp},  std::pair{"log", &o.log},
                    std::pair{"compare", &o.compare}, std::pair{"read", &o.read}};
}

} // namespace proofmark
