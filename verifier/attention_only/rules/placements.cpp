// placements@1: what each free slot holds, the label, a near or a far token. Loss from both sides, and correct inputs.
//
// Theorem. For each query and placement with slots N near and F far, R = sum_{p in F} b_p, rows are the |near|^s fillings of N if
// s <= e (in full), else one near token on all of N (mixed), with π̂ = max_{p in N} π[p]. A row has margins Δ and mass D. With far
// slots, a = R ρ / (D + R ρ), Δ⁺ = Δ + a max(0, Y - Δ), Δ⁻ = Δ + a min(0, Y_lo - Δ); without, both are Δ. Of the
// placement's c^s f^f' inputs
//   at least f^f' · rows with Δ⁺ < 0 are correct, or f^f' · (rows with Δ⁺ < 0)^s if mixed,
//   the losses sum to at least f^f' sum L(Δ⁻) if in full, and to at most c^s f^f' times the smaller of mix(L(Δ⁺)) and, with far
//   slots, mix(L(Δ)) + R mean_{t<f}(r_t) mean(1/D) L(Y).
// Demands: none. Proof, computation and operations: docs/rules/attention/placements.md.
//
// Rounding: weights, cleared margins N and masses D are enclosures; Δ is N/D with the end of D that pushes it outward, by N's
// sign. Δ⁺ rises with Δ, because the exact a is at most 1, and with a and Y; Δ⁻ rises with Δ and Y_lo and falls with a. So a is
// an upper end in both.
#include "../margin_loss.hpp"
#include "mixture.hpp"
#include "rules.hpp"

#include <algorithm>
#include <vector>

namespace verifier::attention_only {
namespace {

enum class Holds : std::uint8_t { label, near, far };

// What all queries of a label share. W = V-1 wrong outputs, in ascending order.
struct Label {
  Label(const Problem& problem, Token m, Meter& meter)
      : tables(problem.tables), m(m), far(m - problem.witnesses.near[m]), near(problem.witnesses.near[m]),
        filled(problem.witnesses.filled[m]), correct(problem.correct) {
    const std::uint64_t n = tables.context, W = tables.vocabulary - 1;
    meter.operations.add += (2 * (std::uint64_t{m} + 1) + n) * W; // u, v, π
    if (far > 0) meter.operations.compare += 2 * (far - 1) * W;
    meter.checkpoint();
    for (Token w = 0; w < tables.vocabulary; ++w)
      if (w != m) outputs.push_back(w);
    if (far == 0) return;
    far_values.resize(W);
    Interval v;
    for (std::size_t i = 0; i < W; ++i)
      for (Token t = 0; t < far; ++t) {
        set_value(v, t, outputs[i]);
        Interval& range = far_values[i];
        if (t == 0 || mpfr_less_p(v.lo.get(), range.lo.get())) mpfr_set(range.lo.get(), v.lo.get(), MPFR_RNDD); // exact
        if (t == 0 || mpfr_greater_p(v.hi.get(), range.hi.get())) mpfr_set(range.hi.get(), v.hi.get(), MPFR_RNDU);
      }
  }

  // v[t,w]
  void set_value(Interval& v, Token t, Token w) const {
    mpfr_sub(v.lo.get(), tables.OV.at(t, w).get(), tables.OV.at(t, m).get(), MPFR_RNDD);
    mpfr_sub(v.hi.get(), tables.OV.at(t, w).get(), tables.OV.at(t, m).get(), MPFR_RNDU);
  }

