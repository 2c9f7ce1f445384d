#include "rules/token_sum/tails.hpp"

namespace verifier::rules::token_sum {
namespace {

// The tails of tokens 0 .. tokens-1 from those outputs that each level is the last tail of: for each level the p-th roots of
// the sums of x[a,k] · y[a,k].
std::vector<Positive> norms(const Positive& x, const Positive& y, const Lists& outputs, std::size_t levels,
                            std::size_t p) {
  std::vector<Positive> result(levels, x);
  if (levels == 0) return result;
  const std::size_t tokens = y.rows(), G = outputs.size() / (tokens * levels);
  std::vector<Index> token;
  for (std::size_t i = 0; i < outputs.size(); ++i) token.push_back(static_cast<Index>(i / (levels * G)));
  const Positive sums = in_rows_of(dots(x, token, y, token, outputs), levels * G);
  for (std::size_t l = levels; l > 0;) {
    --l;
    const Positive last = columns(sums, l * G, (l + 1) * G);
    result[l] = l + 1 == levels ? last : last + result[l + 1];
  }
  for (Positive& sum : result) sum = root(sum, p);
  return result;
}

Tails tails(const Problem& problem, const Positive& x, const Positive& first, const Positive& other,
            std::optional<Token> label) {
  const HeadTailWitness& w = problem.head_tail->witness;
  const std::size_t V = problem.V, levels = levels_with_tails(w, V), p = std::max<std::size_t>(2, problem.n - 1);
  const Lists outputs = outputs_of_tails(w, V, x.rows(), label);
  const std::vector<Positive> of_first = norms(x, first, outputs, levels, p);
  return {of_first, w.weights.empty() ? of_first : norms(x, other, outputs, levels, p)};
}

} // namespace

Tails tails(Kernel& k, const Problem& problem, Token y) {
  const HeadTail& tables = *problem.head_tail;
  if (problem.n == 2) {
    Tails lent;
    for (const auto& level : tables.first_tails) lent.first.push_back(with(k, level));
    for (const auto& level : tables.other_tails) lent.other.push_back(with(k, level));
    return lent;
  }
  const Positive of_label = repeat_rows(row(with(k, problem.A), y), y + 1);
  return tails(problem, of_label, rows(with(k, tables.first), 0, y + 1), rows(with(k, tables.other), 0, y + 1), y);
}

// T_y = sum_k ( P[y+1,k]^n - P[y,k]^n ) with P[y,k] = sum_{a<y} u_a A[a,k], without a difference:
// P'^n - P^n = (P' - P) (P'^(n-1) + P'^(n-2) P + .. + P^(n-1)).
Positive totals(Kernel& k, const Problem& problem, const Positive& u) {
  const std::size_t V = problem.V;
  Positive T = spread(number(k, 0), {V, 1});
  for (std::size_t from = 0; from < V; from += 512) { // outputs in bands: these tables are large
    const Positive A = columns(with(k, problem.A), from, std::min(V, from + 512)),
                   x = repeat_columns(u, A.columns()) * A;
    const Positive sums = sums_before(x), P = rows(sums, 0, V), next = rows(sums, 1, V + 1);
    Positive power = next, h = P + next;
    for (std::size_t i = 2; i < problem.n; ++i) {
      power = power * next;
      h = h * P + power;
    }
    T = T + dots(x, each(V), h, each(V));
  }
  return T;
}

void add_head_tail_tables(Kernel& k, Problem& problem, HeadTailWitness witness) {
  const std::size_t V = problem.V, n = problem.n;
  const Positive A = with(k, problem.A);
  HeadTail& tables = problem.head_tail.emplace();
  tables.witness = std::move(witness);
  const HeadTailWitness& w = tables.witness;

  Positive power = A; // A^p; n = 2: A, and norms multiply by A
  for (std::size_t i = 2; i < n; ++i) power = power * A;
  Positive first = power, other = power;
  if (!w.weights.empty()) {
    const Positive weights = numbers(k, {1, V}, w.weights);
    first = repeat_rows(weights, V) * power, other = repeat_rows(inverse(weights), V) * power;
  }
  if (n == 2) {
    const Tails all = tails(problem, A, first, other, {});
    for (const Positive& level : all.first) tables.first_tails.push_back(level);
    for (const Positive& level : all.other) tables.other_tails.push_back(level);
  } else {
    tables.first = first, tables.other = other;
  }
  if (w.token_multipliers.empty()) return;
  const Positive u = numbers(k, {V, 1}, w.token_multipliers);
  tables.token_multipliers = u, tables.label_multipliers = numbers(k, {V, 1}, w.label_multipliers);
  tables.totals = totals(k, problem, u);
}

} // namespace verifier::rules::token_sum
