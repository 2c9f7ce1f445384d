// What the tables are relative to one label (docs/rules/attention/README.md): the exact numbers of the stored doubles up
// to their rounding, and bounds on how far all that follows from them may be from the exact weights'.
#pragma once

#include "families/attention_only/bounds/label.hpp"
#include "numbers/interval.hpp"

#include <vector>

namespace proofmark::attention_only {

// An interval of weights or shares.
struct Span {
  double lo, hi;
  double up(double value) const { return (value > 0 ? hi : lo) * value; } // the upper end of its product with a number
};

// Columns are the wrong outputs w != m in ascending order, W = V-1 of them; rows the tokens up to m.
struct Relative {
  Relative(const Tables&, const Positions&, std::uint64_t label);

  std::uint64_t column(std::uint64_t output) const { return output < m ? output : output - 1; } // output != m
  std::uint64_t output(std::uint64_t column) const { return column < m ? column : column + 1; }

  std::uint64_t m, n, W;
  MatrixD u, v; // [m+1 x W], row = query or token
  MatrixD pi;   // [n x W], row = position
  MatrixD r;    // [m+1 x m+1], row = query, column = token: weights exp(A[q,t] - A[q,m])
  MatrixD b;    // [m+1 x n], row = query: weights of positions, exp(B[q,p]) up to a factor of the row

  // What the weights of x free slots add up to, wherever they are (L7).
  Span position_sum(Eigen::Index query, Eigen::Index x) const { return {low_(query, x), high_(query, x)}; }

private:
  MatrixD low_, high_; // [m+1 x n]
};

// For every input and query, weights and margins that are computed from the tables, one by one as the pages say, are
// within so much of the exact ones (docs/generator-numerics.md, section 13).
struct Errors {
  double weight; // of the logarithm of W_p = r b, up to a factor of the row
  double margin; // nats, of a mean of u + v + pi by computed weights; whatever the tokens
  double size;   // |u + v + pi| is at most this, also with a logarithm of a sum over outputs in place of v + pi
  double bound;  // relative, of sums of losses of such margins, as the rules' pages mix them
};
Errors errors(const Tables&);

// Margins are clearly negative below minus this, even after the mixing of a rule: the verifier's enclosures will say so.
double clear_margin(const Errors&);

// A rule's bounds as doubles found them, for what the exact weights give.
Interval bounds(double lower, double upper, const Errors&);

// ln(1 + sum of exp), of `count` margins. Off by a few roundings, relatively.
double loss_of(const double* margins, Eigen::Index count);

} // namespace proofmark::attention_only
