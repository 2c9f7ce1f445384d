// Bounds of all logits of the inputs with one left symbol, in doubles, as the theorem of docs/rules/any/block-tables.md has them, up to
// one number for each input that all its logits have in common.
#pragma once

#include "block_tables/additive.hpp"
#include "block_tables/form.hpp"

namespace proofmark::block_tables {

// k - rho and k + rho of each symbol and class: [symbols x C].
struct Radii {
  MatrixD low, high;
};
// Of one group of a side by its kind; `left` is what is left of the side's columns.
Radii radii(const Additive&, const MatrixD& left, const Group&);
Radii radii(const Additive&, const MatrixD& left, const Side&);

class Bounds {
public:
  Bounds(const Additive&, const Form&);

  // Of the inputs (x, y), y = 0 .. N_y - 1.
  struct Row {
    MatrixD centre;               // z^ and the bias  [N_y x C]
    Eigen::RowVectorXd low, high; // what x adds to the ends  [C]
  };
  Row row(std::size_t x) const;

  const Radii& of_classes() const { return folded_; } // what y adds to the ends of a class
  const Radii& of_labels() const { return own_; }     // and to those of the label's

private:
  const Additive& network_;
  const Form& form_;
  std::vector<MatrixD> right_means_;         // of each right group
  std::vector<MatrixD> rows_of_unembedding_; // of each right group
  struct Table {
    std::uint32_t left_group;
    MatrixD sums; // [left blocks * right blocks x C]
  };
  std::vector<std::vector<Table>> tables_; // two-sided: of each right group
  Radii own_, folded_, of_left_;
};

// By how much what the verifier encloses, and what doubles find here, may be off a difference of two logits.
double room(const Additive&);

} // namespace proofmark::block_tables
