// Columns: the heads of a label one by one, and one pseudo-output for all other wrong outputs (L6). What band@1 and
// near-far@1 look at, and what a query, the label, near and far tokens add to each column. All numbers are upper ends.
#pragma once

#include "rules.hpp"
#include "wrong_outputs.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace verifier::attention_only {

// Near tokens are far() .. m-1, far ones 0 .. far()-1.
class Columns {
public:
  // Charges for all but the trivial bound's end, which `counted` charges for.
  Columns(const Problem&, Token m, Meter&);

  std::size_t count() const { return count_; }                          // J
  Token far() const { return far_; }                                    // f
  Token near() const { return m_ - far_; }                              // c
  std::span<const Real> query(Token q) const { return row(query_, q); } // u[q], q <= m
  std::span<const Real> value(Token t) const { return row(value_, t); } // y[t], t <= m, with P*
  std::span<const Real> main(Token q) const { return row(main_, q); }   // query and label together
  std::span<const Real> far_value() const { return farthest_; }         // Y; meaningful if f > 0
  Real margin() const;                                                  // at least every u + v + π

private:
  std::span<const Real> row(const std::vector<Real>& table, Token t) const {
    return std::span(table).subspan(t * count_, count_);
  }
  void set_query(Token q, Real* row);
  void set_near_value(Token t, Real* row);
  void set_far_value(Token t, Real* row);
  void set_main(Token q, Real* row);

  const Tables& tables_;
  Token m_, far_;
  WrongOutputs outputs_;
  std::span<const std::uint16_t> heads_;
  bool joint_;
  std::size_t count_;
  std::vector<Token> tail_;
  std::vector<Real> query_, value_, main_; // [m+1 x J]
  std::vector<Real> label_tail_;           // of the label: v + P* for each output of the tail
  std::vector<Real> farthest_;             // [J]
  Real largest_position_;
};

// What the slots of one query add.
class ColumnsOfQuery {
public:
  ColumnsOfQuery(const Problem&, const Columns&, Token m);

  // Charges, then sets own, near and far.
  void set(Token q, Meter&);

  std::span<const Real> own() const { return own_; } // [J] of the query's own slot
  std::span<const Real> near(Token i) const {        // [J] up([r_k] (u + y[k])), k = f + i
    return std::span(near_).subspan(i * columns_.count(), columns_.count());
  }
  std::span<const Real> far() const { return far_; } // [J] ρ max(0, u + Y)

private:
  void set_own(Token q);

  const Tables& tables_;
  const Columns& columns_;
  Token m_;
  std::vector<Real> own_, near_, far_;
};

} // namespace verifier::attention_only
