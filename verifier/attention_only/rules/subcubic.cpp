// subcubic@1: tokens a gap below the label count as nothing but a maximum. Accuracy, from below.
//
// Theorem. For a query q, s free slots that do not hold the label, and a gap g with q = m or q <= m-g, let these slots hold tokens
// t <= m-g. With h[q] = max_w EU[q,w] - min_w EU[q,w], y* = max_{w != m} (v[m,w] + P*[w]), P** = max_{w != m} P*[w],
// W_g = max_{t <= m-g} max_{w != m} v[t,w], T_m the sum of the n-1-s smallest of b_0 .. b_(n-2), and b_(n-1) if q = m, R that of the
// s largest, and b_(n-1) if q < m, ρ = max_{t <= m-g} r_t: if
//   α = h[q] + y* < 0   and   T_m α + R ρ max(0, h[q] + P** + W_g) < 0,
// all C(n-1,s) (m-g+1)^s such inputs are correct. The input that holds the label alone is tested by itself.
// Demands: the step declares 0 as its lower end (rule-direction). Proof, computation and operations:
// docs/rules/attention/subcubic.md.
//
// Rounding: h, y*, P**, W_g, α, R and ρ are upper ends; T_m is a lower end, since α, which it multiplies, is negative.
#include "rules.hpp"
#include "wrong_outputs.hpp"

#include <vector>

namespace verifier::attention_only {
namespace {

class Subcubic {
public:
  Subcubic(const Problem& problem, Token m, Meter& meter)
      : tables_(problem.tables), gaps_(problem.witnesses), m_(m), n_(tables_.context), meter_(meter),
        outputs_(tables_, m, meter), highest_(m) {
    const std::uint64_t W = tables_.vocabulary - 1;
    meter_.operations.add += 2 * W + m + 2;                                 // y*, W_g, μ
    meter_.operations.compare += 2 * (W - 1) + (m > 0 ? m - 1 : 0) + m + 2; // y*, P**, W_g, the largest h, μ
    meter_.checkpoint();
    outputs_.largest_value(m, label_value_);
    outputs_.largest_position(position_);
    for (Token t = 0; t < m; ++t) {
      outputs_.largest_token(t, highest_[t]);
      if (t > 0) raise(highest_[t], highest_[t - 1]);
    }
  }

  // Of the query, shown correct.
  mpz_class count(Token q) {
    mpz_class count = 0;
    for (std::uint64_t s = 0; s < n_; ++s) {
      const std::uint64_t gap = gaps_.gap(m_, q, s);
      if (gap == 0) continue;
      meter_.operations.add += 8;
      meter_.operations.mul += 6;
      meter_.operations.exp += 1;
      meter_.operations.compare += 2;
      meter_.checkpoint();
      const Token tokens = m_ - static_cast<Token>(gap) + 1;
      if (is_shown(q, s, tokens)) count += binomial(n_ - 1, s) * power(tokens, s);
    }
    if (q == m_ && outputs_.is_label_alone_correct(q, meter_)) count += 1;
    return count;
  }

  // At least u + v + π, of all queries, tokens, positions and outputs.
  Real margin() const {
    Real value = label_value_, sum;
    if (m_ > 0) {
      mpfr_add(sum.get(), highest_.back().get(), position_.get(), MPFR_RNDU);
      raise(value, sum);
    }
    Real range = tables_.direct_ranges[0];
    for (Token q = 1; q <= m_; ++q) raise(range, tables_.direct_ranges[q]);
    mpfr_add(sum.get(), range.get(), value.get(), MPFR_RNDU);
    return sum;
  }

private:
  // The other slots hold tokens t < `tokens`.
  bool is_shown(Token q, std::uint64_t s, Token tokens) {
    const Real& range = tables_.direct_ranges[q];
    const Interval& last = tables_.b.at(q, n_ - 1);
    Real alpha, label, others, far;
    mpfr_add(alpha.get(), range.get(), label_value_.get(), MPFR_RNDU);
    if (mpfr_sgn(alpha.get()) >= 0) return false;

    mpfr_set(label.get(), tables_.position_sums.at(q, n_ - 1 - s).lo.get(), MPFR_RNDD); // exact
    mpfr_set(others.get(), tables_.position_sums.at(q, s).hi.get(), MPFR_RNDU);         // exact
    if (q == m_)
      mpfr_add(label.get(), label.get(), last.lo.get(), MPFR_RNDD);
    else
      mpfr_add(others.get(), others.get(), last.hi.get(), MPFR_RNDU);

    mpfr_add(far.get(), range.get(), position_.get(), MPFR_RNDU);
    mpfr_add(far.get(), far.get(), highest_[tokens - 1].get(), MPFR_RNDU);
    if (mpfr_sgn(far.get()) < 0) mpfr_set_zero(far.get(), +1); // these slots may weigh next to nothing
    mpfr_mul(far.get(), far.get(), others.get(), MPFR_RNDU);
    mpfr_mul(far.get(), far.get(), tables_.largest_weight_below(tokens, q, m_).get(), MPFR_RNDU);

    mpfr_mul(alpha.get(), alpha.get(), label.get(), MPFR_RNDU);
    mpfr_add(alpha.get(), alpha.get(), far.get(), MPFR_RNDU);
    return mpfr_sgn(alpha.get()) < 0;
  }

  const Tables& tables_;
  const Witnesses& gaps_;
  Token m_;
  std::uint64_t n_;
  Meter& meter_;
  WrongOutputs outputs_;
  Real label_value_, position_; // y*[m], P**
  std::vector<Real> highest_;   // [m], column t: max_{t' <= t} max_{w != m} v[t',w]
};

} // namespace

Established subcubic(const Problem& problem, Token m, Meter& meter) {
  return counted_by_query<Subcubic>(problem, m, meter);
}

} // namespace verifier::attention_only
