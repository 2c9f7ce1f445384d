// What low-rank@1 prepares of a network's last maps, and of its witness (docs/rules/any/low-rank.md).
#pragma once

#include "rules/any/features.hpp"

namespace verifier::rules::any {

struct LowRankWitness {
  std::size_t k = 0;
  std::vector<Stored> basis, metric; // B [k x m], M [k x k]
  std::vector<Tokens> labels;        // [q] of [N]: of each labelling
  std::vector<Index> counts;         // [q]: rows of each table
  std::vector<Stored> tables;        // [sum of counts x m]
};

struct LowRank {
  Features features;
  Table<Weights> basis;                                // [m x k] Bᵀ
  Lists of_basis;                                      // of each of its columns the entries that are not 0
  Table<Weights> left;                                 // [k x k] S
  Table<Weights> known;                                // [k x C] Dᵀ
  Table<Positive> norms;                               // [1 x C] |R_c|
  std::vector<Tokens> labels;                          // as in the witness
  std::vector<Table<Real>> minus_tables, class_tables; // -a_i [rows x m]; a_i Uᵀ [rows x C]
};
LowRank prepare_low_rank(Kernel&, const Features&, const LowRankWitness&);

} // namespace verifier::rules::any
