#include "families/token_sum/head_tail/products.hpp"

#include "numbers/elementary.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

using Index = Eigen::Index;

constexpr std::uint64_t rows_at_a_time = 16;

double root(double x, std::uint64_t p) {
  return p == 2 ? std::sqrt(x) : elementary::exp(elementary::log(x) / static_cast<double>(p));
}

} // namespace

HeadTailTables::HeadTailTables(const TokenSumTables& tables, const HeadTail& witness, unsigned threads)
    : tables_(tables), witness_(witness), n_(tables.task.context), V_(tables.task.vocabulary),
      p_(std::max<std::uint64_t>(2, n_ - 1)), groups_(witness.group_count()), bounded_(witness.bounded_levels()) {
  const auto V = static_cast<Index>(V_);
  by_output_.resize(V, V);
  if (n_ >= 3) powers_ = tables.exponentials;
  head_values_.resize(V_ * witness.widest);
  reach_.assign(V_ * V_, static_cast<std::uint8_t>(bounded_));
  for (const float w : witness.weights) {
    weights_[0].push_back(w);
    weights_[1].push_back(1 / static_cast<double>(w));
  }
  if (n_ == 2)
    for (std::vector<double>& side : norms_.side) side.resize(bounded_ * groups_ * V_);
  for_each_piece((V_ + rows_at_a_time - 1) / rows_at_a_time, threads, [&](std::size_t piece) {
    const std::uint64_t from = piece * rows_at_a_time, to = std::min(V_, from + rows_at_a_time);
    by_output_.middleRows(static_cast<Index>(from), static_cast<Index>(to - from)) =
        tables.exponentials.middleCols(static_cast<Index>(from), static_cast<Index>(to - from)).transpose();
    std::vector<double> sums;
    for (std::uint64_t a = from; a < to; ++a) {
      const double* const row = tables.exponentials.row(static_cast<Index>(a)).data();
      for (std::uint64_t j = 0, level = 0; j < witness.widest; ++j) {
        while (level < bounded_ && witness.sizes[level] <= j) ++level;
        const std::uint64_t k = witness.heads[a * witness.widest + j];
        head_values_[a * witness.widest + j] = row[k];
        reach_[a * V_ + k] = static_cast<std::uint8_t>(level);
      }
      for (std::uint64_t i = 1; n_ >= 3 && i < p_; ++i)
        powers_.row(static_cast<Index>(a)) =
            powers_.row(static_cast<Index>(a)).cwiseProduct(tables.exponentials.row(static_cast<Index>(a)));
      if (n_ == 2) find_norms(a, a, sums, norms_);
    }
  });
}

// A term counts for every level whose heads lack its output; it is added to the largest of them, and the sums are then
// handed down.
void HeadTailTables::find_norms(std::uint64_t a, std::uint64_t y, std::vector<double>& sums, Norms& result) const {
  const double* const entries = tables_.exponentials.row(static_cast<Index>(a)).data();
  const double* const label = tables_.exponentials.row(static_cast<Index>(y)).data();
  const double* const powers = n_ >= 3 ? powers_.row(static_cast<Index>(a)).data() : nullptr;
  const std::uint8_t *const of_token = &reach_[a * V_], *const of_label = &reach_[y * V_];
  const std::uint16_t* const group = witness_.groups.empty() ? nullptr : witness_.groups.data();
  for (int side = 0; side < (weights_[0].empty() ? 1 : 2); ++side) {
    const double* const weight = weights_[side].empty() ? nullptr : weights_[side].data();
    sums.assign((bounded_ + 1) * groups_, 0); // first the terms that no level has
    for (std::uint64_t k = 0; k < V_; ++k) {
      const std::size_t levels = powers ? std::min(of_token[k], of_label[k]) : of_token[k];
      double term = powers ? label[k] * powers[k] : entries[k] * entries[k];
      if (weight) term *= weight[k];
      sums[levels * groups_ + (group ? group[k] : 0)] += term;
    }
    for (std::size_t level = bounded_; level-- > 0;)
      for (std::uint64_t g = 0; g < groups_; ++g) {
        double& sum = sums[(level + 1) * groups_ + g];
        if (level + 1 < bounded_) sum += sums[(level + 2) * groups_ + g];
        result.side[side][norm_index(level, g, a)] = root(sum, p_);
      }
  }
}

