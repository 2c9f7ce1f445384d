#include "families/attention_only/bounds/label.hpp"

#include "numbers/elementary.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace proofmark::attention_only {

namespace {

template <class Value>
double largest_wrong(const Label& label, const Value& value) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::uint64_t w = 0; w < label.tables.V; ++w)
    if (w != label.m) largest = std::max(largest, value(w));
  return largest;
}

} // namespace

Positions::Positions(const Tables& tables) : n(tables.n) {
  b = elementary::exp_of((tables.B.colwise() - tables.B.rowwise().maxCoeff()).array());
  low = high = MatrixD::Zero(b.rows(), b.cols());
  std::vector<double> sorted(n - 1);
  for (Eigen::Index q = 0; q < b.rows(); ++q) {
    std::copy_n(b.row(q).data(), n - 1, sorted.begin());
    std::sort(sorted.begin(), sorted.end());
    for (std::uint64_t x = 1; x < n; ++x) {
      low(q, x) = low(q, x - 1) + sorted[x - 1];
      high(q, x) = high(q, x - 1) + sorted[n - 1 - x];
    }
  }
}

Label::Label(const Tables& t, const Positions& p, std::uint64_t label)
    : tables(t), positions(p), m(label), top_position(t.V) {
  for (std::uint64_t w = 0; w < t.V; ++w) top_position[w] = (t.PO.col(w) - t.PO.col(m)).maxCoeff();
  for (std::uint64_t token = 0; token <= m; ++token) {
    largest_u.push_back(largest_wrong(*this, [&](std::uint64_t w) { return u(token, w); }));
    largest_v.push_back(largest_wrong(*this, [&](std::uint64_t w) { return v(token, w); }));
  }
  largest_position = largest_wrong(*this, [&](std::uint64_t w) { return top_position[w]; });
}

double Label::r(std::uint64_t q, std::uint64_t t) const {
  return elementary::exp(tables.A(q, t) - tables.A(q, m));
}

double Label::largest_y(std::uint64_t t) const {
  return largest_wrong(*this, [&](std::uint64_t w) { return y(t, w); });
}

bool Label::all_label_correct(const Upper& upper, std::uint64_t q) const {
  const std::uint64_t last = positions.n - 1;
  const double own = r(q, q);
  for (std::uint64_t w = 0; w < tables.V; ++w) {
    if (w == m) continue;
    const auto position = [&](std::uint64_t p) { return tables.PO(p, w) - tables.PO(p, m); };
    double sum = upper.times(own * positions.last(q), u(q, w) + v(q, w) + position(last));
    for (std::uint64_t p = 0; p < last; ++p) sum += upper.times(positions.b(q, p), u(q, w) + v(m, w) + position(p));
    if (!(sum < 0)) return false;
  }
  return true;
}

void for_each_label(const Task& task, const LabelSumOptions& options, const std::function<void(std::uint64_t)>& work) {
  for_each_piece(task.vocabulary, options.threads, work, [&](std::size_t done) {
    if (options.progress) options.progress(static_cast<double>(done) / static_cast<double>(task.vocabulary));
  });
}

} // namespace proofmark::attention_only
