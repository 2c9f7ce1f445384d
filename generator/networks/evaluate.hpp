// The logits of a network on a batch of inputs.
//
// A value that depends on the tokens of some positions only has a row for each combination of these tokens that occurs among
// the inputs: before attention a position by itself, after causal attention a prefix, after full attention all of them. So
// inputs in lexicographic order share most of the work.
#pragma once

#include "networks/estimate.hpp"
#include "networks/network.hpp"
#include "numbers/interval.hpp"
#include "tasks/labels.hpp"

#include <vector>

namespace proofmark::networks {

struct Inputs {
  std::vector<std::vector<Token>> tokens; // [n][count]: of each position the token of each input

  std::size_t count() const { return tokens.empty() ? 0 : tokens[0].size(); }
};

// Row-major. Number is double; Estimate, a double with a radius that estimates what interval arithmetic in doubles loses; or
// Interval, a rigorous enclosure.
template <class Number>
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<Number> entries = {};

  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns) : rows(rows), columns(columns), entries(rows * columns) {}
  Number* row(std::size_t i) { return entries.data() + i * columns; }
  const Number* row(std::size_t i) const { return entries.data() + i * columns; }
};

// [count x C]. Every token must have a row in its position's embedding (Network::vocabulary). The rows of doubles do not depend on
// which other inputs there are.
template <class Number>
Matrix<Number> logits(const Network&, const Inputs&);

// The same in batches of 1024 inputs in their order, each by itself, on several threads.
template <class Number>
Matrix<Number> logits(const Network&, const Inputs&, unsigned threads);

template <class Number>
struct LossAndMargin {
  Number loss, margin; // with one class the margin is 0
};

// Of each row of logits, with the label below C.
template <class Number>
std::vector<LossAndMargin<Number>> losses(const Matrix<Number>& logits, const std::vector<Token>& labels);

} // namespace proofmark::networks