HeadTailRow::HeadTailRow(const HeadTailTables& tables)
    : t_(tables), outside_(tables.V_), inside_(static_cast<Index>(tables.V_)), coefficients_(tables.groups_) {
  if (t_.n_ >= 3)
    for (std::vector<double>& side : norms_.side) side.resize(t_.bounded_ * t_.groups_ * t_.V_);
}

void HeadTailRow::enter_label(std::uint64_t label) {
  if (t_.n_ >= 3 && t_.bounded_ > 0)
    for (std::uint64_t a = 0; a <= label; ++a) t_.find_norms(a, label, sums_, norms_);
}

void HeadTailRow::start(const Tokens& tail, const double* v) {
  row_ = &tail;
  v_ = v;
  size_ = 0;
  std::copy_n(v, t_.V_, outside_.begin());
  inside_.head(static_cast<Index>(tail.back()) + 1).setZero();
}

void HeadTailRow::advance(std::size_t level) {
  const HeadTail& witness = t_.witness_;
  const std::uint64_t size = witness.sizes[level];
  const auto length = static_cast<Index>(row_->back()) + 1;
  for (const std::uint64_t token : *row_)
    for (std::uint64_t j = size_; j < size; ++j) {
      const std::uint64_t k = witness.heads[token * witness.widest + j];
      if (outside_[k] == 0) continue; // entries of v are positive
      outside_[k] = 0;
      inside_.head(length) += v_[k] * t_.by_output_.row(static_cast<Index>(k)).head(length).transpose().array();
    }
  level_ = level;
  size_ = size;
  const HeadTailTables::Norms& norms = t_.n_ == 2 ? t_.norms_ : norms_;
  const std::vector<double>& other_side = norms.side[t_.weights_[0].empty() ? 0 : 1];
  for (std::uint64_t g = 0; g < t_.groups_; ++g) {
    double& product = coefficients_[g] = 1;
    for (std::size_t i = t_.n_ == 2 ? 0 : 1; i < row_->size(); ++i)
      product *= other_side[t_.norm_index(level, g, (*row_)[i])];
  }
}

double HeadTailRow::low(std::uint64_t a) const {
  const std::size_t first = a * t_.witness_.widest;
  const double* const value = &t_.head_values_[first];
  const std::uint16_t* const head = &t_.witness_.heads[first];
  double sum[4] = {inside_[static_cast<Index>(a)], 0, 0, 0};
  std::uint64_t j = 0;
  for (; j + 4 <= size_; j += 4)
    for (std::uint64_t i = 0; i < 4; ++i) sum[i] += value[j + i] * outside_[head[j + i]];
  for (; j < size_; ++j) sum[0] += value[j] * outside_[head[j]];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

double HeadTailRow::tail(std::uint64_t a) const {
  const std::vector<double>& side = (t_.n_ == 2 ? t_.norms_ : norms_).side[0];
  double sum = 0;
  for (std::uint64_t g = 0; g < t_.groups_; ++g) sum += coefficients_[g] * side[t_.norm_index(level_, g, a)];
  return sum;
}

double HeadTailRow::exact(std::uint64_t a) const {
  using Row = Eigen::Map<const Eigen::VectorXd>;
  const double* const entries = t_.tables_.exponentials.row(static_cast<Index>(a)).data();
  double sum = 0;
  for (std::uint64_t k = 0; k < t_.V_; k += panel) {
    const auto length = static_cast<Index>(std::min(panel, t_.V_ - k));
    sum += Row(entries + k, length).dot(Row(v_ + k, length));
  }
  return sum;
}

} // namespace proofmark
