// soft-near-far@1: near-far for the loss, cell by cell. From above only.
//
// Theorem. In a cell (x, s, f') of a query, x + s + f' = n-1, the pure margin of a near token k without far slots is at most
//   Δ^k = main + up(share_q (y_q - main)) + up(share_k (y_k - main)),   shares of the parts' weights, L7,
// its mass lies in [D_k^lo, D_k^hi], and with mix(L) = mean(L), or max(mean(L), mean(D^hi L) mean(1/D^lo)) if s >= 2, the loss
// of an input is on average at most
//   mix(L(Δ^k))                                                      if f' = 0,
//   mix(L(Δ^k + a_k max(0, Y - Δ^k))),   a_k = R / (D_k^lo + R), R = T_f',hi ρ     or
//   mix(L(Δ^k)) + T_f',hi mean_{t<f}(r_t) mean(1/D^lo) L(u + Y)      if f' > 0, whichever is smaller.
// A cell has C(n-1,x) C(n-1-x,s) c^s f^f' inputs.
// Demands: the step declares 0 as its lower end (rule-direction). Proof, computation and operations:
// docs/rules/attention/soft-near-far.md.
//
// Rounding: columns, margins, losses and bounds are upper ends, weights enclosures. A bound rises with each column, with the
// shares' upper ends where a factor is positive and falls with their lower ones where it is negative, rises with D^hi, with
// 1/D^lo and with R: each is taken at the end that enlarges it. L(Δ + a max(0, Y - Δ)) rises with Δ because the exact a is at
// most 1, and with a.
#include "../margin_loss.hpp"
#include "mixture.hpp"
#include "rules.hpp"
#include "soft_columns.hpp"

#include <optional>
#include <vector>

namespace verifier::attention_only {
namespace {

struct Cell {
  std::uint64_t label, near, far; // free slots: x, s, f'
};

// One query's part of the sum.
class Query {
public:
  Query(const Problem& problem, const SoftColumns& columns, Token m, Token q, Meter& meter)
      : tables_(problem.tables), columns_(columns), m_(m), q_(q), n_(tables_.context), meter_(meter),
        delta_(columns.count()), worst_(columns.count()) {
    charge_query();
    const Interval& last = tables_.b.at(q, n_ - 1);
    last_ = last;
    if (q < m) {
      multiply_nonnegative(last_, tables_.weight(q, q, m));
      set_difference(own_, columns.value(q));
    }
    for (Token k = columns.far(); k < m; ++k) {
      near_weights_.push_back(tables_.weight(q, k, m));
      set_difference(near_.emplace_back(), columns.value(k));
    }
    if (columns.far() > 0) set_far();
  }

  // Adds the losses of all cells.
  void add_to(Real& sum) {
    for (std::uint64_t x = q_ < m_ ? 1 : 0; x < n_; ++x)
      for (std::uint64_t s = 0; x + s < n_; ++s) {
        const std::uint64_t f = n_ - 1 - x - s;
        if ((s == 0 || columns_.near() > 0) && (f == 0 || columns_.far() > 0)) add_cell({x, s, f}, sum);
      }
  }

private:
  void charge_query() {
    const std::uint64_t J = columns_.count(), c = columns_.near();
    Operations& operations = meter_.operations;
    if (q_ < m_) {
      operations.add += 2 + 2 * J;
      operations.mul += 2;
      operations.exp += 2;
    } else {
      operations.add += 2 * n_; // [T_x] + b_(n-1)
    }
    operations.add += c * (2 + 2 * J);
    operations.exp += 2 * c;
    if (columns_.far() > 0) {
      operations.add += 2 + 2 * J;
      operations.mul += 1;
      operations.div += 1;
      operations.exp += 2 + J;
      operations.log += 1;
    }
    meter_.checkpoint();
  }