  const Tables& tables;
  const Token m, far;               // far tokens are 0 .. far-1
  const std::uint64_t near, filled; // c; e
  const bool correct;
  std::vector<Token> outputs;       // [W]
  std::vector<Interval> far_values; // [W]: from min_{t<f} v[t] to max_{t<f} v[t]; empty if f = 0
};

// Cleared margins and mass of some slots.
struct Slots {
  std::vector<Interval> cleared; // [W]
  Interval mass;
};

void assign(Interval& x, const Interval& y) {
  mpfr_set(x.lo.get(), y.lo.get(), MPFR_RNDD); // exact
  mpfr_set(x.hi.get(), y.hi.get(), MPFR_RNDU);
}

class Query {
public:
  Query(const Label& label, const MarginExponentials& exponentials, Token q, Established& result, Meter& meter)
      : label_(label), tables_(label.tables), q_(q), n_(tables_.context), wrong_(label.outputs.size()), result_(result),
        meter_(meter), loss_of_(exponentials) {
    charge_query();
    set_direct();
    set_product(own_, tables_.weight(q, q, label.m), tables_.b.at(q, n_ - 1));
    for (Token k = label.far; k < label.m; ++k) near_weights_.push_back(tables_.weight(q, k, label.m));
    if (label.far > 0) {
      largest_ = tables_.largest_weight_below(label.far, q, label.m);
      mean_weight_ = tables_.weight_sum_below(label.far, q, label.m);
      mpfr_div_ui(mean_weight_.get(), mean_weight_.get(), label.far, MPFR_RNDU);
    }
    for (Slots* slots : {&base_, &row_}) slots->cleared.resize(wrong_);
    for (std::vector<Real>* reals : {&above_, &below_, &highest_, &lowest_, &far_above_, &far_below_})
      reals->resize(wrong_);
    mixed_direct_.resize(wrong_);
  }

  void close_all() { place(0); }

private:
  void charge_query() {
    Operations& operations = meter_.operations;
    if (q_ < label_.m) {
      operations.add += 2;
      operations.mul += 2;
      operations.exp += 2;
    }
    operations.add += 2 * label_.near;
    operations.exp += 2 * label_.near;
    if (label_.far > 0) {
      operations.add += 2;
      operations.mul += 1;
      operations.div += 1;
      operations.exp += 2;
    }
    meter_.checkpoint();
  }

  // u + π[p] of every slot.
  void set_direct() {
    direct_.resize(n_ * wrong_);
    Interval position;
    for (std::size_t p = 0; p < n_; ++p)
      for (std::size_t i = 0; i < wrong_; ++i) {
        const Token w = label_.outputs[i];
        Interval& sum = direct_[p * wrong_ + i];
        mpfr_sub(sum.lo.get(), tables_.EU.at(q_, w).get(), tables_.EU.at(q_, label_.m).get(), MPFR_RNDD);
        mpfr_sub(sum.hi.get(), tables_.EU.at(q_, w).get(), tables_.EU.at(q_, label_.m).get(), MPFR_RNDU);
        mpfr_sub(position.lo.get(), tables_.PO.at(p, w).get(), tables_.PO.at(p, label_.m).get(), MPFR_RNDD);
        mpfr_sub(position.hi.get(), tables_.PO.at(p, w).get(), tables_.PO.at(p, label_.m).get(), MPFR_RNDU);
        add(sum, position);
      }
  }
  const Interval* direct(std::size_t p) const { return direct_.data() + p * wrong_; }

  // Goes through what slot p and those after it may hold.
  void place(std::size_t p) {
    if (p + 1 == n_) {
      if (q_ == label_.m || !label_slots_.empty()) close();
      return;
    }
    const auto with = [&](std::vector<std::size_t>& slots) {
      slots.push_back(p);
      place(p + 1);
      slots.pop_back();
    };
    with(label_slots_);
    if (label_.near > 0) with(near_slots_);
    if (label_.far > 0) with(far_slots_);
  }

  bool is_full() const { return near_slots_.size() <= label_.filled; }
  bool has_far() const { return !far_slots_.empty(); }

  // One placement.
  void close() {
    charge_placement();
    set_base();
    if (has_far()) set_far();
    pure_ = worst_ = Mixture();
    lower_ = Real();
    passing_ = 0;
    if (is_full())
      close_in_full();
    else
      close_mixed();
    const mpz_class of_far = power(label_.far, far_slots_.size());
    mpfr_mul_z(lower_.get(), lower_.get(), of_far.get_mpz_t(), MPFR_RNDD);
    mpfr_add(result_.lower.lo.get(), result_.lower.lo.get(), lower_.get(), MPFR_RNDD);
    const mpz_class inputs = of_far * power(label_.near, near_slots_.size());
    Real bound = upper_bound();
    mpfr_mul_z(bound.get(), bound.get(), inputs.get_mpz_t(), MPFR_RNDU);
    mpfr_add(result_.upper.hi.get(), result_.upper.hi.get(), bound.get(), MPFR_RNDU);
    if (label_.correct)
      result_.correct += of_far * (is_full() ? mpz_class(passing_) : power(passing_, near_slots_.size()));
  }

