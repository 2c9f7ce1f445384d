#include "wrong_outputs.hpp"

namespace verifier::attention_only {
namespace {

// x >= matrix[i,w] - matrix[i,m], by one rounding.
void relative(const ExactMatrix& matrix, std::size_t i, Token w, Token m, Real& x) {
  mpfr_sub(x.get(), matrix.at(i, w).get(), matrix.at(i, m).get(), MPFR_RNDU);
}

void raise_or_start(Real& largest, const Real& x, bool& first) {
  if (first) mpfr_set(largest.get(), x.get(), MPFR_RNDU); // exact
  first = false;
  raise(largest, x);
}

} // namespace

WrongOutputs::WrongOutputs(const Tables& tables, Token m, Meter& meter)
    : tables_(tables), m_(m), highest_(tables.vocabulary) {
  const std::uint64_t n = tables.context, W = tables.vocabulary - 1;
  meter.operations.add += n * W;
  meter.operations.compare += (n - 1) * W;
  meter.checkpoint();
  Real x;
  for_each_wrong([&](Token w) {
    bool first = true;
    for (std::size_t p = 0; p < n; ++p) {
      position(p, w, x);
      raise_or_start(highest_[w], x, first);
    }
  });
}

void WrongOutputs::query(Token q, Token w, Real& x) const {
  relative(tables_.EU, q, w, m_, x);
}
void WrongOutputs::token(Token t, Token w, Real& x) const {
  relative(tables_.OV, t, w, m_, x);
}
void WrongOutputs::position(std::size_t p, Token w, Real& x) const {
  relative(tables_.PO, p, w, m_, x);
}
const Real& WrongOutputs::highest_position(Token w) const {
  return highest_[w];
}

void WrongOutputs::value(Token t, Token w, Real& x) const {
  token(t, w, x);
  mpfr_add(x.get(), x.get(), highest_[w].get(), MPFR_RNDU);
}

void WrongOutputs::largest_query(Token q, Real& x) const {
  query(q, tables_.EU_top[q].without(m_), x);
}
void WrongOutputs::largest_token(Token t, Real& x) const {
  token(t, tables_.OV_top[t].without(m_), x);
}

void WrongOutputs::largest_value(Token t, Real& largest) const {
  Real x;
  bool first = true;
  for_each_wrong([&](Token w) {
    value(t, w, x);
    raise_or_start(largest, x, first);
  });
}

void WrongOutputs::largest_position(Real& largest) const {
  bool first = true;
  for_each_wrong([&](Token w) { raise_or_start(largest, highest_[w], first); });
}

bool WrongOutputs::is_label_alone_correct(Token q, Meter& meter) const {
  const std::uint64_t n = tables_.context, W = tables_.vocabulary - 1;
  meter.operations.add += W * (2 * n + 1) + 1;
  meter.operations.mul += n * W;
  meter.operations.compare += (n + 1) * W;
  meter.checkpoint();
  Interval of_query = tables_.weight(q, q, m_); // r_q b_(n-1)
  multiply_nonnegative(of_query, tables_.b.at(q, n - 1));
  bool correct = true;
  Real own, label, x, sum;
  for_each_wrong([&](Token w) {
    if (!correct) return;
    query(q, w, x);
    token(q, w, own);
    mpfr_add(own.get(), own.get(), x.get(), MPFR_RNDU);
    token(m_, w, label);
    mpfr_add(label.get(), label.get(), x.get(), MPFR_RNDU);
    position(n - 1, w, x);
    mpfr_add(x.get(), x.get(), own.get(), MPFR_RNDU);
    set_product_from_above(sum, of_query, x);
    for (std::size_t p = 0; p + 1 < n; ++p) {
      position(p, w, x);
      mpfr_add(x.get(), x.get(), label.get(), MPFR_RNDU);
      set_product_from_above(x, tables_.b.at(q, p), x);
      mpfr_add(sum.get(), sum.get(), x.get(), MPFR_RNDU);
    }
    correct = mpfr_sgn(sum.get()) < 0;
  });
  return correct;
}

} // namespace verifier::attention_only