  void charge_cell(const Cell& cell, std::uint64_t rows) {
    const std::uint64_t J = columns_.count(), near = cell.near >= 1 ? 1 : 0, parts = (q_ < m_ ? 1 : 0) + near,
                        M = cell.near >= 2 ? 1 : 0;
    Operations& operations = meter_.operations;
    operations.add += rows * (6 * parts + (parts + 1) * J + 1 + 2 * M) + 1;
    operations.mul += rows * (2 * near + parts * J + M) + 3 + M;
    operations.div += rows * (2 * parts + M) + 1 + M;
    operations.exp += rows * J;
    operations.log += rows;
    operations.compare += rows * parts * J + M;
    if (cell.far > 0) {
      operations.add += rows * (3 * J + 3) + 1;
      operations.mul += rows * (J + M) + 4 + M;
      operations.div += rows * (2 - M) + 2 + M;
      operations.exp += rows * J;
      operations.log += rows;
      operations.compare += rows * J + 1 + M;
    }
    meter_.checkpoint();
  }

  // u + y - main
  void set_difference(std::vector<Real>& difference, std::span<const Real> value) {
    difference.resize(columns_.count());
    for (std::size_t j = 0; j < difference.size(); ++j) {
      mpfr_add(difference[j].get(), columns_.query(q_)[j].get(), value[j].get(), MPFR_RNDU);
      mpfr_sub(difference[j].get(), difference[j].get(), columns_.main(q_)[j].get(), MPFR_RNDU);
    }
  }

  // ρ, the mean of r_t, u + Y and its loss.
  void set_far() {
    largest_ = tables_.largest_weight_below(columns_.far(), q_, m_);
    mean_weight_ = tables_.weight_sum_below(columns_.far(), q_, m_);
    mpfr_div_ui(mean_weight_.get(), mean_weight_.get(), columns_.far(), MPFR_RNDU);
    far_.resize(columns_.count());
    for (std::size_t j = 0; j < far_.size(); ++j)
      mpfr_add(far_[j].get(), columns_.query(q_)[j].get(), columns_.far_value()[j].get(), MPFR_RNDU);
    set_loss(far_loss_, far_, term_, MPFR_RNDU);
  }

  void add_cell(const Cell& cell, Real& sum) {
    const std::uint64_t rows = cell.near > 0 ? columns_.near() : 1;
    charge_cell(cell, rows);
    Interval label = tables_.position_sums.at(q_, cell.label);
    if (q_ == m_) add(label, last_);
    if (cell.far > 0)
      mpfr_mul(far_mass_.get(), tables_.position_sums.at(q_, cell.far).hi.get(), largest_.get(), MPFR_RNDU);

    Mixture pure, worst;
    for (std::uint64_t i = 0; i < rows; ++i) {
      set_row(cell, label, i);
      set_loss(loss_, delta_, term_, MPFR_RNDU);
      pure.add(loss_, mass_);
      if (cell.far == 0) continue;
      set_worst();
      set_loss(loss_, worst_, term_, MPFR_RNDU);
      worst.add(loss_, mass_);
    }
    Real bound = mixed(pure, cell);
    if (cell.far > 0) {
      pure.mean_reciprocal(term_);
      mpfr_mul(term_.get(), term_.get(), tables_.position_sums.at(q_, cell.far).hi.get(), MPFR_RNDU);
      mpfr_mul(term_.get(), term_.get(), mean_weight_.get(), MPFR_RNDU);
      mpfr_mul(term_.get(), term_.get(), far_loss_.get(), MPFR_RNDU);
      mpfr_add(bound.get(), bound.get(), term_.get(), MPFR_RNDU);
      const Real other = mixed(worst, cell);
      if (mpfr_less_p(other.get(), bound.get())) bound = other;
    }
    const mpz_class inputs = binomial(n_ - 1, cell.label) * binomial(n_ - 1 - cell.label, cell.near) *
                             power(columns_.near(), cell.near) * power(columns_.far(), cell.far);
    mpfr_mul_z(bound.get(), bound.get(), inputs.get_mpz_t(), MPFR_RNDU);
    mpfr_add(sum.get(), sum.get(), bound.get(), MPFR_RNDU);
  }

