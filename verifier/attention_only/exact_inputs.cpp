// Engine "exact" of enumeration@1: cleared margins as sums of 64-bit integers, one reciprocal of the mass for an input, margins
// on the grid 2^-48. The error argument: docs/numerics.md, sections 7.2 and 7.3; k, F, E_w, N' and D' as there.
#include "inputs.hpp"

#include "slot_weights.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace verifier::attention_only {
namespace {

constexpr int contribution_shift = 61;   // contributions count in units of 2^(61 - F - k)
constexpr std::uint64_t fine_error = 64; // 2^-42 nats: an error that no input is sent to intervals for
constexpr std::uint64_t widest_weight = std::uint64_t{1} << 32; // E_w

// floor(x · 2^shift) for 0 <= x < 2^(62 - shift)
std::uint64_t scaled_down(const Real& x, long shift, Real& scaled) {
  mpfr_mul_2si(scaled.get(), x.get(), shift, MPFR_RNDD); // exact: 64 bits
  return mpfr_get_uj(scaled.get(), MPFR_RNDD);
}
std::uint64_t scaled_up(const Real& x, long shift, Real& scaled) {
  mpfr_mul_2si(scaled.get(), x.get(), shift, MPFR_RNDU); // exact
  return mpfr_get_uj(scaled.get(), MPFR_RNDU);
}

class ExactInputs final : public Inputs {
public:
  ExactInputs(const Tables& tables, const FixedOutputs& outputs, Token m, Token q)
      : tables_(tables), outputs_(outputs), m_(m), q_(q), wrong_(tables.vocabulary - 1) {
    const SlotWeights weights(tables, m, q);
    first_ = weights.first();
    tokens_ = m + 1 - first_;
    set_weights(weights);
    set_contributions();
    set_errors();
    // Level 0 is the query alone; each token pushed adds a level.
    sums_.resize(tables.context * wrong_);
    std::copy_n(contributions_.end() - static_cast<std::ptrdiff_t>(wrong_), wrong_, sums_.begin());
    masses_.resize(tables.context);
    masses_[0] = weights_.back();
    margins_.resize(wrong_);
  }

  void push(Token t) override {
    const std::size_t slot = slot_of(t);
    const std::int64_t *const sum = level(depth_), *const contribution = contribution_of(slot);
    std::int64_t* const next = level(depth_ + 1);
    for (std::size_t w = 0; w < wrong_; ++w) next[w] = sum[w] + contribution[w];
    masses_[depth_ + 1] = masses_[depth_] + weights_[slot];
    ++depth_;
    stack_.push_back(t);
  }
  void pop() override {
    --depth_;
    stack_.pop_back();
  }
  void close_row(Token first, Token last, InputsSum& sum) override {
    const std::int64_t* const prefix = level(depth_);
    for (Token t = first; t < last; ++t) {
      const std::size_t slot = slot_of(t);
      const std::int64_t* const contribution = contribution_of(slot);
      const bool closed = close(
          masses_[depth_] + weights_[slot], [&](std::size_t w) { return prefix[w] + contribution[w]; }, sum);
      if (!closed) with_reference([&](Inputs& reference) { reference.close_row(t, t + 1, sum); });
    }
  }
  void close(InputsSum& sum) override {
    const std::int64_t* const cleared = level(depth_);
    if (!close(
            masses_[depth_], [&](std::size_t w) { return cleared[w]; }, sum))
      with_reference([&](Inputs& reference) { reference.close(sum); });
  }

private:
  std::int64_t* level(std::size_t depth) { return sums_.data() + depth * wrong_; }
  const std::int64_t* contribution_of(std::size_t slot) const { return contributions_.data() + slot * wrong_; }
  // Where token t in the next free slot stands.
  std::size_t slot_of(Token t) const { return depth_ * tokens_ + (t - first_); }

  // w' = floor(W · 2^k), such that n of them stay below 2^62; the query's is the last.
  void set_weights(const SlotWeights& weights) {
    weight_bits_ = 62 - std::bit_width(tables_.context);
    long exponent = mpfr_get_exp(weights.query().hi.get());
    for (const Interval& weight : weights.all_free()) exponent = std::max(exponent, mpfr_get_exp(weight.hi.get()));
    const long k = weight_bits_ - exponent;
    Real scaled;
    const auto append = [&](const Interval& weight) {
      const std::uint64_t down = scaled_down(weight.lo, k, scaled);
      weights_.push_back(down);
      weight_error_ = std::max(weight_error_, scaled_up(weight.hi, k, scaled) - down);
    };
    for (const Interval& weight : weights.all_free()) append(weight);
    append(weights.query());
  }

