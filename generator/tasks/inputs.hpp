// Operations by kind, as the length of a proof counts them (schema/FORMAT.md, section 8; lengths/ says how many a proof
// takes), and how many inputs there are of a kind.
//
// In exact integers, because both leave 64 bits long before the format's limit refuses them.
#pragma once

#include "numbers/interval.hpp"
#include "tasks/task.hpp"

#include <array>
#include <utility>

namespace proofmark {

// The inputs with labels in [from, to), of context length n over V tokens.
struct LabelRange {
  std::uint64_t from = 0, to = 0;
};

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

Integer binomial(std::uint64_t n, std::uint64_t k);
Integer inputs_with_label(const Task&, std::uint64_t label);        // (y+1)^n - y^n
Integer inputs_in(const Task&, LabelRange);                         // to^n - from^n
Integer sorted_inputs(const Task&);                                 // C(V+n-1, n)
Integer sorted_inputs_with_label(const Task&, std::uint64_t label); // C(y+n-1, n-1)

} // namespace proofmark
