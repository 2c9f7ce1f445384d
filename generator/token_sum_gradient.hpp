// Mean cross-entropy of the token-sum network over a batch, and its gradient, written out by hand.
//
// With t an input of the batch (B of them), y its label, 1_y the unit vector of y:
//
//   H0[t] = sum_i E[t_i]              [B x d]     dH0 = dH1 linear           dE[a] = sum over inputs t and i
//   with t_i = a of dH0[t] H1    = H0 linearᵀ                [B x d]     dH1 = G unembedding        dlinear =
//   dH1ᵀ H0 L     = H1 unembeddingᵀ           [B x V]     G[t] = (softmax(L[t]) - 1_y) / B      dunembedding
//   = Gᵀ H1 loss  = mean_t( ln sum_k exp L[t,k] - L[t,y] )
//
// One-hot inputs are never formed: E is gathered from and scattered into by token.
#pragma once

#include "parallel.hpp"
#include "task.hpp"

#include <Eigen/Core>

namespace proofmark {

template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Weights, or a gradient with respect to them.
template <class Scalar>
struct TokenSumWeights {
  Matrix<Scalar> embedding;   // E            [V x d], row = token: the transpose of "embedding.weight"
  Matrix<Scalar> linear;      // Wᵀ           [d x d], "linear.weight"
  Matrix<Scalar> unembedding; // Uᵀ           [V x d], row = output token: "unembedding.weight"
};

// Computes losses and gradients for one batch after another, keeping its memory (four matrices of up to
// 1024 x d and one of up to 1024 x V) between them. The result is the same, bit for bit, for any number of
// threads.
template <class Scalar>
class TokenSumGradient {
public:
  TokenSumGradient(std::uint64_t vocabulary, std::uint64_t width);

  // Returns the mean loss and writes every element of the gradient.
  double compute(const TokenSumWeights<Scalar>&, const Batch&, TokenSumWeights<Scalar>& gradient, unsigned threads);

private:
  using Weights = TokenSumWeights<Scalar>;
  using Index = Eigen::Index;

  void reserve(Index rows);
  void forward_and_back(const Weights&, const Batch&, Index first, Index begin, Index rows);
  void add_unembedding_gradient(Weights& gradient, Index rows, std::size_t panel) const;
  void add_linear_gradient(Weights& gradient, Index rows, std::size_t panel) const;
  void add_embedding_gradient(Weights& gradient, const Batch&, Index first, Index rows, std::size_t panel) const;

  Index vocabulary_, width_;
  Matrix<Scalar> hidden0_, hidden1_, hidden0_gradient_, hidden1_gradient_; // [slice x d]
  Matrix<Scalar> logits_;                                                  // [slice x V]; first L, then G
  Eigen::ArrayXd losses_;                                                  // [slice]
};

extern template class TokenSumGradient<float>;
extern template class TokenSumGradient<double>;

} // namespace proofmark