  // floor(w' y' / 2^61) with y' on the grid of the outputs: below 2^61 in absolute value.
  void set_contributions() {
    const std::size_t V = tables_.vocabulary, free_slots = tables_.context - 1;
    contributions_.reserve(weights_.size() * wrong_);
    const auto append = [&](std::size_t p, Token t) {
      const std::uint64_t weight = weights_[contributions_.size() / wrong_];
      const std::int64_t *const direct = &outputs_.EU[q_ * V], *const value = &outputs_.OV[t * V],
                                *const position = &outputs_.PO[p * V];
      const std::int64_t label = direct[m_] + value[m_] + position[m_];
      for (std::size_t w = 0; w < V; ++w) {
        if (w == m_) continue;
        const std::int64_t y = direct[w] + value[w] + position[w] - label;
        contributions_.push_back(
            static_cast<std::int64_t>(Int128{y} * static_cast<std::int64_t>(weight) >> contribution_shift));
      }
    };
    for (std::size_t p = 0; p < free_slots; ++p)
      for (Token t = first_; t <= m_; ++t) append(p, t);
    append(free_slots, q_);
  }

  // The margins' error for a mass D' is at most ceil(K · 2^(109 - F) / D') + 2, K = n (2 E_w + 4), or more where margins lose
  // low bits.
  void set_errors() {
    can_close_ = weight_error_ < widest_weight;
    error_numerator_ = tables_.context * (2 * std::min(weight_error_, widest_weight) + 4);
    const Uint128 least =
        (Uint128{error_numerator_} << (contribution_shift + margin_places - outputs_.places)) >> weight_bits_;
    // Weights as wide as this leave the reference no better off.
    most_error_ = std::min<Uint128>(std::max<Uint128>(fine_error, 4 * least), MarginExponentials::largest_error);
  }

  // Adds the input with these cleared margins N'_w; false if its mass is too small for that.
  template <class Cleared>
  bool close(std::uint64_t mass, Cleared cleared, InputsSum& sum) {
    if (!can_close_ || mass == 0) return false;
    // R = floor(2^(a+62) / D') with 2^a <= D' < 2^(a+1), so that 2^61 < R <= 2^62; a margin is N' R / 2^shift.
    const int a = std::bit_width(mass) - 1;
    const long shift = a + outputs_.places - (contribution_shift + margin_places - 62);
    if (shift < 48) return false;
    const auto reciprocal = static_cast<std::uint64_t>((Uint128{1} << (a + 62)) / mass);
    const long left = std::max(0L, 64 - shift), right = std::max(0L, shift - 64);
    const Uint128 of_numerator = ((Uint128{error_numerator_} * (reciprocal + 1)) >> shift) + 1;
    const Uint128 error = of_numerator + 1 + (std::uint64_t{1} << left);
    if (error > most_error_) return false;

    std::int64_t top = INT64_MIN;
    for (std::size_t w = 0; w < wrong_; ++w) {
      const std::int64_t margin = upper_half(cleared(w), static_cast<std::int64_t>(reciprocal)) >> right << left;
      top = std::max(top, margin);
      margins_[w] = margin;
    }
    const auto bound = static_cast<std::int64_t>(error);
    if (top > -bound - 1 && top < bound) return false; // the sign of the largest margin is open
    sum.correct += top < 0;
    sum.in_integers.add(margins_, std::max<std::int64_t>(top, 0), static_cast<std::uint64_t>(error));
    return true;
  }

  // The reference, with the same tokens on its stack.
  template <class Use>
  void with_reference(Use use) {
    if (!reference_) reference_ = make_reference_inputs(tables_, m_, q_);
    for (const Token t : stack_) reference_->push(t);
    use(*reference_);
    for (std::size_t i = 0; i < depth_; ++i) reference_->pop();
  }

  const Tables& tables_;
  const FixedOutputs& outputs_;
  const Token m_, q_;
  const std::size_t wrong_;           // V - 1
  std::unique_ptr<Inputs> reference_; // made when it is needed first

  Token first_ = 0;        // the smallest token that a free slot may hold
  std::size_t tokens_ = 0; // m + 1 - first
  int weight_bits_ = 0;
  std::uint64_t weight_error_ = 0;          // E_w >= W · 2^k - w'
  std::vector<std::uint64_t> weights_;      // [n-1 x tokens], and the query's
  std::vector<std::int64_t> contributions_; // the same, each [V-1]
  bool can_close_ = false;
  std::uint64_t error_numerator_ = 0;
  Uint128 most_error_ = 0;

  std::size_t depth_ = 0; // of the stack
  std::vector<Token> stack_;
  std::vector<std::int64_t> sums_;    // [n x V-1]
  std::vector<std::uint64_t> masses_; // [n]
  std::vector<std::int64_t> margins_; // [V-1]
};

} // namespace

std::unique_ptr<Inputs> make_exact_inputs(const Tables& tables, const FixedOutputs& outputs, Token m, Token q) {
  return std::make_unique<ExactInputs>(tables, outputs, m, q);
}

} // namespace verifier::attention_only
