// Mean cross-entropy of a described network over a batch, and its gradient.
#pragma once

#include "networks/training/forward.hpp"
#include "tasks/batch.hpp"

namespace proofmark::networks {

// The arrays of all weights in the order of for_each_weight, of a map its bias after its matrix.
template <class Scalar>
std::vector<std::span<Scalar>> arrays(Weights<Scalar>&);

// The gradient has the shapes of the weights; what stood in it is overwritten.
template <class Scalar>
double loss_and_gradient(const Weights<Scalar>&, const Batch&, Weights<Scalar>& gradient, unsigned threads);

// How many inputs of a batch have their label as the strictly largest logit, as far as floats can tell.
std::uint64_t correct_inputs(const Weights<float>&, const Batch&, unsigned threads);

} // namespace proofmark::networks
