// convexity@1: mix the tokens, bound the mixture. From above only.
//
// Theorem. Write f(t, y) = ln Z(t) - sum_i L[t_i,y]: the loss of t if its label were y. v -> ln sum_k exp v_k - v_y is convex,
// so over the inputs with label y
//   n = 2:   S_y <= sum_{a<y} f(a², y) + (y + 1) f(y², y),
//   n != 2:  S_y <= f(y^n, y) + sum_{m=1..n-1} C(n,m) y^(k-1) sum_{a<y} f(a^k y^m, y),     k = n - m.
// At most floor(S_y / ln 2) of them are not correct (A8). Proof and computation: docs/rules/convexity.md.
#include "kernel/integers.hpp"
#include "rules/from_loss.hpp"
#include "rules/token_sum/problem.hpp"

namespace verifier::rules::token_sum {
namespace {

// Theorem (i). Z(a²) = Q_a stands in a table.
Total merge_both(Kernel& k, const Problem& problem, Token y) {
  const Real own = column(rows(with(k, problem.L), 0, y + 1), y),
             log_Q = rows(with(k, *problem.logarithms_of_squares), 0, y + 1);
  const Real f = log_Q - (own + own); // [a]
  Total sum;
  sum.add(rows(f, 0, y), 1);
  sum.add(row(f, y), Integer(y) + 1);
  return sum;
}

// Theorem (ii).
Total merge_below_maximum(Kernel& k, const Problem& problem, Token y) {
  const std::uint64_t n = problem.n;
  const Positive A = with(k, problem.A), below = rows(A, 0, y);
  const Real own = column(rows(with(k, problem.L), 0, y + 1), y);
  const auto times = [&](std::uint64_t count, const Real& x) { return spread(number(k, count), x.shape()) * x; };
  std::vector<Positive> of_label; // [m - 1]: A[y,.]^m
  for (std::uint64_t m = 1; m <= n; ++m) of_label.push_back(m == 1 ? row(A, y) : of_label.back() * row(A, y));
  Total total;
  total.add(log(sum(of_label[n - 1])) - times(n, row(own, y)), 1);
  Positive power = below; // A[a,.]^j, j = n - m   [a x outputs]
  for (std::uint64_t j = 1; j < n && y > 0; ++j) {
    const Positive Z = dots(power, each(y), of_label[n - j - 1], std::vector<Index>(y, 0)); // [a]
    const Real linear = times(j, rows(own, 0, y)) + times(n - j, repeat_rows(row(own, y), y));
    total.add(log(Z) - linear, binomial(n, j) * verifier::power(y, j - 1));
    if (j + 1 < n) power = power * below;
  }
  return total;
}

} // namespace

Result convexity(Kernel& k, const Problem& problem, Labels labels) {
  const std::uint64_t n = problem.n;
  Result result;
  for (Token y = labels.from; y < labels.to; ++y) {
    const Total sum = n == 2 ? merge_both(k, problem, y) : merge_below_maximum(k, problem, y);
    result.add(from_loss(k, sum, power(y + 1, n) - power(y, n), problem.correct));
  }
  return result;
}

} // namespace verifier::rules::token_sum
