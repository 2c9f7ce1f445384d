#include "columns.hpp"

#include <algorithm>

namespace verifier::attention_only {
namespace {

bool less(const Real& x, const Real& y) {
  return mpfr_less_p(x.get(), y.get()) != 0;
}

} // namespace

Columns::Columns(const Problem& problem, Token m, Meter& meter)
    : tables_(problem.tables), m_(m), far_(m - problem.witnesses.near[m]), outputs_(tables_, m, meter),
      heads_(problem.witnesses.heads_of(m)), joint_(problem.witnesses.is_joint(m)), count_(heads_.size() + 1) {
  const std::uint64_t J = count_, W = tables_.vocabulary - 1, tail = W - heads_.size(), tokens = std::uint64_t{m} + 1,
                      c = near(), f = far_;
  meter.operations.add += 2 * W * (c + 1) + 2 * f * J + 2 * tokens * J + (joint_ ? 2 * tokens * tail : 0) + 1;
  meter.operations.compare +=
      (W - 1) + (tail - 1) * (c + 1) + (f > 0 ? f - 1 : 0) * J + (joint_ ? tokens * (tail - 1) : 0) + 2 * tokens * J;
  meter.checkpoint();
  for (Token w = 0; w < tables_.vocabulary; ++w)
    if (w != m && std::ranges::find(heads_, w) == heads_.end()) tail_.push_back(w);
  for (std::vector<Real>* table : {&query_, &value_, &main_}) table->resize(tokens * J);
  outputs_.largest_position(largest_position_);
  for (Token t = 0; t <= m; ++t) {
    set_query(t, &query_[t * J]);
    if (t < far_)
      set_far_value(t, &value_[t * J]);
    else
      set_near_value(t, &value_[t * J]);
  }
  if (far_ > 0) {
    const auto first = value(0);
    farthest_.assign(first.begin(), first.end());
    for (Token t = 1; t < far_; ++t)
      for (std::size_t j = 0; j < J; ++j) raise(farthest_[j], value(t)[j]);
  }
  if (joint_) {
    label_tail_.resize(tail_.size());
    for (std::size_t i = 0; i < tail_.size(); ++i) outputs_.value(m, tail_[i], label_tail_[i]);
  }
  for (Token q = 0; q <= m; ++q) set_main(q, &main_[q * J]);
}

void Columns::set_query(Token q, Real* row) {
  for (const Token w : heads_) outputs_.query(q, w, *row++);
  outputs_.largest_query(q, *row);
}

void Columns::set_near_value(Token t, Real* row) {
  for (const Token w : heads_) outputs_.value(t, w, *row++);
  Real x;
  outputs_.value(t, tail_.front(), *row);
  for (const Token w : std::span(tail_).subspan(1)) {
    outputs_.value(t, w, x);
    raise(*row, x);
  }
}

// The maximum of a sum is at most the sum of the maxima, over all wrong outputs.
void Columns::set_far_value(Token t, Real* row) {
  for (const Token w : heads_) outputs_.value(t, w, *row++);
  outputs_.largest_token(t, *row);
  mpfr_add(row->get(), row->get(), largest_position_.get(), MPFR_RNDU);
}

void Columns::set_main(Token q, Real* row) {
  for (std::size_t j = 0; j < count_; ++j) mpfr_add(row[j].get(), query(q)[j].get(), value(m_)[j].get(), MPFR_RNDU);
  if (!joint_) return;
  Real x;
  for (std::size_t i = 0; i < tail_.size(); ++i) {
    outputs_.query(q, tail_[i], x);
    mpfr_add(x.get(), x.get(), label_tail_[i].get(), MPFR_RNDU);
    if (i == 0)
      mpfr_set(row[count_ - 1].get(), x.get(), MPFR_RNDU); // exact
    else
      raise(row[count_ - 1], x);
  }
}

Real Columns::margin() const {
  Real sum;
  mpfr_add(sum.get(), std::ranges::max_element(query_, less)->get(), std::ranges::max_element(value_, less)->get(),
           MPFR_RNDU);
  return sum;
}

ColumnsOfQuery::ColumnsOfQuery(const Problem& problem, const Columns& columns, Token m)
    : tables_(problem.tables), columns_(columns), m_(m), own_(columns.count()), near_(columns.near() * columns.count()),
      far_(columns.count()) {}

void ColumnsOfQuery::set(Token q, Meter& meter) {
  const std::uint64_t J = columns_.count(), c = columns_.near();
  Operations& operations = meter.operations;
  operations.add += (q < m_ ? J + 2 : 0) + c * (J + 2);
  operations.mul += (q < m_ ? J + 2 : J) + c * J;
  operations.compare += J + c * J;
  operations.exp += (q < m_ ? 2 : 0) + 2 * c;
  if (columns_.far() > 0) {
    operations.add += J + 1;
    operations.mul += J;
    operations.compare += J;
    operations.exp += 1;
  }
  meter.checkpoint();

  const auto u = columns_.query(q);
  set_own(q);
  for (Token i = 0; i < c; ++i) {
    const Token k = columns_.far() + i;
    const Interval weight = tables_.weight(q, k, m_);
    for (std::size_t j = 0; j < J; ++j) {
      Real& term = near_[i * J + j];
      mpfr_add(term.get(), u[j].get(), columns_.value(k)[j].get(), MPFR_RNDU);
      set_product_from_above(term, weight, term);
    }
  }
  if (columns_.far() == 0) return;
  const Real largest = tables_.largest_weight_below(columns_.far(), q, m_);
  for (std::size_t j = 0; j < J; ++j) {
    Real& term = far_[j];
    mpfr_add(term.get(), u[j].get(), columns_.far_value()[j].get(), MPFR_RNDU);
    // A far slot may weigh next to nothing: what speaks for the label is not credited.
    if (mpfr_sgn(term.get()) < 0) mpfr_set_zero(term.get(), +1);
    mpfr_mul(term.get(), term.get(), largest.get(), MPFR_RNDU);
  }
}

void ColumnsOfQuery::set_own(Token q) {
  const Interval& last = tables_.b.at(q, tables_.context - 1);
  if (q == m_) {
    for (std::size_t j = 0; j < own_.size(); ++j) set_product_from_above(own_[j], last, columns_.main(q)[j]);
    return;
  }
  Interval weight = tables_.weight(q, q, m_);
  multiply_nonnegative(weight, last);
  for (std::size_t j = 0; j < own_.size(); ++j) {
    mpfr_add(own_[j].get(), columns_.query(q)[j].get(), columns_.value(q)[j].get(), MPFR_RNDU);
    set_product_from_above(own_[j], weight, own_[j]);
  }
}

} // namespace verifier::attention_only
