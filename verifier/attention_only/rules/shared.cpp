#include "rules.hpp"

namespace verifier::attention_only {

mpz_class number_of_inputs(const Problem& problem, Token m) {
  const std::uint64_t n = problem.tables.context;
  return power(std::uint64_t{m} + 1, n) - power(m, n);
}

Token first_query(const Problem& problem, Token m) {
  return problem.tables.context == 1 ? m : 0;
}

Established counted(const Problem& problem, Token m, mpz_class correct, const Real& margin, Meter& meter) {
  const mpz_class inputs = number_of_inputs(problem, m);
  Established result;
  Interval& bound = result.upper;
  mpfr_log_ui(bound.lo.get(), problem.tables.vocabulary, MPFR_RNDD);
  mpfr_log_ui(bound.hi.get(), problem.tables.vocabulary, MPFR_RNDU);
  if (mpfr_sgn(margin.get()) > 0) mpfr_add(bound.hi.get(), bound.hi.get(), margin.get(), MPFR_RNDU);
  // The inner end: the margin without rounding is less than 2^-36 below this one (docs/numerics.md, section 7.7).
  Real least;
  mpfr_set_ui_2exp(least.get(), 1, -36, MPFR_RNDU); // exact
  mpfr_sub(least.get(), margin.get(), least.get(), MPFR_RNDD);
  if (mpfr_sgn(least.get()) > 0) mpfr_add(bound.lo.get(), bound.lo.get(), least.get(), MPFR_RNDD);
  multiply_any(bound, inputs);
  meter.operations.log += 1;
  meter.operations.compare += 1;
  meter.operations.mul += 1;
  meter.operations.add += 2; // the bound's, the step's sum
  result.undecided = inputs - correct;
  result.correct = std::move(correct);
  return result;
}

void set_inner_ends(Established& result) {
  Real width;
  mpfr_div_2ui(width.get(), result.upper.hi.get(), 20, MPFR_RNDU); // exact
  mpfr_sub(result.upper.lo.get(), result.upper.hi.get(), width.get(), MPFR_RNDD);
  mpfr_div_2ui(width.get(), result.lower.lo.get(), 20, MPFR_RNDU); // exact
  mpfr_add(result.lower.hi.get(), result.lower.lo.get(), width.get(), MPFR_RNDU);
}

} // namespace verifier::attention_only
