// head-tail@1: heads multiplied out, tails bounded by norms, and in total by one inner product a label. Both sides.
//
// Theorem. For any heads, L(t) <= Z(t) <= U(t), where L sums over the union H(t) of the tokens' heads and U adds Hölder's bound
// on the rest. For any multipliers, with m(t) = v_y prod_i u_{t_i} and T_y = sum_t prod_i u_{t_i} Z(t), over the inputs of label y
//   S_y <= v_y T_y + sum_t ( ln z* - m z* - own(t) ),     z* = min( U, max( L, 1/m ) ), or U where m = 0,
//   S_y >=           sum_t ( ln L - own(t) ),             own(t) = sum_i L[t_i,y].
// An input is correct if U(t) < 2 prod_i A[t_i,y]. At an exact level L = U = Z, and logits are compared (A7).
// Proof and computation: docs/rules/head-tail.md.
#include "rules/token_sum/outputs.hpp"
#include "rules/token_sum/tails.hpp"

namespace verifier::rules::token_sum {
namespace {

// The inputs of one level: Hölder's bound on what is outside of their heads, sum_g prod of norms.
Positive tail(const Problem& problem, const Tails& tails, const Batch& batch, const Levels& t) {
  const auto others = std::span(batch.tokens).first(std::max<std::size_t>(1, problem.n - 2)); // n = 2: y itself
  return dots(product_at(tails.other[t.level], others, batch.labels.size()), t.inputs.row, tails.first[t.level],
              t.inputs.first);
}

Result close(Kernel& k, const Problem& problem, const Tails& tails, const Batch& batch) {
  const HeadTail& tables = *problem.head_tail;
  const Positive A = with(k, problem.A);
  const Real logits = with(k, problem.L);
  const Rows rows = multiplied_out(k, problem, batch);
  Result result;
  for (Levels t(batch, tables.witness, problem.V); t.next();) {
    const Inputs& in = t.inputs;
    const Multiplicities times = batch.multiplicities(in);
    const Real own = label_logits(rows, logits, in);
    const Positive L =
        t.exact ? dots(rows.products, in.row, A, in.first) : dots(rows.products, in.row, A, in.first, t.heads);
    const Positive U = t.exact ? L : L + tail(problem, tails, batch, t);
    result.at_least.add(log(L) - own, times);
    if (t.multiplied) {
      const Positive u = with(k, tables.token_multipliers), v = with(k, tables.label_multipliers);
      const Positive of_rows = product_at(u, batch.tokens, batch.labels.size()) * rows_at(v, batch.labels);
      const Positive m = rows_at(of_rows, in.row) * rows_at(u, in.first), z = smaller(U, larger(L, inverse(m)));
      result.at_most.add(log(z) - m * z - own, times);
    } else {
      result.at_most.add(log(U) - own, times);
    }
    if (!problem.correct) continue;
    if (t.exact) {
      classify(result, rows, logits, batch, in, own);
    } else {
      const Positive share = entries_at(rows.products, in.row, in.label) * entries_at(A, in.first, in.label);
      result.correct_at_least += count_negative(U - (share + share), times);
      result.correct_at_most += times.sum();
    }
  }
  return result;
}

} // namespace

Result head_tail(Kernel& k, const Problem& problem, Labels labels) {
  const HeadTail& tables = *problem.head_tail;
  Result result;
  for (Token y = labels.from; y < labels.to; ++y) {
    const Tails of_label = tails(k, problem, y);
    for (SortedInputs t({y, y + 1}, problem.n); t.next();) result.add(close(k, problem, of_label, t));
    if (!tables.witness.label_multipliers.empty())
      result.at_most.add(row(with(k, tables.label_multipliers), y) * row(with(k, tables.totals), y));
  }
  return result;
}

} // namespace verifier::rules::token_sum
