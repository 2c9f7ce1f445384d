// What stands between a transformer and a proof by the rule cubic@1 (docs/rules/attention/cubic.md), as a number that
// training can lower, and its gradient.
//
// For a label m, each query q <= m and each number s of free slots that do not hold the label, the rule puts these on
// one token k < m at a time, at the worst positions, and asks for a negative margin. That margin here, divided by all
// weights,
//
//   M(m,q,s,k) = sum over parts i in {label, query, k} of a_i (u*[q] + y*[i]),     a = softmax of the parts' log weights
//
// is the larger of those at both ends of the positions; every input of the label with this q and s counts once:
//
//   penalty(m) = sum over q, s, k of C(n-1,s) m^(s-1) softplus(M + slack) / ((m+1)^n - m^n)        (s = 0: no k, weight 1)
//
// The gradient goes through everything but the choice of maxima, ends and order of positions. Scores are relative to
// that of the label: relative to the largest of a row, weights of small labels would vanish together.
#pragma once

#include "families/attention_only/training/table_layers.hpp"
#include "tasks/batch.hpp"

#include <span>
#include <vector>

namespace proofmark {

struct CubicPenalty {
  double weight = 3; // times the mean penalty of some labels
  double slack = 2;  // nats by which a margin should be negative
};

template <class Scalar>
class AttentionOnlyCubicGradient {
public:
  using Weights = AttentionOnlyWeights<Scalar>;

  // Returns weight * mean of penalty(m) over the labels, which may repeat, and adds its gradient.
  double add(const Weights&, std::span<const Token> labels, const CubicPenalty&, Weights& gradient);

private:
  using Index = Eigen::Index;

  struct Largest { // of a row, over the wrong outputs
    double value = 0;
    Index output = 0;
  };
  struct Slots {                  // those of a query's free slots that hold other tokens, and the rest
    double others, label;         // sums of weights
    std::vector<Index> of_others; // positions
  };

  void find_maxima(Index label);
  double penalty(Index label, double scale, double slack);
  double of_query(Index label, Index query, double inputs, double scale, double slack);
  void add_maxima(Index label);

  AttentionOnlyTableLayers<Scalar> layers_;
  const AttentionOnlyTables<Scalar>* tables_ = nullptr;
  AttentionOnlyTables<Scalar> of_tables_; // gradient
  Index vocabulary_ = 0, context_ = 0;
  std::vector<Largest> top_;                 // [V], P* by output, with the position as its output
  std::vector<Largest> direct_, moved_;      // [m+1], u* and y*
  std::vector<double> of_direct_, of_moved_; // [m+1], their gradients
};

extern template class AttentionOnlyCubicGradient<float>;
extern template class AttentionOnlyCubicGradient<double>;

} // namespace proofmark
