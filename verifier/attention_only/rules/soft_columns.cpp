#include "soft_columns.hpp"

#include <algorithm>

namespace verifier::attention_only {
namespace {

// sum = ln sum exp of the terms that `set` gives, at least one, from above.
template <class Set>
void set_log_sum(Real& sum, std::span<const Token> outputs, Set set) {
  Real term;
  mpfr_set_zero(sum.get(), +1);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    set(i, term);
    mpfr_exp(term.get(), term.get(), MPFR_RNDU);
    mpfr_add(sum.get(), sum.get(), term.get(), MPFR_RNDU);
  }
  mpfr_log(sum.get(), sum.get(), MPFR_RNDU);
}

} // namespace

SoftColumns::SoftColumns(const Problem& problem, Token m, Meter& meter)
    : tables_(problem.tables), m_(m), far_(m - problem.witnesses.near[m]), outputs_(tables_, m, meter),
      heads_(problem.witnesses.heads_of(m)), joint_(problem.witnesses.is_joint(m)), count_(heads_.size() + 1) {
  for (Token w = 0; w < tables_.vocabulary; ++w)
    if (w != m && std::ranges::find(heads_, w) == heads_.end()) tail_.push_back(w);
  charge(meter);
  for (std::vector<Real>* table : {&query_, &value_, &main_}) table->resize((std::size_t{m} + 1) * count_);
  label_tail_.resize(joint_ ? tail_.size() : 0);
  for (std::size_t i = 0; i < label_tail_.size(); ++i) outputs_.value(m, tail_[i], label_tail_[i]);
  for (Token t = 0; t <= m; ++t) {
    set_query(t);
    set_value(t);
  }
  for (Token q = 0; q <= m; ++q) set_main(q);
  if (far_ > 0) set_farthest();
}

// Without π and P*, which WrongOutputs charged for.
void SoftColumns::charge(Meter& meter) const {
  const std::uint64_t J = count_, W = tables_.vocabulary - 1, tail = tail_.size(), tokens = std::uint64_t{m_} + 1,
                      joint = joint_ ? 1 : 0;
  Operations& operations = meter.operations;
  operations.add += 3 * tokens * W + (tail - 1) * tokens + J * tokens + joint * tokens * (2 * tail - 1);
  operations.compare += (tail - 1) * tokens + (far_ > 0 ? (far_ - 1) * J : 0);
  operations.exp += tokens * tail * (1 + joint);
  operations.log += tokens * (1 + joint);
  meter.checkpoint();
}

void SoftColumns::set_query(Token q) {
  Real* row = &query_[q * count_];
  for (const Token w : heads_) outputs_.query(q, w, *row++);
  outputs_.query(q, tail_.front(), *row);
  Real x;
  for (const Token w : std::span(tail_).subspan(1)) {
    outputs_.query(q, w, x);
    raise(*row, x);
  }
}

void SoftColumns::set_value(Token t) {
  Real* row = &value_[t * count_];
  for (const Token w : heads_) outputs_.value(t, w, *row++);
  set_log_sum(*row, tail_, [&](std::size_t i, Real& x) { outputs_.value(t, tail_[i], x); });
}

void SoftColumns::set_main(Token q) {
  Real* row = &main_[q * count_];
  for (std::size_t j = 0; j < count_; ++j) mpfr_add(row[j].get(), query(q)[j].get(), value(m_)[j].get(), MPFR_RNDU);
  if (joint_)
    set_log_sum(row[count_ - 1], tail_, [&](std::size_t i, Real& x) {
      outputs_.query(q, tail_[i], x);
      mpfr_add(x.get(), x.get(), label_tail_[i].get(), MPFR_RNDU);
    });
}

void SoftColumns::set_farthest() {
  farthest_.assign(value(0).begin(), value(0).end());
  for (Token t = 1; t < far_; ++t)
    for (std::size_t j = 0; j < count_; ++j) raise(farthest_[j], value(t)[j]);
}

} // namespace verifier::attention_only