  void charge_placement() {
    const std::uint64_t W = wrong_, x = label_slots_.size(), s = near_slots_.size(), f = far_slots_.size(),
                        G = has_far() ? 1 : 0;
    Operations& operations = meter_.operations;
    operations.add += (1 + x) * (4 * W + 2);
    operations.mul += (1 + x) * 2 * W;
    operations.compare += (1 + x) * W;
    if (G == 1) {
      operations.add += 5 * W + f - 1;
      operations.mul += 1;
      operations.exp += W;
      operations.log += 1;
      operations.compare += 2 * (f - 1) * W;
    }
    if (is_full()) {
      operations.add += 2 + 2 * G;
      operations.mul += 1 + 5 * G;
      operations.div += 2 * G;
      operations.compare += G;
    } else {
      operations.add += 3 * (s - 1) + 2 + 3 * G;
      operations.mul += s + 1 + 4 + 6 * G;
      operations.div += 1 + 2 + 2 * G;
      operations.compare += (s - 1) * W + 3 * G;
    }
    if (label_.correct) {
      operations.add += 1;
      operations.mul += 3;
    }
    meter_.checkpoint();
  }

  void charge_row() {
    const std::uint64_t W = wrong_, G = has_far() ? 1 : 0, parts = is_full() ? near_slots_.size() : 1;
    Operations& operations = meter_.operations;
    operations.add += parts * (4 * W + 2) + W + 1 + G * (3 * W + 3);
    operations.mul += parts * (2 * W + 2) + G * W;
    operations.div += 2 * W + 2 * G;
    operations.exp += W + G * W;
    operations.log += 1 + G;
    operations.compare += parts * W + 2 * W + G * W;
    if (is_full()) {
      operations.add += 2 * G * W + W + 1;
      operations.mul += G * W;
      operations.exp += W;
      operations.log += 1;
      operations.compare += G * W;
    } else {
      operations.add += 2;
      operations.mul += 1 + G;
      operations.div += 1 - G;
    }
    if (label_.correct) operations.compare += W;
    meter_.checkpoint();
  }

  // Adds a slot with token t: W (u + π + v[t]) to every cleared margin, and W to the mass.
  void add_slot(Slots& slots, const Interval& weight, const Interval* direct, Token t) {
    add(slots.mass, weight);
    for (std::size_t i = 0; i < wrong_; ++i) {
      label_.set_value(term_, t, label_.outputs[i]);
      add(term_, direct[i]);
      // weight >= 0: an end below zero is farthest down with the larger weight
      mpfr_mul(term_.lo.get(), term_.lo.get(), (mpfr_signbit(term_.lo.get()) ? weight.hi : weight.lo).get(), MPFR_RNDD);
      mpfr_mul(term_.hi.get(), term_.hi.get(), (mpfr_signbit(term_.hi.get()) ? weight.lo : weight.hi).get(), MPFR_RNDU);
      add(slots.cleared[i], term_);
    }
  }

  // The query and the label's slots.
  void set_base() {
    for (Interval& cleared : base_.cleared) assign(cleared, zero_);
    assign(base_.mass, zero_);
    add_slot(base_, own_, direct(n_ - 1), q_);
    for (const std::size_t p : label_slots_) add_slot(base_, tables_.b.at(q_, p), direct(p), label_.m);
  }

  // R, R ρ, Y, Y_lo, and the loss of Y.
  void set_far() {
    mpfr_set_zero(far_sum_.get(), +1);
    for (const std::size_t p : far_slots_)
      mpfr_add(far_sum_.get(), far_sum_.get(), tables_.b.at(q_, p).hi.get(), MPFR_RNDU);
    mpfr_mul(far_mass_.get(), far_sum_.get(), largest_.get(), MPFR_RNDU);
    for (std::size_t i = 0; i < wrong_; ++i) {
      const Interval* least = direct(far_slots_.front()) + i;
      const Interval* most = least;
      for (const std::size_t p : far_slots_) {
        if (mpfr_less_p(direct(p)[i].lo.get(), least->lo.get())) least = direct(p) + i;
        if (mpfr_greater_p(direct(p)[i].hi.get(), most->hi.get())) most = direct(p) + i;
      }
      mpfr_add(far_below_[i].get(), least->lo.get(), label_.far_values[i].lo.get(), MPFR_RNDD);
      mpfr_add(far_above_[i].get(), most->hi.get(), label_.far_values[i].hi.get(), MPFR_RNDU);
    }
    loss_of_.set_from_above(far_loss_, far_above_);
  }

