// cubic@1: each token below the label on all slots that do not hold the label. Accuracy, from below.
//
// Theorem. With u* = max_{w != m} u[q,w], y*[t] = max_{w != m} (v[t,w] + P*[w]), T the sum of b_0 .. b_(n-2), [T_s] the
// interval of the sum of s of them: a token k < m passes for (q, s) if
//   T (u* + y*[m]) + r_q b_(n-1) (u* + y*[q]) + S (r_k (u* + y*[k]) - (u* + y*[m])) < 0   for every S in [T_s],
// and if c tokens pass, C(n-1,s) c^s inputs with query q and s free slots below the label are correct. The input with the
// label in all free slots (s = 0) is tested by itself: every w, the π of each slot.
// Demands: the step declares 0 as its lower end (rule-direction). Proof, computation and operations:
// docs/rules/attention/cubic.md.
//
// Rounding: u*, y*, α, β, γ are upper ends, and so is every sum tested; intervals that are not negative meet a number by its
// sign (set_product_from_above). A sum below zero is then below zero for the exact numbers.
#include "rules.hpp"
#include "wrong_outputs.hpp"

#include <algorithm>
#include <vector>

namespace verifier::attention_only {
namespace {

class Cubic {
public:
  Cubic(const Problem& problem, Token m, Meter& meter)
      : tables_(problem.tables), m_(m), n_(tables_.context), meter_(meter), outputs_(tables_, m, meter),
        value_(std::size_t{m} + 1), query_(std::size_t{m} + 1), beta_(m) {
    const std::uint64_t W = tables_.vocabulary - 1, tokens = std::uint64_t{m} + 1;
    meter_.operations.add += 3 * tokens * W + 1; // y*, u*, μ
    meter_.operations.compare += 2 * tokens * (W - 1) + 2 * tokens;
    meter_.checkpoint();
    for (Token t = 0; t <= m; ++t) {
      outputs_.largest_value(t, value_[t]);
      outputs_.largest_query(t, query_[t]);
    }
  }

  // Of the query, shown correct.
  mpz_class count(Token q) {
    const std::uint64_t most = q == m_ ? n_ - 1 : n_ - 2; // of the slots that do not hold the label
    const bool tokens = most >= 1;
    charge(q == m_, tokens ? most : 0);
    meter_.checkpoint();
    fix(q);
    mpz_class count = 0;
    if (tokens) {
      for (Token k = 0; k < m_; ++k) set_beta(q, k);
      for (std::uint64_t s = 1; s <= most; ++s) count += binomial(n_ - 1, s) * power(passing(q, s), s);
    }
    if (outputs_.is_label_alone_correct(q, meter_)) count += 1;
    return count;
  }

  // At least u + v + π, of all queries, tokens, positions and outputs.
  Real margin() const {
    const auto less = [](const Real& x, const Real& y) { return mpfr_less_p(x.get(), y.get()) != 0; };
    Real sum;
    mpfr_add(sum.get(), std::ranges::max_element(query_, less)->get(), std::ranges::max_element(value_, less)->get(),
             MPFR_RNDU);
    return sum;
  }

private:
  void charge(bool label, std::uint64_t most) {
    Operations& operations = meter_.operations;
    operations.add += label ? 2 : 5; // α, γ, their sum
    operations.mul += label ? 2 : 4;
    operations.compare += 2;
    operations.exp += label ? 0 : 2;
    if (most == 0) return;
    operations.add += m_ * (4 + most) + most;
    operations.mul += m_ * (1 + most) + 3 * most;
    operations.compare += m_ * (2 + most);
    operations.exp += 2 * std::uint64_t{m_};
  }

  // α, and up([T] α) + γ.
  void fix(Token q) {
    mpfr_add(alpha_.get(), query_[q].get(), value_[m_].get(), MPFR_RNDU);
    set_product_from_above(fixed_, tables_.position_sums.at(q, n_ - 1), alpha_);
    if (q == m_) {
      set_product_from_above(term_, tables_.b.at(q, n_ - 1), alpha_);
    } else {
      Interval weight = tables_.weight(q, q, m_);
      multiply_nonnegative(weight, tables_.b.at(q, n_ - 1));
      mpfr_add(term_.get(), query_[q].get(), value_[q].get(), MPFR_RNDU);
      set_product_from_above(term_, weight, term_);
    }
    mpfr_add(fixed_.get(), fixed_.get(), term_.get(), MPFR_RNDU);
  }

  // β_k - α. It is taken from above although α is: what is added to it, T α, has at least the α that S takes away, so the
  // upper end of α is one number that stands for u* + y*[m] in both places (the theorem holds for any such number).
  void set_beta(Token q, Token k) {
    mpfr_add(term_.get(), query_[q].get(), value_[k].get(), MPFR_RNDU);
    set_product_from_above(term_, tables_.weight(q, k, m_), term_);
    mpfr_sub(beta_[k].get(), term_.get(), alpha_.get(), MPFR_RNDU);
  }

  std::uint64_t passing(Token q, std::uint64_t s) {
    const Interval& others = tables_.position_sums.at(q, s);
    return static_cast<std::uint64_t>(std::ranges::count_if(beta_, [&](const Real& beta) {
      set_product_from_above(term_, others, beta);
      mpfr_add(term_.get(), term_.get(), fixed_.get(), MPFR_RNDU);
      return mpfr_sgn(term_.get()) < 0;
    }));
  }

  const Tables& tables_;
  Token m_;
  std::uint64_t n_;
  Meter& meter_;
  WrongOutputs outputs_;
  std::vector<Real> value_, query_; // y*[t], u*[q], upper ends
  std::vector<Real> beta_;          // [m] β_k - α
  Real alpha_, fixed_, term_;
};

} // namespace

Established cubic(const Problem& problem, Token m, Meter& meter) {
  return counted_by_query<Cubic>(problem, m, meter);
}

} // namespace verifier::attention_only
