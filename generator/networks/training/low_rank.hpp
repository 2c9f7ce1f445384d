// What the last map of a network has beyond its best approximation of rank k, as a penalty: what low-rank@1 has to bound by norms.
//
// Training with it minimises the cross-entropy plus
//
//   0.0005 |U - U Q Q^T|^2,
//
// U the last map, a row for each class, minus the mean of its rows, which shifts all logits alike; Q [m x k] orthonormal columns
// that follow the k leading right singular vectors of U: each step of training makes one of orthogonal iteration.
#pragma once

#include "networks/training/forward.hpp"

namespace proofmark::networks {

class LowRankPenalty {
public:
  explicit LowRankPenalty(Eigen::Index rank) : rank_(rank) {}

  // The penalty; its gradient is added to `gradient`. Both have the shapes of one network, whose readout ends with a map.
  template <class Scalar>
  double add(const Weights<Scalar>&, Weights<Scalar>& gradient);

private:
  Eigen::Index rank_;
  MatrixD directions_; // Q, from the last call
};

} // namespace proofmark::networks
