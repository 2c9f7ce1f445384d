// The theorem of docs/rules/any/low-rank.md in doubles: bounds of the differences of an input's logits with its label's.
#pragma once

#include "low_rank/basis.hpp"
#include "low_rank/features.hpp"
#include "low_rank/labellings.hpp"

namespace proofmark::low_rank {

struct Ends {
  MatrixD upper, lower, exact; // of z_c - z_y  [inputs x C]; 0 where c = y
};

class Bounds {
public:
  // All of these outlive it.
  Bounds(const Features&, const Tables&, const Basis&);

  Ends of(const std::vector<std::size_t>& inputs) const;

  // How far doubles here, and the verifier's, may be from a difference; `blur` is how far its logits reach.
  double room(std::size_t input, double blur) const;

private:
  const Features& features_;
  const Tables& tables_;
  const Basis& basis_;
  MatrixD centre_;             // D  [C x k]
  MatrixD S_;                  // [k x k]
  Eigen::RowVectorXd rest_;    // |R_c|  [C]
  std::vector<MatrixD> means_; // a_i U of each labelling
  double largest_ = 0;         // |U_c|
  double size_of_basis_ = 0, size_of_S_ = 0;
};

} // namespace proofmark::low_rank
