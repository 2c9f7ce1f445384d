// Labellings of the inputs that a search tries, with the names that explanations have for them (docs/explanations.md), and tables that
// fit them.
#pragma once

#include "explanations/networks.hpp"
#include "numbers/product.hpp"
#include "tasks/labelling.hpp"

namespace proofmark::low_rank {

using explanations::NamedLabelling;

// Tokens, the label, of each two positions sum and difference modulo the tokens there, the larger and the smaller: those that differ.
std::vector<NamedLabelling> known_labellings(const FiniteTask&);

std::uint64_t count_of(const NamedLabelling&); // rows that its table needs

// Of these, one after the other, what takes most off the rows of h; at most so many.
std::vector<NamedLabelling> best_labellings(const MatrixD& h, std::vector<NamedLabelling> of, std::size_t most,
                                            unsigned threads);

struct Tables {
  std::vector<NamedLabelling> labellings;
  std::vector<MatrixD> rows; // of each labelling [count x m], as they are stored
  MatrixD rest;              // e = h less a row of each table  [N x m]

  std::uint64_t all_rows() const;
};
Tables fitted(const MatrixD& h, std::vector<NamedLabelling>);

} // namespace proofmark::low_rank
