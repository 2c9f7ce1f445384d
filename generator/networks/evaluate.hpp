// The logits of a network on a batch of inputs.
//
// A value that depends on the tokens of some positions only has a row for each combination of these tokens that occurs among
// the inputs: before attention a position by itself, after causal attention a prefix, after full attention all of them. So
// inputs in lexicographic order share most of the work.
#pragma once

#include "networks/combinations.hpp"
#include "networks/estimate.hpp"
#include "networks/matrix.hpp"
#include "networks/network.hpp"
#include "numbers/interval.hpp"
#include "tasks/labels.hpp"

#include <functional>
#include <vector>

namespace proofmark::networks {

// [count x C]. Every token must have a row in its position's embedding (Network::vocabulary). The rows of doubles do not depend on
// which other inputs there are.
template <class Number>
Matrix<Number> logits(const Network&, const Inputs&);

// The same in batches of at most 1024 inputs in their order, each by itself, on several threads. `progress` is told the share
// that is done.
template <class Number>
Matrix<Number> logits(const Network&, const Inputs&, unsigned threads,
                      const std::function<void(double)>& progress = {});

template <class Number>
struct LossAndMargin {
  Number loss, margin; // with one class the margin is 0
};

// Of each row of logits, with the label below C.
template <class Number>
std::vector<LossAndMargin<Number>> losses(const Matrix<Number>& logits, const std::vector<Token>& labels);

} // namespace proofmark::networks
