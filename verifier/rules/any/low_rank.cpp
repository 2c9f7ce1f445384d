// low-rank@1: the last map by few rows, the rest by its norm. Both sides.
//
// Theorem. Let z = U h + s, B a matrix of k rows, M a square one, a_i tables and φ_i labellings of the inputs. With
//   G = B Bᵀ,   A = U Bᵀ M,   R = U - A B,   S = M + Mᵀ - Mᵀ G M,   D = A + R Bᵀ M,
//   e = h - sum_i a_i[φ_i],   w = B e,   e' = e - Bᵀ M w:
//   z_c = D_c·w + sum_i U_c·a_i[φ_i] + s_c + R_c·e',   |R_c·e'| <= |R_c| |e'|,   |e'|² = |e|² - wᵀ S w.
// The logits of labels and of opened classes are evaluated. Proof and computation: docs/rules/any/low-rank.md.
#include "kernel/integers.hpp"
#include "rules/any/problem.hpp"

namespace verifier::rules::any {

LowRank prepare_low_rank(Kernel& k, const Features& features, const LowRankWitness& witness) {
  const Weights Ut = with(k, features.u), U = transposed(Ut);
  const std::size_t m = U.columns(), rank = witness.k;
  const Weights B(k, {rank, m}, witness.basis), M(k, {rank, rank}, witness.metric), Bt = transposed(B);
  const Weights G = B * Bt, A = U * Bt * M, R = U - A * B;
  LowRank of{.features = features,
             .basis = Bt,
             .of_basis = {},
             .left = M + transposed(M) - transposed(M) * (G * M),
             .known = transposed(A + R * Bt * M),
             .norms = transposed(root(sum(square(rounded(R))))),
             .labels = witness.labels,
             .minus_tables = {},
             .class_tables = {}};
  for (std::size_t i = 0; i < rank; ++i) {
    std::vector<Index> list;
    for (std::size_t j = 0; j < m; ++j)
      if (witness.basis[i * m + j] != 0) list.push_back(static_cast<Index>(j));
    of.of_basis.add(list);
  }
  auto from = witness.tables.begin();
  for (const std::size_t count : witness.counts) {
    const std::vector<Stored> table(from, from + static_cast<std::ptrdiff_t>(count * m));
    std::vector<Stored> minus = table;
    for (Stored& x : minus) x = -x;
    of.minus_tables.push_back(signed_numbers(k, {count, m}, minus));
    of.class_tables.push_back(linear(signed_numbers(k, {count, m}, table), Ut));
    from += static_cast<std::ptrdiff_t>(count * m);
  }
  return of;
}

namespace {

// The labels of the inputs by a labelling.
Tokens labels_of(const Tokens& labelling, const std::vector<Integer>& indices) {
  Tokens labels;
  for (const Integer& index : indices) labels.push_back(labelling.at(in_64_bits(index)));
  return labels;
}

} // namespace

Result low_rank(Kernel& k, const Problem& problem, const Inputs& inputs) {
  const LowRank& of = *problem.low_rank;
  const std::size_t C = problem.network.classes;
  const auto [h, s] = features(k, problem.network, of.features, inputs.tokens);

  Real e = h;
  std::vector<Tokens> phi;
  for (std::size_t i = 0; i < of.labels.size(); ++i) {
    phi.push_back(labels_of(of.labels[i], inputs.indices));
    e = plus_rows_at(e, with(k, of.minus_tables[i]), phi[i]);
  }
  const Real w = linear_at(e, with(k, of.basis), of.of_basis);
  const Positive rest = root(positive_part(sum(square(e)) - sum(product(w, linear(w, with(k, of.left))))));

  Real centre = linear(w, with(k, of.known));
  for (std::size_t i = 0; i < phi.size(); ++i) centre = plus_rows_at(centre, with(k, of.class_tables[i]), phi[i]);
  if (s) centre = centre + *s;
  const Positive radius = repeat_columns(rest, C) * repeat_rows(with(k, of.norms), rest.rows());

  // Each input's label, then its opened classes.
  Entries exact{each(inputs.labels.size()), inputs.labels};
  exact.add(opened_of(problem.opened, inputs.indices, inputs.labels));
  Real z = linear_entries(h, exact.rows, with(k, of.features.u), exact.columns);
  if (s) z = z + entries_at(*s, exact.rows, exact.columns);
  const Real logits = replaced(near(centre, radius), exact.rows, exact.columns, z);

  const Real beyond = minus_entries(logits, inputs.labels);
  Result result;
  if (inputs.declared.loss) result.at_least.add(log_sum_exp(beyond));
  result.at_most = result.at_least;
  if (!inputs.declared.compares()) return result;
  if (C == 1) // no other logit
    result.correct_at_least = result.correct_at_most = inputs.labels.size();
  else
    result.add_inputs(largest_without(beyond, inputs.labels), inputs.declared, inputs.indices);
  return result;
}

} // namespace verifier::rules::any
