// convexity@1: mix the tokens, bound the mixture. From above only.
//
// Theorem. v -> ln sum_k exp v_k - v_y is convex, so over the inputs with label y
//   n = 2:   sum loss <= sum_{a<y} ln Q_a + (y + 1) ln Q_y + label terms,     Q_a = sum_k A[a,k]²
//   n != 2:  sum loss <= ln Z(y^n) + sum_{m=1..n-1} C(n,m) y^(k-1) sum_{a<y} ln Z(a^k, y^m) + label terms,
//            k = n - m.
// Demands: the step declares 0 as its lower end (rule-direction, checked when the certificate is read).
// Proof, computation and operations: docs/rules/convexity.md.
#include "rules.hpp"

#include "../self_products.hpp"

namespace verifier::token_sum {
namespace {

// Theorem (i). Everything that depends on single tokens stands in the table.
Interval merge_both(const Problem& problem, Token y, Meter& meter) {
  Interval own = problem.self_products->log[y];
  multiply_any(own, mpz_class(y) + 1);
  add(own, problem.self_products->log_below[y]);
  meter.operations.mul += 1;
  meter.operations.add += 1;
  return own;
}

// Theorem (ii).
Interval merge_below_maximum(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  const std::uint64_t n = problem.task.context, V = problem.task.vocabulary;
  const auto charge_extension = [&](std::uint64_t count) { meter.operations.mul += V * count; };
  const auto charge_inputs = [&](std::uint64_t count) {
    meter.operations.add += (V - 1) * count;
    if (n > 1) meter.operations.mul += V * count;
  };
  Interval sum;
  for (std::uint64_t m = 1; m < n; ++m) {
    const std::uint64_t k = n - m;
    if (m > 1) charge_extension(1);
    rows.push(y); // y^m
    Interval product = exactly(1);
    for (Token a = 0; a < y; ++a) {
      charge_extension(k - 1);
      charge_inputs(1);
      meter.operations.mul += 1;
      meter.checkpoint();
      for (std::uint64_t i = 1; i < k; ++i) rows.push(a);
      multiply_nonnegative(product, rows.row(a, a + 1, y, false).product);
      for (std::uint64_t i = 1; i < k; ++i) rows.pop();
    }
    Interval term = log(product);
    multiply_any(term, binomial(n, m) * power(y, k - 1));
    add(sum, term);
    meter.operations.log += 1;
    meter.operations.mul += 1;
    meter.operations.add += 1;
  }
  charge_inputs(1);
  meter.operations.log += 1;
  meter.operations.add += 1;
  meter.checkpoint();
  add(sum, log(rows.row(y, y + 1, y, false).product)); // Z(y^n), on the vector y^(n-1)
  for (std::uint64_t m = 1; m < n; ++m) rows.pop();
  return sum;
}

} // namespace

Established convexity(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  Established result;
  result.upper =
      problem.task.context == 2 ? merge_both(problem, y, meter) : merge_below_maximum(problem, rows, y, meter);
  add_label_term(problem, y, Ends::upper, result.upper, meter);
  charge_sum_of_step(Ends::upper, meter);
  if (problem.correct) count_from_loss(number_of_inputs(problem, {y, y + 1}), result, meter);
  return result;
}

} // namespace verifier::token_sum
