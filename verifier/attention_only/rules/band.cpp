// band@1: all free slots but one on one token, token by token. Accuracy, from below.
//
// Theorem. Near tokens are f .. m-1, far ones 0 .. f-1; columns j are the heads and the pseudo-output of L6. For a query q < m one
// free slot holds the label and s = n-2 are left; for q = m there is no such slot and s = n-1. With
//   base_j = r_q b_(n-1) (u + v[q])_j + up([T_1] (u + v[m])_j)     (q = m: the first term alone)
// the label passes if base_j + up([T_s] (u + v[m])_j) < 0, all far tokens if base_j + T_s,hi max_{t<f} r_t max(0, (u + Y)_j) < 0, a
// near token k if base_j + up([T_s] r_k (u + v[k])_j) < 0, each for every j. If the label passes, and a tokens with it, at least
// a^(n-1) - (a-1)^(n-1) inputs are correct, a^(n-1) if q = m.
// Demands: the step declares 0 as its lower end (rule-direction). Proof, computation and operations:
// docs/rules/attention/band.md.
//
// Rounding: every term and every sum is an upper end, so a sum below zero is below zero for the exact numbers.
#include "columns.hpp"

namespace verifier::attention_only {
namespace {

class Band {
public:
  Band(const Problem& problem, Token m, Meter& meter)
      : tables_(problem.tables), m_(m), free_(tables_.context - 1), meter_(meter), columns_(problem, m, meter),
        query_(problem, columns_, m), base_(columns_.count()) {}

  // Of the query, shown correct.
  mpz_class count(Token q) {
    query_.set(q, meter_);
    charge(q);
    meter_.checkpoint();
    set_base(q);
    const Interval& others = tables_.position_sums.at(q, q < m_ ? free_ - 1 : free_);
    if (!passes(others, columns_.main(q))) return 0;
    std::uint64_t tokens = 1;
    if (columns_.far() > 0 && passes(others, query_.far())) tokens += columns_.far();
    for (Token i = 0; i < columns_.near(); ++i) tokens += passes(others, query_.near(i));
    mpz_class count = power(tokens, free_);
    if (q < m_) count -= power(tokens - 1, free_); // the label at least once
    return count;
  }

  Real margin() const { return columns_.margin(); }

private:
  void charge(Token q) {
    const std::uint64_t J = columns_.count(), c = columns_.near(), base = q < m_ ? J : 0,
                        far = columns_.far() > 0 ? J : 0;
    meter_.operations.add += base + J + c * J + far + c + 2; // the last of these count
    meter_.operations.mul += base + J + c * J + far + 3;
    meter_.operations.compare += 2 * J + c * J + far;
  }

  void set_base(Token q) {
    for (std::size_t j = 0; j < base_.size(); ++j) {
      base_[j] = query_.own()[j];
      if (q == m_) continue;
      set_product_from_above(sum_, tables_.position_sums.at(q, 1), columns_.main(q)[j]);
      mpfr_add(base_[j].get(), base_[j].get(), sum_.get(), MPFR_RNDU);
    }
  }

  // One token, with these columns, on all the other slots. Of far tokens, whose columns are not negative, this takes the
  // upper end.
  bool passes(const Interval& others, std::span<const Real> columns) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      set_product_from_above(sum_, others, columns[j]);
      mpfr_add(sum_.get(), sum_.get(), base_[j].get(), MPFR_RNDU);
      if (mpfr_sgn(sum_.get()) >= 0) return false;
    }
    return true;
  }

  const Tables& tables_;
  Token m_;
  std::uint64_t free_; // n-1
  Meter& meter_;
  Columns columns_;
  ColumnsOfQuery query_;
  std::vector<Real> base_; // [J]
  Real sum_;
};

} // namespace

Established band(const Problem& problem, Token m, Meter& meter) {
  return counted_by_query<Band>(problem, m, meter);
}

} // namespace verifier::attention_only