  // The mass and the margins of near token f + i, or of the one row without near slots.
  void set_row(const Cell& cell, const Interval& label, std::size_t i) {
    near_mass_ = Interval();
    if (cell.near > 0) set_product(near_mass_, near_weights_[i], tables_.position_sums.at(q_, cell.near));
    mass_ = label;
    if (q_ < m_) add(mass_, last_);
    add(mass_, near_mass_);
    for (std::size_t j = 0; j < delta_.size(); ++j)
      mpfr_set(delta_[j].get(), columns_.main(q_)[j].get(), MPFR_RNDU); // exact
    if (q_ < m_) add_part(last_, label, near_mass_, own_);
    if (cell.near > 0) add_part(near_mass_, label, q_ < m_ ? last_ : zero_, near_[i]);
  }

  // A part with this weight, beside two others, which differs from the label by `difference`.
  void add_part(const Interval& weight, const Interval& one, const Interval& two, const std::vector<Real>& difference) {
    // lo / (lo + the others' hi), hi / (hi + the others' lo): each quotient rises with the part's weight
    mpfr_add(term_.get(), one.hi.get(), two.hi.get(), MPFR_RNDU);
    mpfr_add(term_.get(), term_.get(), weight.lo.get(), MPFR_RNDU);
    mpfr_div(share_.lo.get(), weight.lo.get(), term_.get(), MPFR_RNDD);
    mpfr_add(term_.get(), one.lo.get(), two.lo.get(), MPFR_RNDD);
    mpfr_add(term_.get(), term_.get(), weight.hi.get(), MPFR_RNDD);
    mpfr_div(share_.hi.get(), weight.hi.get(), term_.get(), MPFR_RNDU);
    for (std::size_t j = 0; j < delta_.size(); ++j) {
      set_product_from_above(term_, share_, difference[j]);
      mpfr_add(delta_[j].get(), delta_[j].get(), term_.get(), MPFR_RNDU);
    }
  }

  // Δ + a max(0, Y - Δ)
  void set_worst() {
    Real share;
    mpfr_add(share.get(), mass_.lo.get(), far_mass_.get(), MPFR_RNDD);
    mpfr_div(share.get(), far_mass_.get(), share.get(), MPFR_RNDU);
    for (std::size_t j = 0; j < delta_.size(); ++j) {
      mpfr_sub(term_.get(), far_[j].get(), delta_[j].get(), MPFR_RNDU);
      if (mpfr_sgn(term_.get()) < 0) mpfr_set_zero(term_.get(), +1);
      mpfr_mul(term_.get(), term_.get(), share.get(), MPFR_RNDU);
      mpfr_add(worst_[j].get(), delta_[j].get(), term_.get(), MPFR_RNDU);
    }
  }

  // mix
  Real mixed(const Mixture& mixture, const Cell& cell) const {
    Real mean, apart;
    mixture.mean_loss(mean);
    if (cell.near < 2) return mean;
    mixture.apart(apart);
    return mpfr_less_p(mean.get(), apart.get()) ? apart : mean;
  }

  const Tables& tables_;
  const SoftColumns& columns_;
  const Token m_, q_;
  const std::uint64_t n_;
  Meter& meter_;

  Interval last_;                         // the query's weight, r_q b_(n-1)
  std::vector<Real> own_;                 // [J] y_q - y_m; q < m
  std::vector<Interval> near_weights_;    // [c] r_k
  std::vector<std::vector<Real>> near_;   // [c][J] y_k - y_m
  Real largest_, mean_weight_, far_loss_; // ρ, mean of r_t, L(u + Y); f > 0
  std::vector<Real> far_;                 // [J] u + Y

  Interval near_mass_, mass_, share_;
  std::vector<Real> delta_, worst_; // [J]
  Real far_mass_, loss_, term_;
  const Interval zero_;
};

} // namespace

Established soft_near_far(const Problem& problem, Token m, Meter& meter) {
  const SoftColumns columns(problem, m, meter);
  Established result;
  for (Token q = first_query(problem, m); q <= m; ++q) Query(problem, columns, m, q, meter).add_to(result.upper.hi);
  meter.operations.add += 1; // the step's sum
  set_inner_ends(result);
  if (problem.correct) count_from_loss(number_of_inputs(problem, m), result, meter);
  return result;
}

} // namespace verifier::attention_only
