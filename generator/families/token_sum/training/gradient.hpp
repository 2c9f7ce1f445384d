// Mean cross-entropy of the token-sum network over a batch, and its gradient, written out by hand.
//
// With t an input of the batch (B of them), y its label, 1_y the unit vector of y, and a row of L (token_sum_layers)
// for each input:
//
//   loss = mean_t( ln sum_k exp L[t,k] - L[t,y] )        G[t] = d loss / d L[t] = (softmax(L[t]) - 1_y) / B
#pragma once

#include "families/token_sum/training/layers.hpp"

namespace proofmark {

// Computes losses and gradients for one batch after another, keeping its memory (the layers of up to 1024 rows,
// and a matrix of up to 1024 x V) between them. The result is the same, bit for bit, for any number of threads.
template <class Scalar>
class TokenSumGradient {
public:
  TokenSumGradient(std::uint64_t vocabulary, std::uint64_t width);

  // Returns the mean loss and writes every element of the gradient.
  double compute(const TokenSumWeights<Scalar>&, const Batch&, TokenSumWeights<Scalar>& gradient, unsigned threads);

private:
  Eigen::Index vocabulary_;
  TokenSumLayers<Scalar> layers_;
  Matrix<Scalar> logits_; // [slice x V]; first L, then G
  Eigen::ArrayXd losses_; // [slice]
};

extern template class TokenSumGradient<float>;
extern template class TokenSumGradient<double>;

} // namespace proofmark
