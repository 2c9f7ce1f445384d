// The logits of a described network on a tape.
#pragma once

#include "networks/training/tape.hpp"

namespace proofmark::networks {

template <class Scalar>
using Weights = Architecture<Matrices<Scalar>>;

// On the way back gradients are added to `gradient`, which has the shapes of the weights.
template <class Scalar>
Value<Scalar>& logits(Tape<Scalar>&, const Weights<Scalar>&, Weights<Scalar>& gradient);

} // namespace proofmark::networks
