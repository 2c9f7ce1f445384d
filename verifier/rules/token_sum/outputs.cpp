#include "rules/token_sum/outputs.hpp"

namespace verifier::rules::token_sum {

Positive product_at(const Positive& x, std::span<const std::vector<Token>> tokens, std::size_t rows) {
  if (tokens.empty()) return spread(number(x.kernel(), 1), {rows, x.columns()});
  Positive product = rows_at(x, tokens[0]);
  for (const auto& t : tokens.subspan(1)) product = product * rows_at(x, t);
  return product;
}

Rows multiplied_out(Kernel& k, const Problem& problem, const Batch& batch) {
  const Real L = with(k, problem.L);
  const std::size_t rows = batch.labels.size();
  Real sums = batch.tokens.empty() ? spread(number(k, 0), {rows, L.columns()}) : rows_at(L, batch.tokens[0]);
  for (std::size_t i = 1; i < batch.tokens.size(); ++i) sums = sums + rows_at(L, batch.tokens[i]);
  return {product_at(with(k, problem.A), batch.tokens, rows), sums};
}

Real label_logits(const Rows& rows, const Real& L, const Inputs& inputs) {
  return entries_at(rows.sums, inputs.row, inputs.label) + entries_at(L, inputs.first, inputs.label);
}

void classify(Result& result, const Rows& rows, const Real& L, const Batch& batch, const Inputs& inputs,
              const Real& own) {
  const Multiplicities times = batch.multiplicities(inputs);
  result.correct_at_most += times.sum();
  if (L.columns() == 1) { // no other logit
    result.correct_at_least += times.sum();
    return;
  }
  const Real others = largest_sums(rows.sums, inputs.row, L, inputs.first, batch.labels), beyond = others - own;
  result.correct_at_least += count_negative(beyond, times);
  result.correct_at_most -= count_not_negative(beyond, times);
  result.margin.add(own - others);
}

Result evaluated(Kernel& k, const Problem& problem, const Batch& batch) {
  const Inputs& t = batch.inputs;
  const Positive A = with(k, problem.A);
  const Real L = with(k, problem.L);
  const Rows rows = multiplied_out(k, problem, batch);
  const Real own = label_logits(rows, L, t);
  Result result;
  result.at_most.add(log(dots(rows.products, t.row, A, t.first)) - own, batch.multiplicities(t));
  result.at_least = result.at_most;
  if (problem.correct) classify(result, rows, L, batch, t, own);
  return result;
}

} // namespace verifier::rules::token_sum
