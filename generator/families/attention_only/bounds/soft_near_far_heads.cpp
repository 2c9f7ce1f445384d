// The heads of a label for soft-near-far@1: a search by the bound itself.

#include "families/attention_only/bounds/soft_near_far_bound.hpp"
#include "numbers/elementary.hpp"

#include <algorithm>
#include <limits>

namespace proofmark::attention_only {

using Index = Eigen::Index;

// Bounds by exponentials that were taken once: of every output as a head, for every row. Rounding does not matter here.
class SoftNearFar::Search {
public:
  Search(const SoftNearFar& rule, bool joint)
      : rule_(rule), joint_(joint), W_(rule.y_.cols()), m_(rule.y_.rows() - 1),
        count_(static_cast<Index>(rule.rows_.size())), pure_(count_, W_), worst_(count_, W_),
        tail_(Eigen::ArrayXd::Ones(W_)), delta_(count_), worst_delta_(count_), sum_(Eigen::ArrayXd::Zero(count_)),
        worst_sum_(Eigen::ArrayXd::Zero(count_)), far_sum_(Eigen::ArrayXd::Zero(m_ + 1)) {
    const MatrixD& u = rule_.label_.u;
    const MatrixD& y = rule_.y_;
    Columns c{u, y, u.rowwise() + y.row(m_), {}};
    if (rule_.f_ > 0) c.far = y.topRows(rule_.f_).colwise().maxCoeff();
    for (Index i = 0; i < count_; ++i) {
      const Row& row = rule_.rows_[static_cast<std::size_t>(i)];
      const Eigen::RowVectorXd margins = c.margins(row);
      pure_.row(i) = exponentials(margins);
      if (rule_.f_ > 0)
        worst_.row(i) = exponentials(margins + row.far_share * (u.row(row.q) + c.far - margins).cwiseMax(0));
    }
    if (rule_.f_ > 0) far_ = exponentials(u.rowwise() + c.far);
    top_ = y.rowwise().maxCoeff();
    terms_ = elementary::exp_of((y.colwise() - top_).array());
    main_top_ = c.main.rowwise().maxCoeff();
    if (joint) main_terms_ = elementary::exp_of((c.main.colwise() - main_top_).array());
  }

  Index outputs() const { return W_; }

  // Moves an output from the tail to the heads, or back.
  void move(Index w, bool to_heads) {
    const double sign = to_heads ? 1 : -1;
    tail_[w] = to_heads ? 0 : 1;
    sum_ += sign * pure_.col(w);
    if (rule_.f_ == 0) return;
    worst_sum_ += sign * worst_.col(w);
    far_sum_ += sign * far_.col(w);
  }

  double bound() {
    const MatrixD& u_all = rule_.label_.u;
    const Eigen::RowVectorXd excluded = (tail_ - 1).transpose().matrix() * 1e6;
    const Eigen::VectorXd u = (u_all.rowwise() + excluded).rowwise().maxCoeff();
    const Eigen::VectorXd y = logs(terms_) + top_;
    const Eigen::VectorXd main =
        joint_ ? Eigen::VectorXd(logs(main_terms_) + main_top_) : Eigen::VectorXd(u.array() + y[m_]);
    const double far = rule_.f_ > 0 ? y.head(rule_.f_).maxCoeff() : 0;
    for (Index i = 0; i < count_; ++i) {
      const Row& row = rule_.rows_[static_cast<std::size_t>(i)];
      double margin = main[row.q] + row.of_query.up(u[row.q] + y[row.q] - main[row.q]);
      if (row.k >= 0) margin += row.of_near.up(u[row.q] + y[row.k] - main[row.q]);
      delta_[i] = margin;
      worst_delta_[i] = margin + row.far_share * std::max(0.0, u[row.q] + far - margin);
    }
    const Eigen::ArrayXd losses = loss(sum_, delta_);
    Eigen::ArrayXd worst, far_loss;
    if (rule_.f_ > 0) {
      worst = loss(worst_sum_, worst_delta_);
      far_loss = loss(far_sum_, u.array() + far);
    }
    double sum = 0;
    for (const Cell& cell : rule_.cells_)
      sum += rule_.of_cell(cell, losses, worst, cell.far ? far_loss[rule_.rows_[cell.from].q] : 0);
    return sum;
  }

