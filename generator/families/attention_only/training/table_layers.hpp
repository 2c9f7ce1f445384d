// The tables of a transformer (docs/rules/attention/README.md) from its weights, forwards and backwards: what training
// objectives that look at tables share.
//
//   T = [E; P]  [V+n x d]    X = E + P_n  [V x d]
//   direct = X W_U                       [V x V]        EU
//   moved  = ((T W_V) W_O) W_U           [V+n x V]      OV above PO
//   scores = (X W_Q) (T W_K)ᵀ / sqrt(h)  [V x V+n]      A beside B
#pragma once

#include "families/attention_only/training/gradient.hpp"

namespace proofmark {

template <class Scalar>
struct AttentionOnlyTables {
  Matrix<Scalar> direct, moved, scores;
};

template <class Scalar>
class AttentionOnlyTableLayers {
public:
  using Weights = AttentionOnlyWeights<Scalar>;
  using Tables = AttentionOnlyTables<Scalar>;

  const Tables& forward(const Weights&);

  // Adds to the gradient of the weights that forward() has seen what the gradient of their tables gives.
  void backward(const Weights&, const Tables& of_tables, Weights& gradient) const;

private:
  Matrix<Scalar> all_, last_;       // T, X
  Matrix<Scalar> values_, written_; // T W_V, T W_V W_O
  Matrix<Scalar> queries_, keys_;   // X W_Q, T W_K
  Tables tables_;
};

extern template class AttentionOnlyTableLayers<float>;
extern template class AttentionOnlyTableLayers<double>;

} // namespace proofmark
