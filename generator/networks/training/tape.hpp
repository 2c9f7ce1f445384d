// What a forward pass over a batch leaves for the backward pass: every value, and how its gradient becomes that of the values
// that it was computed from.
#pragma once

#include "networks/combinations.hpp"
#include "networks/network.hpp"

#include <deque>
#include <functional>
#include <vector>

namespace proofmark::networks {

template <class Scalar>
using Table = typename Matrices<Scalar>::Table;
template <class Scalar>
using Vector = typename Matrices<Scalar>::Vector;

// rows, gradient  [R x C], a row for each combination of tokens on the positions that the value depends on
template <class Scalar>
struct Value {
  PositionSet positions;
  Table<Scalar> rows, gradient;
};

// Weights, and where their gradient is added up. Both are null where a description has none.
template <class Values>
struct Weight {
  const Values* value = nullptr;
  Values* gradient = nullptr;

  explicit operator bool() const { return value != nullptr; }
};

template <class Values>
Weight<Values> weight(const Values& value, Values& gradient) {
  return {&value, &gradient};
}

template <class Values>
Weight<Values> weight(const std::optional<Values>& value, std::optional<Values>& gradient) {
  return value ? Weight<Values>{&*value, &*gradient} : Weight<Values>{};
}

template <class Scalar>
class Tape {
public:
  explicit Tape(const Inputs& inputs) : combinations(inputs) {} // which must outlive it

  // A value of so many columns, whose rows the caller fills in. It lives as long as the tape.
  Value<Scalar>& value(PositionSet positions, Eigen::Index columns) {
    const auto rows = static_cast<Eigen::Index>(combinations.count(positions));
    return values_.emplace_back(positions, Table<Scalar>(rows, columns), Table<Scalar>::Zero(rows, columns));
  }

  // What to do on the way back, when the gradients of all values that were made later are complete.
  void on_the_way_back(std::function<void()> step) { steps_.push_back(std::move(step)); }

  void go_back() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)();
  }

  Combinations combinations;

private:
  std::deque<Value<Scalar>> values_;
  std::vector<std::function<void()>> steps_;
};

} // namespace proofmark::networks
