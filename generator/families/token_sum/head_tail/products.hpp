// Heads and tails in doubles: for the inputs of one row, the head L(t) and the bound U(t) = L(t) + tail(t) of
// docs/rules/head-tail.md, at each level.
//
// Every number here is a sum of products of positive entries of A; docs/generator-numerics.md, section 11, bounds what
// rounding does to it.
#pragma once

#include "families/token_sum/bounds/products.hpp"
#include "families/token_sum/head_tail.hpp"

#include <vector>

namespace proofmark {

// What all rows share. Uses heads, sizes, groups and weights of the witness; not its levels, not its multipliers.
class HeadTailTables {
public:
  HeadTailTables(const TokenSumTables&, const HeadTail&, unsigned threads); // both outlive this

private:
  friend class HeadTailRow;

  // Norms of the tails of some tokens, by level and group; side 1 has the inverse weights, where there are weights.
  struct Norms {
    std::vector<double> side[2]; // [K' x G x V]
  };
  std::size_t norm_index(std::size_t level, std::uint64_t group, std::uint64_t token) const {
    return (level * groups_ + group) * V_ + token;
  }
  // The norms of the tails of token a; for n >= 3 outside the head of y as well, and with respect to A[y,k].
  void find_norms(std::uint64_t a, std::uint64_t y, std::vector<double>& sums, Norms& result) const;

  const TokenSumTables& tables_;
  const HeadTail& witness_;
  std::uint64_t n_, V_, p_, groups_, bounded_;
  MatrixD by_output_;               // A transposed: [V x V], row k = output, column a = token
  MatrixD powers_;                  // A[a,k]^p, where n >= 3
  std::vector<double> head_values_; // [V x m], the entries of A in the heads
  std::vector<std::uint8_t> reach_; // [V x V]: for token a and output k, the number of levels whose head lacks k
  std::vector<double> weights_[2];  // w and 1/w, or empty
  Norms norms_;                     // n = 2
};

// One thread's workspace.
class HeadTailRow {
public:
  explicit HeadTailRow(const HeadTailTables&);

  void enter_label(std::uint64_t label);

  // A row of the label: t_n, .., t_2 and v[k] = prod_{i>=2} A[t_i,k], which must stay where it is.
  void start(const Tokens& tail, const double* v);

  // Makes low and high speak of a level that is not exact. Within a row, levels ascend.
  void advance(std::size_t level);
  double low(std::uint64_t a) const;                                       // L, of the input with t_1 = a
  double high(std::uint64_t a, double low) const { return low + tail(a); } // U

  double exact(std::uint64_t a) const; // Z

private:
  double tail(std::uint64_t a) const;

  const HeadTailTables& t_;
  HeadTailTables::Norms norms_; // n >= 3: of the label
  std::vector<double> sums_;    // for find_norms
  const Tokens* row_ = nullptr;
  const double* v_ = nullptr;
  std::size_t level_ = 0;
  std::uint64_t size_ = 0;           // of that level's heads
  std::vector<double> outside_;      // v[k], 0 where k lies in a head of the row's tokens
  Eigen::ArrayXd inside_;            // [t_2 + 1]: sum of A[a,k] v[k] over those k
  std::vector<double> coefficients_; // [G]: the product of the row's norms
};

} // namespace proofmark
