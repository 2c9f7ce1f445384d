// AdamW (I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019), as PyTorch's
// torch.optim.AdamW computes it; with `l2` in place of the decoupled decay it is torch.optim.Adam.
#pragma once

#include "support/parallel.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace proofmark {

struct AdamWOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01; // decoupled
  double l2 = 0;              // in the gradient; not of biases
  std::uint64_t warm_up = 0;  // steps in which the rate grows linearly to what it is

  // After the step cool_from it falls linearly, to a last small one in the step cool_to; never, where they are equal.
  std::uint64_t cool_from = 0, cool_to = 0;
};

// The moments of one array of weights. In step t, with g the gradient and every operation elementwise:
//
//   g := g + l2 w                         w := w * (1 - rate * decay)
//   m := beta1 m + (1 - beta1) g          v := beta2 v + (1 - beta2) g^2
//   w := w - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
template <class Scalar>
class AdamW {
public:
  using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

  AdamW(Eigen::Index size, const AdamWOptions&, bool bias = false);

  // weights, gradient  [size]
  void step(Scalar* weights, const Scalar* gradient, unsigned threads);

private:
  AdamWOptions options_;
  std::uint64_t steps_ = 0;
  Array mean_, square_; // m, v
};

extern template class AdamW<float>;
extern template class AdamW<double>;

} // namespace proofmark
