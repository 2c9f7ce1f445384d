// Mean cross-entropy of the one-layer attention-only transformer over a batch, and its gradient, written out by hand.
//
// For an input t of n tokens with label y, one row of each:
//
//   X_p = E[t_p] + P_p                      [d]   dX_p = dK_p W_Kᵀ + dV_p W_Vᵀ   and, for the last p,  + dH + dQ W_Qᵀ
//   Q   = X_n W_Q, K_p = X_p W_K, V_p = X_p W_V   [h]
//   s_p = Q K_pᵀ / sqrt(h),  a = softmax(s) [n]   ds = a (da - sum_q a_q da_q),  da_p = dZ V_pᵀ
//   Z   = sum_p a_p V_p                     [h]   dZ = dH W_Oᵀ,  dV_p = a_p dZ,  dK_p = ds_p Q / sqrt(h)
//                                                 dQ = sum_p ds_p K_p / sqrt(h)
//   H   = X_n + Z W_O                       [d]   dH = G W_Uᵀ
//   L   = H W_U                             [V]   G  = (softmax(L) - 1_y) / B
//
// and each weight's gradient is the sum over inputs of (what came in)ᵀ (gradient of what went out); dE and dP gather
// dX by token and by position.
#pragma once

#include "tasks/batch.hpp"
#include "training/panels.hpp"

#include <array>

namespace proofmark {

// Weights, or a gradient with respect to them: the tensors of the family as matrices.
template <class Scalar>
struct AttentionOnlyWeights {
  Matrix<Scalar> embedding;         // E    [V x d]
  Matrix<Scalar> positions;         // P    [n x d]
  Matrix<Scalar> query, key, value; // W_Q, W_K, W_V  [d x h]
  Matrix<Scalar> output;            // W_O  [h x d]
  Matrix<Scalar> unembedding;       // W_U  [d x V]

  using Part = Matrix<Scalar> AttentionOnlyWeights::*;
  static constexpr std::array<Part, 7> parts = {&AttentionOnlyWeights::embedding,  &AttentionOnlyWeights::positions,
                                                &AttentionOnlyWeights::query,      &AttentionOnlyWeights::key,
                                                &AttentionOnlyWeights::value,      &AttentionOnlyWeights::output,
                                                &AttentionOnlyWeights::unembedding};
};

// Computes losses and gradients for one batch after another, keeping its memory (the layers of up to 4096 tokens)
// between them. The result is the same, bit for bit, for any number of threads.
template <class Scalar>
class AttentionOnlyGradient {
public:
  using Weights = AttentionOnlyWeights<Scalar>;

  // Returns the mean loss and writes every element of the gradient.
  double compute(const Weights&, const Batch&, Weights& gradient, unsigned threads);

private:
  using Index = Eigen::Index;

  void reserve(const Weights&, Index rows);
  void forward(const Weights&, const Batch&, Index first, Panel);
  void backward(const Weights&, Panel);
  void add_gradient(const Batch&, Index first, Index rows, unsigned threads, Weights& gradient) const;

  // Rows first .. first + rows - 1 of the matrix of last positions, every n-th row of the layers of all tokens.
  auto last(const Matrix<Scalar>& of_tokens, Panel) const;

  // S inputs of n tokens, a slice of the batch.
  Index context_ = 0;
  Matrix<Scalar> residual_, residual_gradient_;                        // X, dX          [S n x d]
  Matrix<Scalar> keys_, values_, keys_gradient_, values_gradient_;     // K, V, dK, dV   [S n x h]
  Matrix<Scalar> queries_, mixed_, queries_gradient_, mixed_gradient_; // Q, Z, dQ, dZ [S x h]
  Matrix<Scalar> attention_;                                           // a              [S x n]
  Matrix<Scalar> hidden_, hidden_gradient_;                            // H, dH          [S x d]
  Matrix<Scalar> logits_;                                              // first L, then G [S x V]
  Eigen::ArrayXd losses_;                                              // [S]
};

extern template class AttentionOnlyGradient<float>;
extern template class AttentionOnlyGradient<double>;

} // namespace proofmark