  void start_row() {
    charge_row();
    for (std::size_t i = 0; i < wrong_; ++i) assign(row_.cleared[i], base_.cleared[i]);
    assign(row_.mass, base_.mass);
  }

  // A row for each filling of the near slots.
  void close_in_full() {
    std::vector<std::uint64_t> filling(near_slots_.size(), 0);
    std::size_t next;
    do {
      start_row();
      for (std::size_t j = 0; j < filling.size(); ++j) {
        set_product(weight_, near_weights_[filling[j]], tables_.b.at(q_, near_slots_[j]));
        add_slot(row_, weight_, direct(near_slots_[j]), static_cast<Token>(label_.far + filling[j]));
      }
      close_row();
      for (next = 0; next < filling.size() && ++filling[next] == label_.near; ++next) filling[next] = 0;
    } while (next < filling.size());
  }

  // A row for each near token.
  void close_mixed() {
    assign(near_sum_, zero_);
    for (const std::size_t p : near_slots_) add(near_sum_, tables_.b.at(q_, p));
    for (std::size_t i = 0; i < wrong_; ++i) {
      assign(mixed_direct_[i], direct(near_slots_.front())[i]);
      for (const std::size_t p : near_slots_) {
        const Interval& other = direct(p)[i]; // the larger number lies between the larger ends
        if (mpfr_greater_p(other.lo.get(), mixed_direct_[i].lo.get()))
          mpfr_set(mixed_direct_[i].lo.get(), other.lo.get(), MPFR_RNDD); // exact
        if (mpfr_greater_p(other.hi.get(), mixed_direct_[i].hi.get()))
          mpfr_set(mixed_direct_[i].hi.get(), other.hi.get(), MPFR_RNDU); // exact
      }
    }
    for (std::uint64_t k = 0; k < label_.near; ++k) {
      start_row();
      set_product(weight_, near_weights_[k], near_sum_);
      add_slot(row_, weight_, mixed_direct_.data(), static_cast<Token>(label_.far + k));
      close_row();
    }
  }

  // Margins and losses of `row_`, pure and with the far slots.
  void close_row() {
    for (std::size_t i = 0; i < wrong_; ++i) {
      const Interval& cleared = row_.cleared[i];
      mpfr_div(above_[i].get(), cleared.hi.get(), (mpfr_signbit(cleared.hi.get()) ? row_.mass.hi : row_.mass.lo).get(),
               MPFR_RNDU);
      if (is_full())
        mpfr_div(below_[i].get(), cleared.lo.get(),
                 (mpfr_signbit(cleared.lo.get()) ? row_.mass.lo : row_.mass.hi).get(), MPFR_RNDD);
    }
    loss_of_.set_from_above(loss_, above_);
    pure_.add(loss_, row_.mass);
    if (has_far()) {
      set_extremes();
      loss_of_.set_from_above(loss_, highest_);
      worst_.add(loss_, row_.mass);
    }
    const auto negative = [](const Real& x) { return mpfr_sgn(x.get()) < 0; };
    passing_ += std::ranges::all_of(has_far() ? highest_ : above_, negative);
    if (!is_full()) return;
    loss_of_.set_from_below(loss_, has_far() ? lowest_ : below_);
    mpfr_add(lower_.get(), lower_.get(), loss_.get(), MPFR_RNDD);
  }

  // Δ⁺ and, in full, Δ⁻.
  void set_extremes() {
    mpfr_add(share_.get(), row_.mass.lo.get(), far_mass_.get(), MPFR_RNDD);
    mpfr_div(share_.get(), far_mass_.get(), share_.get(), MPFR_RNDU);
    Real& change = term_.lo;
    for (std::size_t i = 0; i < wrong_; ++i) {
      mpfr_sub(change.get(), far_above_[i].get(), above_[i].get(), MPFR_RNDU);
      if (mpfr_sgn(change.get()) < 0) mpfr_set_zero(change.get(), +1);
      mpfr_mul(change.get(), change.get(), share_.get(), MPFR_RNDU);
      mpfr_add(highest_[i].get(), above_[i].get(), change.get(), MPFR_RNDU);
      if (!is_full()) continue;
      mpfr_sub(change.get(), far_below_[i].get(), below_[i].get(), MPFR_RNDD);
      if (mpfr_sgn(change.get()) > 0) mpfr_set_zero(change.get(), +1);
      mpfr_mul(change.get(), change.get(), share_.get(), MPFR_RNDD);
      mpfr_add(lowest_[i].get(), below_[i].get(), change.get(), MPFR_RNDD);
    }
  }

