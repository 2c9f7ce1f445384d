// The layers of the token-sum network, forwards and backwards, written out by hand: what every training
// objective shares.
//
// Each of R rows has some tokens t_1 .. t_n. With G [R x V] the gradient of an objective with respect to L:
//
//   H0 = sum_i E[t_i]        [R x d]    dH0 = dH1 linear        dE[a]        = sum of dH0[r] over all r, i with t_i = a
//   H1 = H0 linearᵀ          [R x d]    dH1 = G unembedding     dlinear      = dH1ᵀ H0
//   L  = H1 unembeddingᵀ     [R x V]    G                       dunembedding = Gᵀ H1
//
// One-hot inputs are never formed: E is gathered from and scattered into by token.
#pragma once

#include "tasks/batch.hpp"
#include "training/panels.hpp"

#include <span>

namespace proofmark {

// Weights, or a gradient with respect to them.
template <class Scalar>
struct TokenSumWeights {
  Matrix<Scalar> embedding;   // E            [V x d], row = token: the transpose of "embedding.weight"
  Matrix<Scalar> linear;      // Wᵀ           [d x d], "linear.weight"
  Matrix<Scalar> unembedding; // Uᵀ           [V x d], row = output token: "unembedding.weight"
};

// tokens  [R x n]: the tokens of each row.
struct TokenRows {
  std::span<const Token> tokens;
  std::size_t per_row;

  Eigen::Index size() const { return static_cast<Eigen::Index>(tokens.size() / per_row); }
  std::span<const Token> row(Eigen::Index r) const {
    return tokens.subspan(static_cast<std::size_t>(r) * per_row, per_row);
  }
};

// The inputs first .. first + size - 1 of a batch, a row each.
TokenRows token_rows(const Batch&, Eigen::Index first, Eigen::Index size);

// Keeps its memory (four matrices of rows x d) between calls. Every result is the same, bit for bit, for any
// number of threads.
template <class Scalar>
class TokenSumLayers {
public:
  using Weights = TokenSumWeights<Scalar>;

  TokenSumLayers(std::uint64_t vocabulary, std::uint64_t width);

  void reserve(Eigen::Index rows); // before anything else: room for so many rows

  void forward(const Weights&, const TokenRows&, Panel, Matrix<Scalar>& logits); // H0, H1 and L of a panel
  void backward(const Weights&, const Matrix<Scalar>& logits_gradient, Panel);   // dH1 and dH0 of a panel
  void add_gradient(const TokenRows&, const Matrix<Scalar>& logits_gradient, unsigned threads,
                    Weights& gradient) const; // of the weights, once all panels have gone backward

  void set_zero(Weights& gradient) const; // all elements, in the shapes of the weights

private:
  using Index = Eigen::Index;

  void add_unembedding_gradient(const Matrix<Scalar>& logits_gradient, Index rows, Panel columns, Weights&) const;
  void add_linear_gradient(Index rows, Panel columns, Weights&) const;
  void add_embedding_gradient(const TokenRows&, Panel columns, Weights&) const;

  Index vocabulary_, width_;
  Matrix<Scalar> hidden0_, hidden1_, hidden0_gradient_, hidden1_gradient_; // H0, H1, dH0, dH1
};

extern template class TokenSumLayers<float>;
extern template class TokenSumLayers<double>;

} // namespace proofmark
