// block-jensen@1: the logarithm is concave, so all pairs of two blocks of tokens cost one inner product. From above only.
//
// Theorem (n = 2). With B_I[k] = sum_{a in I} u_a A[a,k] / |I| for any u_a > 0, over the inputs with label in J = [p, q)
//   sum loss <= sum_{I before J} 2 |I||J| ln( B_I · B_J ) + |J|² ln( B_J · B_J )
//               - sum_{y in J} ( 2 sum_{a<y} (L[a,y] + ln u_a) + 2 (y + 1) (L[y,y] + ln u_y) ).
// At most floor(sum / ln 2) of them are not correct (A8). Demand: the labels are whole blocks.
// Proof and computation: docs/rules/block-jensen.md.
#include "kernel/integers.hpp"
#include "rules/from_loss.hpp"
#include "rules/token_sum/problem.hpp"

namespace verifier::rules::token_sum {
namespace {

Total close(Kernel& k, const Problem& problem, std::size_t j) {
  const auto& starts = problem.blocks->starts;
  const auto size = [&](std::size_t i) { return Integer(starts[i + 1] - starts[i]); };
  const Positive B = rows(with(k, problem.blocks->means), 0, j + 1); // the block and those before it
  std::vector<Integer> pairs;
  for (std::size_t i = 0; i <= j; ++i) pairs.push_back((i < j ? 2 : 1) * size(i) * size(j));
  Total sum;
  const std::vector<Index> blocks = each(j + 1), own(j + 1, static_cast<Index>(j));
  sum.add(log(dots(B, blocks, B, own)), {blocks, pairs});
  for (Token y = starts[j]; y < starts[j + 1]; ++y) {
    const Real L = column(rows(with(k, problem.L), 0, y + 1), y),
               u = rows(with(k, problem.blocks->logarithms), 0, y + 1);
    const Real own = L + u; // [a]
    sum.add(rows(own, 0, y), -2);
    sum.add(row(own, y), -2 * (Integer(y) + 1));
  }
  return sum;
}

} // namespace

Result block_jensen(Kernel& k, const Problem& problem, Labels labels) {
  const auto& starts = problem.blocks->starts;
  Result result;
  for (std::size_t j = 0; starts[j] < labels.to; ++j)
    if (starts[j] >= labels.from)
      result.add(from_loss(k, close(k, problem, j), power(starts[j + 1], 2) - power(starts[j], 2), problem.correct));
  return result;
}

} // namespace verifier::rules::token_sum