  // Of the mean loss of the placement's inputs.
  Real upper_bound() {
    if (!is_full()) set_equal();
    Real bound = mixed(pure_, false);
    if (!has_far()) return bound;
    Real& more = term_.hi;
    pure_.mean_reciprocal(more);
    mpfr_mul(more.get(), more.get(), far_sum_.get(), MPFR_RNDU);
    mpfr_mul(more.get(), more.get(), mean_weight_.get(), MPFR_RNDU);
    mpfr_mul(more.get(), more.get(), far_loss_.get(), MPFR_RNDU);
    mpfr_add(bound.get(), bound.get(), more.get(), MPFR_RNDU);
    const Real other = mixed(worst_, true);
    return mpfr_less_p(other.get(), bound.get()) ? other : bound;
  }

  // Λ = sum b_p² / (sum b_p)², how often two slots drawn by their weight are the same, and 1 - Λ by the other products: a
  // difference would lose what the mean of apart slots is multiplied by.
  void set_equal() {
    mpfr_set_zero(equal_.get(), +1);
    mpfr_set_zero(different_.get(), +1);
    const auto add_product = [&](Real& sum, std::size_t p, std::size_t other) {
      mpfr_mul(share_.get(), tables_.b.at(q_, p).hi.get(), tables_.b.at(q_, other).hi.get(), MPFR_RNDU);
      mpfr_add(sum.get(), sum.get(), share_.get(), MPFR_RNDU);
    };
    for (const std::size_t p : near_slots_)
      for (const std::size_t other : near_slots_) add_product(p == other ? equal_ : different_, p, other);
    mpfr_sqr(share_.get(), near_sum_.lo.get(), MPFR_RNDD);
    for (Real* part : {&equal_, &different_}) mpfr_div(part->get(), part->get(), share_.get(), MPFR_RNDU);
  }

  // mix. `beside`: far slots weigh in too.
  Real mixed(const Mixture& mixture, bool beside) const {
    Real mean, apart;
    mixture.mean_loss(mean);
    if (is_full()) return mean;
    mixture.apart(apart);
    if (beside && mpfr_less_p(apart.get(), mean.get())) apart = mean;
    mpfr_mul(apart.get(), apart.get(), different_.get(), MPFR_RNDU);
    mpfr_mul(mean.get(), mean.get(), equal_.get(), MPFR_RNDU);
    mpfr_add(mean.get(), mean.get(), apart.get(), MPFR_RNDU);
    return mean;
  }

  const Label& label_;
  const Tables& tables_;
  const Token q_;
  const std::size_t n_, wrong_; // n, W
  Established& result_;
  Meter& meter_;
  MarginLoss loss_of_;

  std::vector<Interval> direct_;       // [n x W] u + π[p]
  Interval own_;                       // r_q b_(n-1)
  std::vector<Interval> near_weights_; // [c] r_k
  Real largest_, mean_weight_;         // ρ, mean of r_t, t < f

  std::vector<std::size_t> label_slots_, near_slots_, far_slots_; // the placement
  Slots base_, row_;
  Interval near_sum_;                                  // of b over the near slots; if mixed
  Real equal_, different_;                             // Λ, 1 - Λ
  std::vector<Interval> mixed_direct_;                 // [W] u + π̂
  Real far_sum_, far_mass_, far_loss_;                 // R, R ρ, L(Y)
  std::vector<Real> far_above_, far_below_;            // [W] Y, Y_lo
  std::vector<Real> above_, below_, highest_, lowest_; // [W] ends of Δ; Δ⁺, Δ⁻
  Mixture pure_, worst_;
  Real lower_;
  std::uint64_t passing_ = 0;

  Interval weight_, term_;
  Real share_, loss_;
  const Interval zero_;
};

} // namespace

Established placements(const Problem& problem, Token m, Meter& meter) {
  const Label label(problem, m, meter);
  Established result;
  for (Token q = first_query(problem, m); q <= m; ++q) Query(label, problem.exponentials, q, result, meter).close_all();
  meter.operations.add += 2; // the step's sum
  set_inner_ends(result);
  if (problem.correct) result.undecided = number_of_inputs(problem, m) - result.correct;
  return result;
}

} // namespace verifier::attention_only
