#include "families/attention_only/bounds/relative.hpp"

#include "numbers/elementary.hpp"

#include <cmath>

namespace proofmark::attention_only {

namespace {

MatrixD without_column(const MatrixD& table, Eigen::Index rows, Eigen::Index m) {
  MatrixD result(rows, table.cols() - 1);
  result << table.topRows(rows).leftCols(m), table.topRows(rows).rightCols(table.cols() - 1 - m);
  return result.colwise() - table.topRows(rows).col(m);
}

double largest(const MatrixD& table) {
  return table.cwiseAbs().maxCoeff();
}

double spread(const MatrixD& scores) {
  return (scores.rowwise().maxCoeff() - scores.rowwise().minCoeff()).maxCoeff();
}

} // namespace

Relative::Relative(const Tables& tables, const Positions& positions, std::uint64_t label)
    : m(label), n(tables.n), W(tables.V - 1) {
  const auto at = static_cast<Eigen::Index>(m), rows = at + 1;
  u = without_column(tables.EU, rows, at);
  v = without_column(tables.OV, rows, at);
  pi = without_column(tables.PO, tables.PO.rows(), at);
  r = elementary::exp_of((tables.A.topLeftCorner(rows, rows).colwise() - tables.A.col(at).head(rows)).array());
  b = positions.b.topRows(rows);
  low_ = positions.low.topRows(rows);
  high_ = positions.high.topRows(rows);
}

Errors errors(const Tables& tables) {
  constexpr double u = 0x1p-52;
  const auto n = static_cast<double>(tables.n);
  Errors result{};
  result.weight = 2 * tables.score_error + (spread(tables.A) + spread(tables.B)) * u + 0x1p-48;
  result.size = 2 * (largest(tables.EU) + largest(tables.OV) + largest(tables.PO)) +
                elementary::log(static_cast<double>(tables.V));
  result.margin =
      6 * tables.value_error + 2.02 * result.weight * result.size + (2 * n + 16) * u * result.size + 0x1p-48;
  result.bound = 16 * (result.margin + result.weight) + (static_cast<double>(tables.V) + 64) * u + 0x1p-40;
  return result;
}

double clear_margin(const Errors& errors) {
  return 8 * errors.margin + 0x1p-40 * (1 + errors.size);
}

Interval bounds(double lower, double upper, const Errors& errors) {
  return hull(enclose(lower) * (enclose(1) - enclose(errors.bound)),
              enclose(upper) * (enclose(1) + enclose(errors.bound)));
}

double loss_of(const double* margins, Eigen::Index count) {
  if (count == 0) return 0;
  const Eigen::Map<const Eigen::ArrayXd> delta(margins, count);
  const double top = std::max(0.0, delta.maxCoeff());
  if (top == 0) return elementary::log1p(elementary::exp_of(delta).sum());
  return top + elementary::log(elementary::exp(-top) + elementary::exp_of(delta - top).sum());
}

} // namespace proofmark::attention_only
