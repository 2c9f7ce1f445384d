// Engine "reference" of enumeration@1: N_w = sum_p W_p y_p[w] and D = sum_p W_p of every input anew, both ends, at 64 bits.
#include "inputs.hpp"

#include "slot_weights.hpp"

namespace verifier::attention_only {
namespace {

class ReferenceInputs final : public Inputs {
public:
  ReferenceInputs(const Tables& tables, Token m, Token q)
      : tables_(tables), m_(m), q_(q), weights_(tables, m, q), margins_(tables.vocabulary) {}

  void push(Token t) override { tokens_.push_back(t); }
  void pop() override { tokens_.pop_back(); }
  void close_row(Token first, Token last, InputsSum& sum) override {
    for (Token t = first; t < last; ++t) {
      push(t);
      close(sum);
      pop();
    }
  }
  void close(InputsSum& sum) override {
    set_zero(mass_);
    for (Interval& margin : margins_) set_zero(margin);
    for (std::size_t p = 0; p < tokens_.size(); ++p) add_slot(p, tokens_[p], weights_.free(p, tokens_[p]));
    add_slot(tokens_.size(), q_, weights_.query());
    classify(sum);
    add_loss(sum.by_intervals);
  }

private:
  static void set_zero(Interval& x) {
    mpfr_set_zero(x.lo.get(), +1);
    mpfr_set_zero(x.hi.get(), +1);
  }

  // Adds W_p y_p[w] to every cleared margin, and W_p to the mass.
  void add_slot(std::size_t p, Token t, const Interval& weight) {
    add(mass_, weight);
    for (Token w = 0; w < tables_.vocabulary; ++w) {
      if (w == m_) continue;
      set_contribution(contribution_.lo, p, t, w, MPFR_RNDD);
      set_contribution(contribution_.hi, p, t, w, MPFR_RNDU);
      multiply_by_nonnegative(contribution_, weight);
      add(margins_[w], contribution_);
    }
  }
  // y_p[w] = u[q,w] + v[t,w] + π[p,w]
  void set_contribution(Real& y, std::size_t p, Token t, Token w, mpfr_rnd_t direction) {
    mpfr_sub(y.get(), tables_.EU.at(q_, w).get(), tables_.EU.at(q_, m_).get(), direction);
    mpfr_sub(difference_.get(), tables_.OV.at(t, w).get(), tables_.OV.at(t, m_).get(), direction);
    mpfr_add(y.get(), y.get(), difference_.get(), direction);
    mpfr_sub(difference_.get(), tables_.PO.at(p, w).get(), tables_.PO.at(p, m_).get(), direction);
    mpfr_add(y.get(), y.get(), difference_.get(), direction);
  }
  // x · weight, weight >= 0: an end below zero is farthest down with the larger weight.
  static void multiply_by_nonnegative(Interval& x, const Interval& weight) {
    mpfr_mul(x.lo.get(), x.lo.get(), (mpfr_signbit(x.lo.get()) ? weight.hi : weight.lo).get(), MPFR_RNDD);
    mpfr_mul(x.hi.get(), x.hi.get(), (mpfr_signbit(x.hi.get()) ? weight.lo : weight.hi).get(), MPFR_RNDU);
  }

  // Correct if every cleared margin is below zero, wrong if one is not.
  void classify(InputsSum& sum) const {
    bool correct = true, wrong = false;
    for (Token w = 0; w < tables_.vocabulary; ++w) {
      if (w == m_) continue;
      correct = correct && mpfr_less_p(margins_[w].hi.get(), zero_.get());
      wrong = wrong || mpfr_greaterequal_p(margins_[w].lo.get(), zero_.get());
    }
    sum.correct += correct;
    sum.undecided += !correct && !wrong;
  }

  // ln(1 + sum exp(N_w / D)), which rises with every N_w / D.
  void add_loss(Interval& loss) {
    add_end(loss.lo, MPFR_RNDD, [&](const Interval& n) {
      mpfr_div(term_.get(), n.lo.get(), (mpfr_signbit(n.lo.get()) ? mass_.lo : mass_.hi).get(), MPFR_RNDD);
    });
    add_end(loss.hi, MPFR_RNDU, [&](const Interval& n) {
      mpfr_div(term_.get(), n.hi.get(), (mpfr_signbit(n.hi.get()) ? mass_.hi : mass_.lo).get(), MPFR_RNDU);
    });
  }
  template <class Quotient>
  void add_end(Real& end, mpfr_rnd_t direction, Quotient set_quotient) {
    mpfr_set_zero(exponentials_.get(), +1);
    for (Token w = 0; w < tables_.vocabulary; ++w) {
      if (w == m_) continue;
      set_quotient(margins_[w]);
      mpfr_exp(term_.get(), term_.get(), direction);
      mpfr_add(exponentials_.get(), exponentials_.get(), term_.get(), direction);
    }
    mpfr_log1p(exponentials_.get(), exponentials_.get(), direction);
    mpfr_add(end.get(), end.get(), exponentials_.get(), direction);
  }

  const Tables& tables_;
  const Token m_, q_;
  const SlotWeights weights_;
  std::vector<Token> tokens_;
  Interval mass_, contribution_;
  std::vector<Interval> margins_; // [V], cleared; that of m stays 0
  Real difference_, term_, exponentials_;
  const Real zero_;
};

} // namespace

std::unique_ptr<Inputs> make_reference_inputs(const Tables& tables, Token m, Token q) {
  return std::make_unique<ReferenceInputs>(tables, m, q);
}

} // namespace verifier::attention_only