  // What each output alone adds to the bound, about, where tails cost nothing.
  Eigen::ArrayXd costs() const {
    Eigen::ArrayXd weights(count_);
    for (const Cell& cell : rule_.cells_)
      for (std::size_t i = cell.from; i < cell.to; ++i)
        weights[static_cast<Index>(i)] = cell.inputs / static_cast<double>(cell.to - cell.from);
    const auto& exps = rule_.f_ > 0 ? worst_ : pure_;
    return ((exps.min(1)).matrix().transpose() * weights.matrix()).array();
  }

private:
  static constexpr double most = 500; // nats: exponentials stay finite

  static Eigen::ArrayXXd exponentials(const MatrixD& margins) { return elementary::exp_of(margins.array().min(most)); }

  // Of rows, whose heads' exponentials sum to `heads`, with the tail's margin.
  static Eigen::ArrayXd loss(const Eigen::ArrayXd& heads, const Eigen::ArrayXd& tail) {
    return elementary::log_of(1 + heads.max(0) + elementary::exp_of(tail.min(most)));
  }

  Eigen::VectorXd logs(const MatrixD& terms) const {
    return elementary::log_of((terms * tail_.matrix()).array().max(1e-300)).matrix();
  }

  const SoftNearFar& rule_;
  bool joint_;
  Index W_, m_, count_;
  Eigen::ArrayXXd pure_, worst_; // [rows x W], of output w as a head: exp of its margin, and with the worst far tokens
  Eigen::ArrayXXd far_;          // [m+1 x W]
  Eigen::VectorXd top_, main_top_;
  MatrixD terms_, main_terms_;
  Eigen::ArrayXd tail_; // 1 for outputs of the tail, 0 for heads
  Eigen::ArrayXd delta_, worst_delta_, sum_, worst_sum_, far_sum_;
};

std::vector<std::uint16_t> SoftNearFar::find_heads(std::vector<std::uint16_t> known, std::uint64_t count,
                                                   bool joint) const {
  Search search(*this, joint);
  std::vector<Index> stay;
  for (const std::uint16_t output : known) {
    stay.push_back(static_cast<Index>(label_.column(output)));
    search.move(stay.back(), true);
  }
  count -= stay.size();
  const Eigen::ArrayXd costs = search.costs();
  std::vector<Index> pool(static_cast<std::size_t>(search.outputs()));
  for (std::size_t w = 0; w < pool.size(); ++w) pool[w] = static_cast<Index>(w);
  std::stable_sort(pool.begin(), pool.end(), [&](Index a, Index b) { return costs[a] > costs[b]; });
  pool.resize(std::min<std::size_t>(pool.size(), 2 * count + stay.size() + 16));

  std::vector<Index> heads;
  // The best output of the pool to join the heads; from there to its place.
  const auto join = [&] {
    double least = std::numeric_limits<double>::infinity();
    Index best = -1;
    for (const Index w : pool) {
      if (std::find(heads.begin(), heads.end(), w) != heads.end() ||
          std::find(stay.begin(), stay.end(), w) != stay.end())
        continue;
      search.move(w, true);
      const double found = search.bound();
      search.move(w, false);
      if (found < least || best < 0) least = found, best = w;
    }
    search.move(best, true);
    heads.push_back(best);
    return best;
  };
  while (heads.size() < count) join();
  for (unsigned since_change = 0, at = 0; since_change < heads.size() && at < 3 * heads.size(); ++at) {
    const Index oldest = heads.front();
    heads.erase(heads.begin());
    search.move(oldest, false);
    since_change = join() == oldest ? since_change + 1 : 0;
  }
  for (const Index w : heads) known.push_back(static_cast<std::uint16_t>(label_.output(static_cast<std::uint64_t>(w))));
  std::sort(known.begin(), known.end());
  return known;
}

} // namespace proofmark::attention_only
