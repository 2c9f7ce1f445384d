// Directions, their rotation, and what is kept of them.
#include "low_rank/basis.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace proofmark;
using namespace proofmark::low_rank;

namespace {

MatrixD random_matrix(Eigen::Index rows, Eigen::Index columns, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  MatrixD result(rows, columns);
  for (double* x = result.data(); x != result.data() + result.size(); ++x) *x = uniform(random);
  return result;
}

double off_identity(const MatrixD& x) {
  return (x - MatrixD::Identity(x.rows(), x.cols())).cwiseAbs().maxCoeff();
}

} // namespace

TEST_CASE("directions are orthonormal, as many as there are dimensions, the leading ones first") {
  for (const auto& [m, C] : {std::pair{9, 4}, std::pair{4, 9}, std::pair{5, 5}}) {
    const MatrixD U = random_matrix(m, C, 3);
    const MatrixD rows = directions(U, MatrixD(0, m));
    REQUIRE(rows.rows() == std::min(m, C));
    CHECK(off_identity(rows * rows.transpose()) < 1e-12);
    double before = 1e300;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      const double size = (rows.row(i) * U).norm();
      CHECK(size <= before * (1 + 1e-9));
      before = size;
    }
    CHECK((U - rows.transpose() * (rows * U)).norm() < 1e-9 * U.norm());
  }
}

TEST_CASE("directions that are given come first; one that adds nothing is left out") {
  const MatrixD U = random_matrix(6, 8, 4);
  MatrixD first = random_matrix(3, 6, 5);
  first.row(2) = first.row(0) - 2 * first.row(1);
  const MatrixD rows = directions(U, first);
  REQUIRE(rows.rows() == 6);
  const MatrixD two = rows.topRows(2);
  CHECK((first - first * two.transpose() * two).norm() < 1e-12);
  CHECK(off_identity(rows * rows.transpose()) < 1e-12);
  CHECK(directions(MatrixD::Zero(6, 8), MatrixD(0, 6)).rows() == 0);
}

TEST_CASE("rows that are turned span the same space and have few large entries again") {
  MatrixD sparse = MatrixD::Zero(3, 30);
  for (Eigen::Index j = 0; j < 30; ++j) sparse(j % 3, j) = 1 + 0.01 * static_cast<double>(j);
  sparse.rowwise().normalize();
  MatrixD mix = random_matrix(3, 3, 6);
  mix = directions(mix, MatrixD(0, 3)); // a rotation
  const MatrixD found = turned(mix * sparse);
  CHECK(off_identity(found * found.transpose()) < 1e-9);
  CHECK((found - found * sparse.transpose() * sparse).norm() < 1e-9);
  CHECK((found.array().abs() > 1e-3).count() == 30); // one row an entry, as before
}

TEST_CASE("a basis keeps the largest entries, and its metric is the inverse of what they have in common") {
  const MatrixD rows = random_matrix(3, 10, 7);
  const Basis all = basis(rows, 30);
  CHECK(all.entries == 30);
  CHECK(off_identity(all.metric * all.rows * all.rows.transpose()) < 1e-6);
  const Basis some = basis(rows, 12);
  CHECK(some.entries == 12);
  double least = 1, dropped = 0;
  for (Eigen::Index i = 0; i < some.rows.size(); ++i) {
    const double was = std::abs(all.rows.data()[i]);
    some.rows.data()[i] != 0 ? least = std::min(least, was) : dropped = std::max(dropped, was);
  }
  CHECK(least >= dropped);
  MatrixD small = rows;
  small.row(1) *= 1e-6;
  const Basis two = basis(small, 15); // its entries are all dropped, and the row with them
  CHECK(two.rows.rows() == 2);
  CHECK(two.rows_with_entries == 2);
  CHECK(basis(rows.topRows(0), 0).metric.size() == 0);
}
