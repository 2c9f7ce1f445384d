// symmetry@1: each multiset of tokens once.
//
// Theorem. The loss ignores the order of the tokens. The sorted inputs (a, t_2 <= .. <= t_n = y) with a <= t_2 form a
// row. With r entries equal to t_2 among t_2 .. t_n and w = n! / ((r+1)! · prod of the other multiplicities!), the row
// contributes
//   w · ln( (prod_{a<t_2} Z(a, t_2, .., t_n))^(r+1) · Z(t_2, t_2, .., t_n) ).
// Demands: none. Proof, computation and operations: docs/rules/symmetry.md.
#include "sorted_rows.hpp"

namespace verifier::token_sum {
namespace {

void close_row(const Problem& problem, Rows& rows, Token y, const SortedRow& row, Established& result, Meter& meter) {
  const Token t_2 = row.t_2();
  charge_inputs(problem, std::uint64_t{t_2} + 1, meter);
  meter.operations.mul += 2 * std::uint64_t{t_2} + 2 * row.run + 2; // product from 1, power, tie: two ends each
  meter.operations.log += 2;
  meter.operations.mul += 2;
  meter.operations.add += 2;
  meter.checkpoint();

  const Row below = rows.row(0, t_2, y, problem.correct);
  const Row tie = rows.row(t_2, t_2 + 1, y, problem.correct);
  Interval product = tie.product;
  for (std::uint64_t i = 0; i <= row.run; ++i) multiply_nonnegative(product, below.product); // (prod Z)^(run+1) · Z
  Interval sum = log(product);
  multiply_any(sum, row.weight);
  add(result.upper, sum);
  const mpz_class strict = row.weight * (row.run + 1);
  result.correct += strict * below.correct + row.weight * tie.correct;
  result.undecided += strict * below.undecided + row.weight * tie.undecided;
}

} // namespace

Established symmetry(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  if (problem.task.context == 1) return enumeration(problem, rows, y, meter); // the two rules coincide
  Established result;
  for_each_sorted_row(problem, rows, y, meter,
                      [&](const SortedRow& row) { close_row(problem, rows, y, row, result, meter); });
  add_label_term(problem, y, Ends::both, result.upper, meter);
  charge_sum_of_step(Ends::both, meter);
  result.lower = result.upper;
  return result;
}

} // namespace verifier::token_sum
