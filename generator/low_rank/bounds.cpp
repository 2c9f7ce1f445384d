#include "low_rank/bounds.hpp"

#include <cmath>

namespace proofmark::low_rank {

namespace {

using Eigen::Index;

double rounding(Index terms) { // of sums of so many, in the verifier's doubles and in these, with room
  return static_cast<double>(4 * terms + 256) * 0x1p-52;
}

} // namespace

Bounds::Bounds(const Features& features, const Tables& tables, const Basis& basis)
    : features_(features), tables_(tables), basis_(basis) {
  const MatrixD &U = features.U, &B = basis.rows, &M = basis.metric;
  const MatrixD columns = U.transpose(); // [C x m]
  const MatrixD A = columns * B.transpose() * M, R = columns - A * B, G = B * B.transpose();
  S_ = M + M.transpose() - M.transpose() * G * M;
  centre_ = A + R * B.transpose() * M;
  const double lost = rounding(U.rows());
  const Eigen::VectorXd sizes = columns.rowwise().norm() + A.rowwise().norm() * B.norm();
  rest_ = (R.rowwise().norm() + lost * sizes).transpose();
  largest_ = columns.rows() == 0 ? 0 : sizes.maxCoeff();
  size_of_basis_ = B.norm(), size_of_S_ = S_.norm();
  for (const MatrixD& table : tables.rows) {
    MatrixD product(table.rows(), U.cols());
    set_product(product, table, U);
    means_.push_back(std::move(product));
  }
}

Ends Bounds::of(const std::vector<std::size_t>& inputs) const {
  const Index count = static_cast<Index>(inputs.size()), classes = features_.U.cols(), m = features_.U.rows();
  std::vector<Index> rows;
  for (const std::size_t i : inputs) rows.push_back(static_cast<Index>(i));
  const MatrixD h = features_.h(rows, Eigen::all), e = tables_.rest(rows, Eigen::all);
  Ends result{MatrixD(count, classes), MatrixD(count, classes), MatrixD(count, classes)};
  set_product(result.exact, h, features_.U);
  MatrixD w(count, basis_.rows.rows()), centre = MatrixD::Zero(count, classes);
  if (w.cols() > 0) {
    set_product(w, e, basis_.rows.transpose());
    set_product(centre, w, centre_.transpose());
  }
  const MatrixD weighed = w * S_;
  const double lost = rounding(m);
  for (Index i = 0; i < count; ++i) {
    const Index input = rows[static_cast<std::size_t>(i)];
    for (std::size_t j = 0; j < means_.size(); ++j)
      centre.row(i) += means_[j].row(tables_.labellings[j].labels[static_cast<std::size_t>(input)]);
    const Eigen::RowVectorXd s = features_.s_of(input);
    result.exact.row(i) += s, centre.row(i) += s;
    const double whole = e.row(i).squaredNorm(), part = weighed.row(i).dot(w.row(i)), size = w.row(i).norm();
    const double unsure = lost * (whole + size_of_S_ * size * (size + size_of_basis_ * std::sqrt(whole)));
    const double left = std::sqrt(std::max(0.0, whole - part) + unsure);
    const Index label = features_.labels[static_cast<std::size_t>(input)];
    const double own = result.exact(i, label);
    result.upper.row(i) = (centre.row(i) + left * rest_).array() - own;
    result.lower.row(i) = (centre.row(i) - left * rest_).array() - own;
    result.exact.row(i).array() -= own;
    result.upper(i, label) = result.lower(i, label) = 0;
  }
  return result;
}

double Bounds::room(std::size_t input, double blur) const {
  const auto row = static_cast<Index>(input);
  double size = features_.h.row(row).norm() + tables_.rest.row(row).norm() * (1 + size_of_basis_ * size_of_S_);
  for (std::size_t j = 0; j < tables_.rows.size(); ++j)
    size += tables_.rows[j].row(tables_.labellings[j].labels[input]).norm();
  constexpr double others = 8; // inputs than those that the blur is of
  return rounding(features_.U.rows()) * largest_ * size + others * blur;
}

} // namespace proofmark::low_rank
