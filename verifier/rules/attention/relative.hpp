// What the pages' formulas are made of: u, v, π and P* of wrong outputs, relative to a label m, and the weights of positions. Symbols
// as in docs/rules/attention/README.md.
#pragma once

#include "queries.hpp"

namespace verifier::rules::attention {

// Each row times its weight; a row added to each; the largest and the smallest entry of each column.
inline Real weighed(const Positive& weight, const Real& x) {
  return repeat_columns(weight, x.columns()) * x;
}
inline Real plus_row(const Real& x, const Real& row) {
  return x + repeat_rows(row, x.rows());
}
inline Real highest(const Real& x) {
  return transposed(largest(transposed(x)));
}
inline Real lowest(const Real& x) {
  return transposed(smallest(transposed(x)));
}

// All outputs but the label and these.
Tokens wrong_outputs(const Problem&, Token m, const Tokens& but = {});

// Of wrong outputs w, for queries and tokens 0 .. m.
class Outputs {
public:
  Outputs(Kernel&, const Problem&, Token m);

  // [to - from x outputs] of queries and tokens from .. to-1
  Real u(const Tokens& w, Token from, Token to) const { return relative(EU_, w, from, to); }
  Real v(const Tokens& w, Token from, Token to) const { return relative(OV_, w, from, to); }
  Real y(const Tokens& w, Token from, Token to) const { return plus_row(v(w, from, to), P(w)); } // v + P*
  Real pi(const Tokens& w) const { return relative(PO_, w, 0, PO_.rows()); }                     // [n x outputs] π
  Real P(const Tokens& w) const { return highest(pi(w)); }                                       // [1 x outputs] P*
  // [m+1 x 1] over all wrong outputs
  Real largest_u() const { return column(EU_others_, m_) - column(EU_, m_); }
  Real largest_v() const { return column(OV_others_, m_) - column(OV_, m_); }

private:
  Real relative(const Real& table, const Tokens& w, std::size_t from, std::size_t to) const {
    return minus_column(rows(table, from, to), w, m_);
  }

  Token m_;
  Real EU_, OV_, PO_, EU_others_, OV_others_;
};

struct ProductsOfB {       // sums of b_p b_p', [Q x 1]
  Positive of_one, of_two; // p = p'; p != p'
};

// Of the positions of some queries: a row each.
class PositionWeights {
public:
  PositionWeights(Kernel&, const Problem&, Token m, const Queries&);

  const Positive& own() const { return own_; }              // [Q x 1] r_q b_(n-1) of the query's position
  Positive b(std::size_t p) const { return column(b_, p); } // [Q x 1]
  Positive sum_of_b(const Tokens& positions) const { return sum(columns_at(b_, positions)); } // [Q x 1]
  ProductsOfB products_of_b(const Tokens& positions) const;
  const Positive& T() const { return T_; }                      // [Q x n]
  Positive T(std::size_t x) const { return column(T_, x); }     // [Q x 1] of any x free positions (L7)
  Positive r(Token from, Token to) const;                       // [Q x tokens]
  Positive rho(Token f) const;                                  // [Q x 1] max_{t<f} r_t
  Positive rho(const Tokens& query, const Tokens& reach) const; // [queries x 1] max_{t<=reach} r_t
  Positive mean_r(Token f) const;                               // [Q x 1] of t < f

private:
  Token m_;
  Real A_, A_so_far_;
  Positive b_, T_, own_;
};

// Whether the input with the label in all free positions is correct, query by query: every output, the π of each position.
std::vector<bool> is_label_alone_correct(const Problem&, const Outputs&, const PositionWeights&, Token m,
                                         const Queries&);

// Of each `each` entries of a column, one after the other.
inline Positive sums_of(const Positive& column, std::size_t each) {
  return sum(in_rows_of(column, each));
}
Positive means(const Positive& column, std::size_t each);

} // namespace verifier::rules::attention
