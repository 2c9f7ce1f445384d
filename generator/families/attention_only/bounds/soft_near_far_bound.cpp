#include "families/attention_only/bounds/soft_near_far_bound.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace proofmark::attention_only {

namespace {

using Index = Eigen::Index;

// Of a weight in the sum of itself and others.
Span share(Span own, Span others) {
  return {own.lo / (own.lo + others.hi), own.hi / (own.hi + others.lo)};
}

double log_sum_exp(const Eigen::ArrayXd& terms) {
  const double top = terms.maxCoeff();
  return top + elementary::log(elementary::exp_of(terms - top).sum());
}

} // namespace

SoftNearFar::SoftNearFar(Relative relative, std::uint64_t near)
    : label_(std::move(relative)), f_(static_cast<Index>(label_.m - near)),
      y_(label_.v.rowwise() + label_.pi.colwise().maxCoeff()) {
  const auto m = static_cast<Index>(label_.m), last = static_cast<Index>(label_.n) - 1;
  const std::uint64_t free = label_.n - 1, c = near;
  const auto f = static_cast<double>(f_);
  for (Index q = free == 0 ? m : 0; q <= m; ++q) {
    const auto sums = [&](std::uint64_t x) { return label_.position_sum(q, static_cast<Index>(x)); };
    const double own = label_.r(q, q) * label_.b(q, last);
    const double rho = f_ > 0 ? label_.r.row(q).head(f_).maxCoeff() : 0;
    const double mean = f_ > 0 ? label_.r.row(q).head(f_).mean() : 0;
    for (std::uint64_t x = q == m ? 0 : 1; x <= free; ++x)
      for (std::uint64_t s = 0; s + x <= free; ++s) {
        const std::uint64_t far = free - x - s;
        if ((s > 0 && c == 0) || (far > 0 && f_ == 0)) continue;
        Cell cell{rows_.size(),
                  rows_.size() + (s > 0 ? c : 1),
                  (binomial(free, x) * binomial(free - x, s)).convert_to<double>() *
                      elementary::power(static_cast<double>(c), s) * elementary::power(f, far),
                  s >= 2,
                  far > 0,
                  0};
        const Span of_label{sums(x).lo + (q == m ? own : 0), sums(x).hi + (q == m ? own : 0)};
        const Span of_query = q == m ? Span{0, 0} : Span{own, own};
        for (std::size_t i = cell.from; i < cell.to; ++i) {
          const Index k = s > 0 ? f_ + static_cast<Index>(i - cell.from) : -1;
          const Span of_near = s > 0 ? Span{sums(s).lo * label_.r(q, k), sums(s).hi * label_.r(q, k)} : Span{0, 0};
          const Span mass{of_label.lo + of_query.lo + of_near.lo, of_label.hi + of_query.hi + of_near.hi};
          const double weight = sums(far).hi * rho;
          rows_.push_back({q, k,
                           q == m ? Span{0, 0} : share(of_query, {of_label.lo + of_near.lo, of_label.hi + of_near.hi}),
                           s == 0 ? Span{0, 0} : share(of_near, {of_label.lo + of_query.lo, of_label.hi + of_query.hi}),
                           mass, far > 0 ? weight / (mass.lo + weight) : 0});
          cell.attended += sums(far).hi * mean / mass.lo / static_cast<double>(cell.to - cell.from);
        }
        cells_.push_back(cell);
      }
  }
  inverse_mass_.resize(static_cast<Index>(rows_.size()));
  for (std::size_t i = 0; i < rows_.size(); ++i) inverse_mass_[static_cast<Index>(i)] = 1 / rows_[i].mass.lo;
}

Eigen::RowVectorXd SoftNearFar::Columns::margins(const Row& row) const {
  Eigen::RowVectorXd result = main.row(row.q);
  const auto add = [&](Span share, Index token) {
    result += (u.row(row.q) + y.row(token) - main.row(row.q)).unaryExpr([&](double x) { return share.up(x); });
  };
  add(row.of_query, row.q);
  if (row.k >= 0) add(row.of_near, row.k);
  return result;
}

SoftNearFar::Columns SoftNearFar::columns(std::span<const std::uint16_t> heads, bool joint) const {
  const Index rows = y_.rows(), m = rows - 1, eta = static_cast<Index>(heads.size());
  std::vector<Index> own, tail;
  for (const std::uint16_t w : heads) own.push_back(static_cast<Index>(label_.column(w)));
  for (Index w = 0; w < y_.cols(); ++w)
    if (std::find(own.begin(), own.end(), w) == own.end()) tail.push_back(w);
  Columns c{MatrixD(rows, eta + 1), MatrixD(rows, eta + 1), MatrixD(rows, eta + 1), {}};
  c.u.leftCols(eta) = label_.u(Eigen::all, own);
  c.y.leftCols(eta) = y_(Eigen::all, own);
  const MatrixD u = label_.u(Eigen::all, tail), y = y_(Eigen::all, tail);
  c.u.col(eta) = u.rowwise().maxCoeff();
  for (Index t = 0; t < rows; ++t) c.y(t, eta) = log_sum_exp(y.row(t).transpose());
  c.main = c.u.rowwise() + c.y.row(m);
  if (joint)
    for (Index q = 0; q < rows; ++q) c.main(q, eta) = log_sum_exp((u.row(q) + y.row(m)).transpose());
  if (f_ > 0) c.far = c.y.topRows(f_).colwise().maxCoeff();
  return c;
}

double SoftNearFar::mix(const Cell& cell, const Eigen::ArrayXd& losses) const {
  const auto from = static_cast<Index>(cell.from), count = static_cast<Index>(cell.to - cell.from);
  const auto own = losses.segment(from, count);
  double result = own.mean();
  if (cell.mixed) {
    double heavy = 0;
    for (Index i = 0; i < count; ++i) heavy += rows_[cell.from + static_cast<std::size_t>(i)].mass.hi * own[i];
    result = std::max(result, heavy / static_cast<double>(count) * inverse_mass_.segment(from, count).mean());
  }
  return result;
}

double SoftNearFar::of_cell(const Cell& cell, const Eigen::ArrayXd& losses, const Eigen::ArrayXd& worst,
                            double far_loss) const {
  const double pure = mix(cell, losses);
  return cell.inputs * (cell.far ? std::min(mix(cell, worst), pure + cell.attended * far_loss) : pure);
}

double SoftNearFar::bound(std::span<const std::uint16_t> heads, bool joint) const {
  const Columns c = columns(heads, joint);
  const auto count = static_cast<Index>(rows_.size());
  Eigen::ArrayXd losses(count), worst(count);
  for (Index i = 0; i < count; ++i) {
    const Row& row = rows_[static_cast<std::size_t>(i)];
    Eigen::RowVectorXd margins = c.margins(row);
    losses[i] = loss_of(margins.data(), margins.size());
    if (f_ == 0 || row.far_share == 0) continue;
    margins += row.far_share * (c.u.row(row.q) + c.far - margins).cwiseMax(0);
    worst[i] = loss_of(margins.data(), margins.size());
  }
  double sum = 0, far_loss = 0;
  Index q = -1;
  for (const Cell& cell : cells_) {
    if (f_ > 0 && rows_[cell.from].q != q) {
      q = rows_[cell.from].q;
      const Eigen::RowVectorXd margins = c.u.row(q) + c.far;
      far_loss = loss_of(margins.data(), margins.size());
    }
    sum += of_cell(cell, losses, worst, far_loss);
  }
  return sum;
}

} // namespace proofmark::attention_only
