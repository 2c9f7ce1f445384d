// near-far@1: each cell of label, near and far slots by itself. Accuracy, from below.
//
// Theorem. Near tokens are f .. m-1, c of them, far ones 0 .. f-1; columns j are the heads and the pseudo-output of L6. For a
// query q <= m and a cell (x, s, f'), x + s + f' = n-1, x >= 1 if q < m, with
//   base_j = r_q b_(n-1) (u + v[q])_j + up([T_x] (u + v[m])_j) + T_f',hi max_{t<f} r_t max(0, (u + Y)_j),   Y_j = max_{t<f} v[t]_j
// a near token k passes if base_j + up([T_s] r_k (u + v[k])_j) < 0 for every j, and a cell without near slots if base_j < 0. If p
// near tokens pass (1 or 0 for the cell itself), C(n-1,x) C(n-1-x,s) p^s f^f' inputs of the cell are correct.
// Demands: the step declares 0 as its lower end (rule-direction). Proof, computation and operations:
// docs/rules/attention/near-far.md.
//
// Rounding: every term and every sum is an upper end, so a sum below zero is below zero for the exact numbers.
#include "columns.hpp"

namespace verifier::attention_only {
namespace {

class NearFar {
public:
  NearFar(const Problem& problem, Token m, Meter& meter)
      : tables_(problem.tables), m_(m), free_(tables_.context - 1), meter_(meter), columns_(problem, m, meter),
        query_(problem, columns_, m), label_((free_ + 1) * columns_.count()), near_(columns_.near() * columns_.count()),
        far_((free_ + 1) * columns_.count()), base_(columns_.count()) {}

  // Of the query, shown correct.
  mpz_class count(Token q) {
    query_.set(q, meter_);
    const std::uint64_t least = q < m_ ? 1 : 0, numbers = free_ + 1 - least; // of label slots
    charge_slots(numbers);
    meter_.checkpoint();
    set_label_slots(q);
    if (columns_.far() > 0) set_far_slots(q, free_ - least);
    const std::uint64_t f = columns_.far(), most = columns_.near() > 0 ? free_ - least : 0; // of near slots
    mpz_class count = 0;
    for (std::uint64_t s = 0; s <= most; ++s) {
      if (s > 0) set_near_slots(q, s);
      for (std::uint64_t x = least; x + s <= free_; ++x) {
        const std::uint64_t others = free_ - x - s; // f'
        if (others > 0 && f == 0) continue;
        charge_cell(s > 0);
        meter_.checkpoint();
        set_base(x, others);
        const std::uint64_t pass = s > 0 ? passing() : is_negative(base_);
        count += binomial(free_, x) * binomial(free_ - x, s) * power(pass, s > 0 ? s : 1) * power(f, others);
      }
    }
    return count;
  }

  Real margin() const { return columns_.margin(); }

private:
  void charge_slots(std::uint64_t numbers) {
    const std::uint64_t J = columns_.count(), c = columns_.near();
    meter_.operations.mul += free_ * J + c * J * (numbers - 1) + (columns_.far() > 0 ? J * (numbers - 1) : 0);
    meter_.operations.compare += J;
  }

  void charge_cell(bool near) {
    const std::uint64_t J = columns_.count(), c = columns_.near(), F = columns_.far() > 0 ? 1 : 0;
    meter_.operations.add += (1 + F + (near ? c : 0)) * J + 1;
    meter_.operations.mul += near ? 4 : 3;
    meter_.operations.compare += near ? c * J : J;
  }

  void set_label_slots(Token q) {
    const std::size_t J = columns_.count();
    for (std::uint64_t x = 1; x <= free_; ++x)
      for (std::size_t j = 0; j < J; ++j)
        set_product_from_above(label_[x * J + j], tables_.position_sums.at(q, x), columns_.main(q)[j]);
  }

  void set_far_slots(Token q, std::uint64_t most) {
    const std::size_t J = columns_.count();
    for (std::uint64_t others = 1; others <= most; ++others)
      for (std::size_t j = 0; j < J; ++j)
        mpfr_mul(far_[others * J + j].get(), tables_.position_sums.at(q, others).hi.get(), query_.far()[j].get(),
                 MPFR_RNDU);
  }

  void set_near_slots(Token q, std::uint64_t s) {
    const std::size_t J = columns_.count();
    for (Token i = 0; i < columns_.near(); ++i)
      for (std::size_t j = 0; j < J; ++j)
        set_product_from_above(near_[i * J + j], tables_.position_sums.at(q, s), query_.near(i)[j]);
  }

  void set_base(std::uint64_t x, std::uint64_t others) {
    const std::size_t J = columns_.count();
    for (std::size_t j = 0; j < J; ++j) {
      mpfr_add(base_[j].get(), query_.own()[j].get(), label_[x * J + j].get(), MPFR_RNDU); // 0 for x = 0, as made
      if (others > 0) mpfr_add(base_[j].get(), base_[j].get(), far_[others * J + j].get(), MPFR_RNDU);
    }
  }

  static bool is_negative(std::span<const Real> columns) {
    for (const Real& x : columns)
      if (mpfr_sgn(x.get()) >= 0) return false;
    return true;
  }

  // Near tokens, on the slots that set_near_slots set.
  std::uint64_t passing() {
    const std::size_t J = columns_.count();
    std::uint64_t count = 0;
    for (Token i = 0; i < columns_.near(); ++i) count += passes(std::span(near_).subspan(i * J, J));
    return count;
  }
  bool passes(std::span<const Real> near) {
    for (std::size_t j = 0; j < near.size(); ++j) {
      mpfr_add(sum_.get(), base_[j].get(), near[j].get(), MPFR_RNDU);
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
  std::vector<Real> label_; // [n x J], row x: label slots
  std::vector<Real> near_;  // [c x J]: s near slots, all on one token
  std::vector<Real> far_;   // [n x J], row f': far slots
  std::vector<Real> base_;  // [J]
  Real sum_;
};

} // namespace

Established near_far(const Problem& problem, Token m, Meter& meter) {
  return counted_by_query<NearFar>(problem, m, meter);
}

} // namespace verifier::attention_only
