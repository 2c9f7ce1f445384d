#include "low_rank/basis.hpp"

#include "low_rank/stored.hpp"
#include "support/interrupt.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace proofmark::low_rank {

namespace {

using Eigen::Index;

// Of a right angle's half, from the double angle, by square roots alone: the same on every processor.
struct Turn {
  double cosine = 1, sine = 0;

  Turn half() const {
    return {std::sqrt(std::max(0.0, (1 + cosine) / 2)),
            std::copysign(std::sqrt(std::max(0.0, (1 - cosine) / 2)), sine)};
  }
};

// The angle by which two rows are turned in their plane so that the variance of squared entries is largest (Kaiser 1958).
Turn best_turn(const MatrixD& rows, Index p, Index q) {
  double a = 0, b = 0, c = 0, d = 0;
  for (Index j = 0; j < rows.cols(); ++j) {
    const double x = rows(p, j), y = rows(q, j), u = (x - y) * (x + y), v = 2 * x * y;
    a += u, b += v, c += (u - v) * (u + v), d += 2 * u * v;
  }
  const auto m = static_cast<double>(rows.cols());
  const double sine = d - 2 * a * b / m, cosine = c - (a - b) * (a + b) / m,
               size = std::sqrt(sine * sine + cosine * cosine);
  if (!(size > 0)) return {};
  return Turn{cosine / size, sine / size}.half().half(); // a quarter
}

// The row of unit length beside some others, or none.
bool append(MatrixD& rows, Eigen::RowVectorXd row) {
  const double size = row.norm();
  for (int twice = 0; twice < 2; ++twice)
    for (Index i = 0; i < rows.rows(); ++i) row -= row.dot(rows.row(i)) * rows.row(i);
  if (!(row.norm() > 1e-9 * size)) return false;
  rows.conservativeResize(rows.rows() + 1, Eigen::NoChange);
  rows.row(rows.rows() - 1) = row / row.norm();
  return true;
}

} // namespace

MatrixD directions(const MatrixD& U, const MatrixD& first) {
  const Index m = U.rows();
  MatrixD result(0, m);
  for (Index i = 0; i < first.rows(); ++i) append(result, first.row(i));
  MatrixD rest = U;
  if (result.rows() > 0) rest -= result.transpose() * (result * U);
  const bool by_classes = U.cols() < m;
  MatrixD gram(by_classes ? U.cols() : m, by_classes ? U.cols() : m);
  if (by_classes)
    set_product(gram, rest.transpose(), rest);
  else
    set_product(gram, rest, rest.transpose());
  const Eigen::SelfAdjointEigenSolver<MatrixD> eigen(gram); // ascending
  const double largest = std::max(0.0, eigen.eigenvalues()[gram.rows() - 1]);
  for (Index i = gram.rows(); i-- > 0 && result.rows() < m;) {
    stop_if_interrupted();
    if (!(eigen.eigenvalues()[i] > 1e-14 * largest)) break;
    const Eigen::VectorXd vector = eigen.eigenvectors().col(i);
    Eigen::RowVectorXd row = by_classes ? Eigen::RowVectorXd((rest * vector).transpose()) : vector.transpose();
    Index at = 0;
    row.cwiseAbs().maxCoeff(&at);
    if (row[at] < 0) row = -row;
    append(result, row);
  }
  return result;
}

MatrixD turned(MatrixD rows) {
  constexpr int most_sweeps = 60;
  constexpr double little = 1e-7;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    stop_if_interrupted();
    double most = 0;
    for (Index p = 0; p < rows.rows(); ++p)
      for (Index q = p + 1; q < rows.rows(); ++q) {
        const Turn turn = best_turn(rows, p, q);
        most = std::max(most, std::abs(turn.sine));
        const Eigen::RowVectorXd x = rows.row(p), y = rows.row(q);
        rows.row(p) = turn.cosine * x + turn.sine * y;
        rows.row(q) = turn.cosine * y - turn.sine * x;
      }
    if (most < little) break;
  }
  return rows;
}

Basis basis(const MatrixD& rows, std::size_t entries) {
  Basis result;
  result.rows = as_stored(rows);
  const auto all = static_cast<std::size_t>(rows.size());
  if (entries < all) {
    std::vector<std::size_t> order(all);
    for (std::size_t i = 0; i < all; ++i) order[i] = i;
    const double* const x = result.rows.data();
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(entries), order.end(),
                     [&](std::size_t i, std::size_t j) {
                       return std::abs(x[i]) != std::abs(x[j]) ? std::abs(x[i]) > std::abs(x[j]) : i < j;
                     });
    for (std::size_t i = entries; i < all; ++i) result.rows.data()[order[i]] = 0;
  }
  std::vector<Index> kept; // rows that have an entry
  for (Index i = 0; i < result.rows.rows(); ++i)
    if ((result.rows.row(i).array() != 0).any()) kept.push_back(i);
  const MatrixD with_entries = result.rows(kept, Eigen::all);
  result.rows = with_entries;
  result.rows_with_entries = kept.size();
  result.entries = static_cast<std::size_t>((result.rows.array() != 0).count());
  MatrixD gram = result.rows * result.rows.transpose();
  const Index k = gram.rows();
  if (k > 0) gram.diagonal().array() += 1e-13 * gram.trace() / static_cast<double>(k);
  result.metric = MatrixD(gram.ldlt().solve(MatrixD::Identity(k, k)));
  return result;
}

} // namespace proofmark::low_rank
