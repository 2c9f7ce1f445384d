// Mean head-tail bound of the token-sum network over a batch, and its gradient: an upper bound of the mean
// cross-entropy that a short proof can state, for inputs of two or three tokens.
//
// M = E linearᵀ unembeddingᵀ [V x V] holds the logits that each token contributes; they add up over an input's
// tokens. The head H_a of token a is the set of the m columns of largest M[a,k], of equal ones the first; all else is
// its tail. With y the label, c the token that is the label, a and b the others, and each column in several heads
// counted once:
//
//   n = 2   T_a  = ½ ln sum_{k not in H_a} exp 2 M[a,k]                               the logarithm of a norm
//           Z    = sum_{k in H_a or H_c} exp(M[a,k] + M[c,k]) + exp(T_a + T_c)
//   n = 3   T_ac = ½ ln sum_{k not in H_a or H_c} exp(2 M[a,k] + M[c,k])
//           Z    = sum_{k in H_a or H_b or H_c} exp(M[a,k] + M[b,k] + M[c,k]) + exp(T_ac + T_bc)
//
//   bound = mean over inputs of ln Z - sum_i M[t_i,y]
//
// By Cauchy-Schwarz Z is no less than the sum of all exponentials. Each Z costs a few terms an input, the norms
// cost V a token (n = 3: a pair of tokens).
//
// The gradient, through everything but the choice of the heads: let p_k and p be the shares of Z's terms in Z, p that
// of the tails, and q_a[k] = exp(2 M[a,k] - 2 T_a), q_ac[k] = exp(2 M[a,k] + M[c,k] - 2 T_ac), 0 in the heads. Then
// with G[t] = d bound / d M[t], each input adds, divided by the size of the batch,
//
//           G[t_i,k] += p_k  for each token and each column in a head        G[t_i,y] -= 1
//   n = 2   G[a] += p q_a        G[c] += p q_c
//   n = 3   G[a] += p q_ac       G[b] += p q_bc       G[c] += ½ p (q_ac + q_bc)
//
// A row of the layers (token_sum_layers) is a token of the batch here, and not an input: tokens recur.
#pragma once

#include "families/token_sum/training/layers.hpp"

#include <vector>

namespace proofmark {

// Computes bounds and gradients for one batch after another, keeping its memory between them: the layers and two
// matrices with V columns and a row for each token that is in the batch. Sums over the few terms of an input are done
// in doubles. The result is the same, bit for bit, for any number of threads.
template <class Scalar>
class TokenSumHeadTailGradient {
public:
  // head: m, at least 1
  TokenSumHeadTailGradient(std::uint64_t vocabulary, std::uint64_t width, std::uint64_t head);

  // Returns the mean bound and writes every element of the gradient. The context must be 2 or 3.
  double compute(const TokenSumWeights<Scalar>&, const Batch&, TokenSumWeights<Scalar>& gradient, unsigned threads);

private:
  using Index = Eigen::Index;
  using Row = Eigen::Array<Scalar, 1, Eigen::Dynamic>;

  void find_rows(const Batch&);
  void reserve();
  void find_head(Index row);
  void find_tail(Index row);
  double pair_tail(Index a, Index c, Row& scratch) const;
  void bound(Index input, Row& scratch);
  void add_tails(Index row, Row& scratch);
  void add_heads(Index row);

  const Index* head(Index row) const { return heads_.data() + row * head_; }
  template <class Values>
  void set_head(Values&& values, Index row, Scalar value) const;

  Index vocabulary_, head_; // V, m
  TokenSumLayers<Scalar> layers_;

  // The batch: n and B, its different tokens [R], ascending, the row of each token of each input [B x n], that of the
  // label last, the labels [B], and for each row the places where it is in rows_, from first_use_[r] to first_use_[r + 1].
  Index context_ = 0, size_ = 0;
  std::vector<Token> tokens_, labels_;
  std::vector<Index> rows_, uses_, first_use_;

  Matrix<Scalar> logits_;     // [R x V], M
  Matrix<Scalar> gradient_;   // [R x V], first exp(2 M - something) in the tails when n = 2; then G
  std::vector<Index> heads_;  // [R x m], columns, ascending
  std::vector<double> tails_; // [R], 2 T; only when n = 2
  std::vector<Scalar> scale_; // [R], turns the row of gradient_ into q; only when n = 2

  std::vector<double> pair_tails_;   // [B x 2], 2 T_ac and 2 T_bc; only when n = 3
  std::vector<Index> columns_;       // [B x n m], the columns in heads
  std::vector<Index> column_counts_; // [B], how many these are
  std::vector<Scalar> head_weights_; // [B x n m], p_k / B
  std::vector<Scalar> tail_weights_; // [B], p / B
  std::vector<double> bounds_;       // [B]
};

extern template class TokenSumHeadTailGradient<float>;
extern template class TokenSumHeadTailGradient<double>;

} // namespace proofmark
