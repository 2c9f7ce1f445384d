// Columns for bounds of the loss: as columns.hpp has them, but with ln sum exp over the tail in place of maxima (L6), and exact
// outputs for every token. All numbers are upper ends.
#pragma once

#include "rules.hpp"
#include "wrong_outputs.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace verifier::attention_only {

class SoftColumns {
public:
  // Charges for everything here.
  SoftColumns(const Problem&, Token m, Meter&);

  std::size_t count() const { return count_; }                          // J, the tail's being the last
  Token far() const { return far_; }                                    // f: far tokens are 0 .. f-1
  Token near() const { return m_ - far_; }                              // c: near ones f .. m-1
  std::span<const Real> query(Token q) const { return row(query_, q); } // u[q], q <= m
  std::span<const Real> value(Token t) const { return row(value_, t); } // y[t], t <= m, with P*
  std::span<const Real> main(Token q) const { return row(main_, q); }   // query and label together
  std::span<const Real> far_value() const { return farthest_; }         // Y; empty if f = 0

private:
  std::span<const Real> row(const std::vector<Real>& table, Token t) const {
    return std::span(table).subspan(t * count_, count_);
  }
  void charge(Meter&) const;
  void set_query(Token q);
  void set_value(Token t);
  void set_main(Token q);
  void set_farthest();

  const Tables& tables_;
  Token m_, far_;
  WrongOutputs outputs_;
  std::span<const std::uint16_t> heads_;
  bool joint_;
  std::size_t count_;
  std::vector<Token> tail_;
  std::vector<Real> query_, value_, main_; // [m+1 x J]
  std::vector<Real> label_tail_;           // of the label: v + P* for each output of the tail; if joint
  std::vector<Real> farthest_;             // [J]
};

} // namespace verifier::attention_only
