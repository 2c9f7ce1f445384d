// The cross-entropy of rows of logits, and its gradient: what the training of every family ends in.
#pragma once

#include "tasks/batch.hpp"
#include "training/panels.hpp"

#include <span>

namespace proofmark {

// For each row r of the panel, with y = labels[r]: losses(r) = ln sum_k exp logits(r,k) - logits(r,y), and the row is
// replaced by the gradient (softmax - 1_y) / batch of the mean over `batch` inputs.
// logits  [rows x V], labels and losses  [rows].
template <class Scalar>
void logits_to_gradient(Matrix<Scalar>& logits, std::span<const Token> labels, std::size_t batch, Panel,
                        Eigen::ArrayXd& losses);

extern template void logits_to_gradient(Matrix<float>&, std::span<const Token>, std::size_t, Panel, Eigen::ArrayXd&);
extern template void logits_to_gradient(Matrix<double>&, std::span<const Token>, std::size_t, Panel, Eigen::ArrayXd&);

} // namespace proofmark
