// block-jensen@1: the logarithm is concave, so all pairs of two blocks of tokens cost one inner product. From above.
//
// Theorem (n = 2). With B_I[k] = sum_{a in I} u_a A[a,k] for any u_a > 0, over the inputs with label in J = [p, q)
//   sum loss <= sum_{I before J} 2 |I||J| ln( B_I · B_J / (|I||J|) ) + |J|² ln( B_J · B_J / |J|² )
//               - 2 |J| sum_{a<p} ln u_a - 2 q sum_{a in J} ln u_a + label terms.
// Demands: J is a block (step-blocks), the step declares 0 as its lower end (rule-direction); both are checked when the
// certificate is read. Proof, computation and operations: docs/rules/block-jensen.md.
#include "rules.hpp"

#include "../block_tables.hpp"

#include <algorithm>

namespace verifier::token_sum {

Established block_jensen(const Problem& problem, LabelRange labels, Meter& meter) {
  const BlockTables& tables = *problem.blocks;
  const auto& starts = tables.witness.starts;
  const std::uint64_t V = problem.task.vocabulary, size = labels.to - labels.from;
  const auto j = static_cast<std::size_t>(std::lower_bound(starts.begin(), starts.end(), labels.from) - starts.begin());
  const std::uint64_t products = j + 1;
  meter.operations.add += products * (V - 1) + products + 2;
  meter.operations.mul += products * V + products + 2;
  meter.operations.div += products;
  meter.operations.log += products;
  meter.checkpoint();

  Established result;
  Real& sum = result.upper.hi;
  Real x, term;
  mpfr_t own, other; // views
  for (std::size_t i = 0; i <= j; ++i) {
    mpfr_set_zero(x.get(), +1);
    for (std::size_t k = 0; k < V; ++k) {
      tables.sums.view(i * V + k, other);
      tables.sums.view(j * V + k, own);
      mpfr_mul(term.get(), other, own, MPFR_RNDU);
      mpfr_add(x.get(), x.get(), term.get(), MPFR_RNDU);
    }
    const std::uint64_t pairs = (starts[i + 1] - starts[i]) * size; // of I x J
    mpfr_div_ui(x.get(), x.get(), pairs, MPFR_RNDU);
    mpfr_log(x.get(), x.get(), MPFR_RNDU);
    mpfr_mul_ui(x.get(), x.get(), i < j ? 2 * pairs : pairs, MPFR_RNDU);
    mpfr_add(sum.get(), sum.get(), x.get(), MPFR_RNDU);
  }
  mpfr_mul_ui(term.get(), tables.logarithms_before[j].get(), 2 * size, MPFR_RNDD);
  mpfr_sub(sum.get(), sum.get(), term.get(), MPFR_RNDU);
  mpfr_mul_ui(term.get(), tables.logarithms[j].get(), 2 * labels.to, MPFR_RNDD);
  mpfr_sub(sum.get(), sum.get(), term.get(), MPFR_RNDU);
  for (std::uint64_t y = labels.from; y < labels.to; ++y)
    add_label_term(problem, static_cast<Token>(y), Ends::upper, result.upper, meter);
  charge_sum_of_step(Ends::upper, meter);
  meter.checkpoint();

  // How far the rule's exact bound can be below: enclosures are narrower than 2^-40 for each input.
  const mpz_class inputs = 2 * number_of_inputs(problem, labels);
  Real allowance;
  mpfr_set_z(allowance.get(), inputs.get_mpz_t(), MPFR_RNDU);
  mpfr_mul_2si(allowance.get(), allowance.get(), -40, MPFR_RNDU);
  mpfr_sub(result.upper.lo.get(), sum.get(), allowance.get(), MPFR_RNDD);
  if (problem.correct) count_from_loss(number_of_inputs(problem, labels), result, meter);
  return result;
}

} // namespace verifier::token_sum
