#include "rules/token_sum/tables.hpp"

#include "kernel/bands.hpp"

namespace verifier::rules::token_sum {

Problem prepare(Kernel& k, const Tensors& model, std::size_t n, bool correct, unsigned threads) {
  const std::size_t V = model.E.rows();
  const Table<Weights> tokens = model.E * model.W, outputs = model.U;
  Problem problem{V, n, correct, {}, {}, {}, {}, {}};
  problem.L = in_bands<Real>(k, {V, V}, threads, [&](Kernel& k, std::size_t from, std::size_t to) {
    const Weights M = rows(with(k, tokens), from, to) * with(k, outputs);
    return rounded(shifted(M, largest(rounded(M)))); // any shifts are sound; these keep exponentials in range
  });
  problem.A = in_bands<Positive>(k, {V, V}, threads, [&](Kernel& k, std::size_t from, std::size_t to) {
    return exp(rows(with(k, problem.L), from, to));
  });
  return problem;
}

void add_squares(Kernel& k, Problem& problem) {
  const Positive A = with(k, problem.A);
  problem.logarithms_of_squares = log(dots(A, each(problem.V), A, each(problem.V)));
}

void add_blocks(Kernel& k, Problem& problem, std::vector<Token> starts, std::span<const Stored> multipliers) {
  const std::size_t V = problem.V, B = starts.size() - 1;
  std::vector<Index> block;  // [V]
  std::vector<Stored> sizes; // exact
  for (Index i = 0; i < B; ++i) {
    block.resize(starts[i + 1], i);
    sizes.push_back(starts[i + 1] - starts[i]);
  }
  const Positive u = numbers(k, {V, 1}, multipliers), one_over_sizes = inverse(numbers(k, {B, 1}, sizes));
  const Positive sums = sums_by_label(repeat_columns(u, V) * with(k, problem.A), block, B);
  problem.blocks = Blocks{std::move(starts), repeat_columns(one_over_sizes, V) * sums, log(u)};
}

} // namespace verifier::rules::token_sum
