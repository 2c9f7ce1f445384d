// A described network as U h + s, in doubles, for all inputs of a task.
#pragma once

#include "low_rank/form.hpp"
#include "numbers/product.hpp"
#include "tasks/labelling.hpp"

#include <functional>

namespace proofmark::low_rank {

struct Features {
  MatrixD h; // [N x m]
  MatrixD U; // [m x C], less the mean over the classes
  MatrixD s; // [N x C]; where it is the same for all inputs [1 x C]
  std::vector<Token> labels;

  std::size_t inputs() const { return labels.size(); }
  Eigen::RowVectorXd s_of(Eigen::Index input) const { return s.row(s.rows() == 1 ? 0 : input); }
};

Features features_of(const networks::Network&, const Form&, const FiniteTask&, unsigned threads,
                     const std::function<void(double)>& progress = {});

} // namespace proofmark::low_rank
