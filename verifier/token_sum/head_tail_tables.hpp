// Tables that head-tail@1 needs, all of upper ends (docs/rules/head-tail.md): norms of tails, multipliers, totals.
#pragma once

#include "packed_reals.hpp"
#include "tables.hpp"
#include "witnesses.hpp"

namespace verifier::token_sum {

// For one token: how many levels leave each output in its tail; those are the first so many, since heads grow.
using TailLevels = std::span<const std::uint8_t>; // [V], each at most K'

struct HeadTailTables {
  HeadTailWitness witness;
  std::uint64_t exponent;                // p = max(2, n - 1)
  std::uint64_t sides;                   // s: 2 with column weights (the factor with w, the factor with 1/w), else 1
  std::vector<std::uint8_t> tail_levels; // [V x V]
  std::vector<PackedReals> powers;       // by side: A^p, times w or 1/w [V x V]; for n >= 3
  std::vector<PackedReals> norms;        // by side: the roots of the tails' sums [V x K' x G]; for n = 2
  std::vector<Interval> token_factors, label_factors; // u, v [V], exactly; empty without multipliers
  std::vector<Real> reciprocals;                      // 1/u (0 where u is) [V], likewise
  std::vector<Real> totals;                           // T_y [V], likewise

  TailLevels tail_levels_of(Token a) const {
    return std::span(tail_levels).subspan(a * witness.vocabulary, witness.vocabulary);
  }
  std::size_t norms_of_token() const { return witness.inexact_levels() * witness.group_count; }
  std::size_t norm_index(std::size_t level, std::size_t group) const { return level * witness.group_count + group; }
};

HeadTailTables make_head_tail_tables(const Tables&, const Task&, HeadTailWitness, unsigned threads);

// Collects the terms of one token's tail sums, by level and group, and takes their p-th roots.
class TailRoots {
public:
  explicit TailRoots(const HeadTailTables& tables);
  // Adds x to the sum of every level below `levels`.
  void add(std::size_t k, std::size_t levels, const Real& x);
  // Writes the roots [K' x G] from index `first` on; starts anew.
  void take(PackedReals& roots, std::size_t first);

private:
  const HeadTailTables& tables_;
  std::vector<Real> sums_; // [K' x G]; of the terms whose last level is this one, until take() adds them up
};

// n >= 3: the norms of a token a <= y with respect to a label y. They are another number for every label, and so no table.
class LabelNorms {
public:
  LabelNorms(const Tables&, const HeadTailTables&, Token y);
  // Writes the roots [K' x G] of the tails' sums with respect to A[y,k] off the head of y, from index `first` on.
  void make(std::size_t side, Token a, PackedReals& norms, std::size_t first);

private:
  const Tables& engine_;
  const HeadTailTables& tables_;
  Token y_;
  TailRoots roots_;
};

} // namespace verifier::token_sum
