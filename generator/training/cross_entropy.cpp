#include "training/cross_entropy.hpp"

#include "numbers/elementary.hpp"

namespace proofmark {

template <class Scalar>
void logits_to_gradient(Matrix<Scalar>& logits, std::span<const Token> labels, std::size_t batch, Panel panel,
                        Eigen::ArrayXd& losses) {
  const Scalar share = Scalar{1} / static_cast<Scalar>(batch);
  for (Eigen::Index row = panel.begin; row < panel.begin + panel.size; ++row) {
    const Eigen::Index label = labels[static_cast<std::size_t>(row)];
    auto values = logits.row(row).array();
    const Scalar largest = values.maxCoeff();
    const Scalar margin = largest - values(label);
    values -= largest;
    elementary::replace_by_exp(values.data(), values.size());
    const Scalar sum = values.sum();
    losses(row) = elementary::log(static_cast<double>(sum)) + static_cast<double>(margin);
    values *= share / sum;
    values(label) -= share;
  }
}

template void logits_to_gradient(Matrix<float>&, std::span<const Token>, std::size_t, Panel, Eigen::ArrayXd&);
template void logits_to_gradient(Matrix<double>&, std::span<const Token>, std::size_t, Panel, Eigen::ArrayXd&);

} // namespace proofmark
