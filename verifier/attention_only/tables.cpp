#include "tables.hpp"

#include "../limits.hpp"
#include "../parallel.hpp"
#include "../reason.hpp"
#include "demands.hpp"
#include "model.hpp"

#include <algorithm>
#include <numeric>

namespace verifier::attention_only {
namespace {

std::vector<Dyadic> values(const Certificate& certificate, const std::string& name) {
  return exact_values(tensor(certificate, name), "/model/tensors/" + name, Reason::weight_not_finite);
}

// A tensor's last two dimensions are those of its matrix.
ExactMatrix matrix(const Certificate& certificate, const std::string& name) {
  const auto& shape = tensor(certificate, name).shape;
  return exact_matrix(values(certificate, name), shape[shape.size() - 2], shape.back());
}
ExactMatrix transpose(const Certificate& certificate, const std::string& name) {
  const auto& shape = tensor(certificate, name).shape;
  return exact_transpose(values(certificate, name), shape[shape.size() - 2], shape.back());
}

void require_in_range(const Real& entry, const std::string& table, std::size_t row) {
  Real most, least;
  mpfr_set_ui_2exp(most.get(), 1, limits::logit_range_log2, MPFR_RNDD); // exact
  mpfr_neg(least.get(), most.get(), MPFR_RNDD);                         // exact
  if (!mpfr_lessequal_p(entry.get(), most.get()) || !mpfr_greaterequal_p(entry.get(), least.get()))
    fail(Reason::limit_logit_range, "/model/tensors",
         "entries of the tables within 2^" + std::to_string(limits::logit_range_log2),
         "a larger one in row " + std::to_string(row) + " of " + table);
}

ExactMatrix in_range(ExactMatrix matrix, const std::string& table) {
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (const Real& entry : matrix.row(i)) require_in_range(entry, table, i);
  return matrix;
}

// Scores over sqrt(h): the quotient is largest by the smaller root where the score is positive, by the larger one where it
// is negative.
IntervalMatrix divided_by_root(const ExactMatrix& scores, std::uint64_t h, const std::string& table) {
  Interval root;
  mpfr_sqrt_ui(root.lo.get(), h, MPFR_RNDD);
  mpfr_sqrt_ui(root.hi.get(), h, MPFR_RNDU);
  IntervalMatrix result(scores.rows, scores.columns);
  for (std::size_t i = 0; i < scores.rows; ++i)
    for (std::size_t j = 0; j < scores.columns; ++j) {
      const mpfr_srcptr score = scores.at(i, j).get();
      const bool negative = mpfr_sgn(score) < 0;
      Interval& quotient = result.at(i, j);
      mpfr_div(quotient.lo.get(), score, negative ? root.lo.get() : root.hi.get(), MPFR_RNDD);
      mpfr_div(quotient.hi.get(), score, negative ? root.hi.get() : root.lo.get(), MPFR_RNDU);
      require_in_range(quotient.lo, table, i);
      require_in_range(quotient.hi, table, i);
    }
  return result;
}

std::vector<Top> tops(const ExactMatrix& matrix) {
  std::vector<Top> result(matrix.rows, Top{0, 0});
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const auto row = matrix.row(i);
    Top& top = result[i];
    for (Token w = 1; w < row.size(); ++w) {
      if (mpfr_greater_p(row[w].get(), row[top.first].get()))
        top = {w, top.first};
      else if (top.second == top.first || mpfr_greater_p(row[w].get(), row[top.second].get()))
        top.second = w;
    }
  }
  return result;
}

void set_position_sums(Tables& tables, Token q) {
  const std::size_t free = tables.context - 1;
  std::vector<const Interval*> rising(free);
  for (std::size_t p = 0; p < free; ++p) rising[p] = &tables.b.at(q, p);
  std::vector<const Interval*> falling = rising;
  std::ranges::sort(rising, [](auto x, auto y) { return mpfr_less_p(x->lo.get(), y->lo.get()) != 0; });
  std::ranges::sort(falling, [](auto x, auto y) { return mpfr_greater_p(x->hi.get(), y->hi.get()) != 0; });
  for (std::size_t x = 1; x <= free; ++x) { // the sum of no slots is 0, as made
    const Interval& before = tables.position_sums.at(q, x - 1);
    Interval& sum = tables.position_sums.at(q, x);
    mpfr_add(sum.lo.get(), before.lo.get(), rising[x - 1]->lo.get(), MPFR_RNDD);
    mpfr_add(sum.hi.get(), before.hi.get(), falling[x - 1]->hi.get(), MPFR_RNDU);
  }
}

void set_highest_scores(Tables& tables, Token q) {
  const std::size_t V = tables.vocabulary;
  for (std::size_t t = 0; t < V; ++t) {
    Real& highest = tables.highest_scores[q * V + t];
    highest = tables.A.at(q, t).hi;
    if (t > 0) raise(highest, tables.highest_scores[q * V + t - 1]);
  }
}

void set_weight_sums(Tables& tables, Token q) {
  const std::size_t V = tables.vocabulary;
  for (std::size_t t = 0; t < V; ++t) {
    Real& sum = tables.weight_sums[q * V + t];
    mpfr_exp(sum.get(), tables.A.at(q, t).hi.get(), MPFR_RNDU);
    if (t > 0) mpfr_add(sum.get(), sum.get(), tables.weight_sums[q * V + t - 1].get(), MPFR_RNDU);
  }
}

void set_direct_range(Tables& tables, Token q) {
  const auto row = tables.EU.row(q);
  const auto [least, largest] =
      std::ranges::minmax_element(row, [](const Real& x, const Real& y) { return mpfr_less_p(x.get(), y.get()) != 0; });
  mpfr_sub(tables.direct_ranges[q].get(), largest->get(), least->get(), MPFR_RNDU);
}

} // namespace

Interval Tables::weight(Token q, Token t, Token m) const {
  if (t == m) return exactly(1);
  Interval difference;
  mpfr_sub(difference.lo.get(), A.at(q, t).lo.get(), A.at(q, m).hi.get(), MPFR_RNDD);
  mpfr_sub(difference.hi.get(), A.at(q, t).hi.get(), A.at(q, m).lo.get(), MPFR_RNDU);
  return exp(difference);
}

Real Tables::largest_weight_below(Token f, Token q, Token m) const {
  Real weight;
  mpfr_sub(weight.get(), highest_scores[q * vocabulary + f - 1].get(), A.at(q, m).lo.get(), MPFR_RNDU);
  mpfr_exp(weight.get(), weight.get(), MPFR_RNDU);
  return weight;
}

Real Tables::weight_sum_below(Token f, Token q, Token m) const {
  Real own, sum;
  mpfr_neg(own.get(), A.at(q, m).lo.get(), MPFR_RNDU); // exact
  mpfr_exp(own.get(), own.get(), MPFR_RNDU);
  mpfr_mul(sum.get(), weight_sums[q * vocabulary + f - 1].get(), own.get(), MPFR_RNDU);
  return sum;
}

Tables make_tables(const Certificate& certificate, unsigned threads) {
  const std::size_t V = certificate.task.vocabulary, n = certificate.task.context;
  const ExactMatrix E = matrix(certificate, embedding_name), P = matrix(certificate, positions_name);
  const ExactMatrix X = plus_row(E, P.row(n - 1), P.span);
  // Products in the order that needs the fewest operations; what the sums are does not depend on it.
  const ExactMatrix U = transpose(certificate, unembedding_name); // [V x d], row w
  ExactMatrix EU = in_range(times_transposed(X, U, threads), "EU");
  const ExactMatrix outputs = times_transposed(U, matrix(certificate, output_name), threads); // (W_O U)ᵀ [V x h]
  const ExactMatrix W_V = transpose(certificate, value_name);                                 // [h x d]
  ExactMatrix OV = in_range(times_transposed(times_transposed(E, W_V, threads), outputs, threads), "OV");
  ExactMatrix PO = in_range(times_transposed(times_transposed(P, W_V, threads), outputs, threads), "PO");
  const ExactMatrix queries = times_transposed(X, transpose(certificate, query_name), threads); // [V x h]
  const ExactMatrix W_K = transpose(certificate, key_name);
  const std::uint64_t h = widths(certificate).head;
  const auto scores = [&](const ExactMatrix& keys_of, const std::string& table) {
    return divided_by_root(times_transposed(queries, times_transposed(keys_of, W_K, threads), threads), h, table);
  };
  Tables tables{.vocabulary = V,
                .context = n,
                .EU = std::move(EU),
                .OV = std::move(OV),
                .PO = std::move(PO),
                .A = scores(E, "A"),
                .B = scores(P, "B"),
                .b = IntervalMatrix(V, n),
                .position_sums = IntervalMatrix(V, n),
                .EU_top = {},
                .OV_top = {},
                .highest_scores = std::vector<Real>(V * V),
                .weight_sums = std::vector<Real>(needs_weight_sums(certificate) ? V * V : 0),
                .direct_ranges = std::vector<Real>(V)};
  tables.EU_top = tops(tables.EU);
  tables.OV_top = tops(tables.OV);
  for_each_index(V, threads, [&] {
    return [&](std::size_t row) {
      const auto q = static_cast<Token>(row);
      for (std::size_t p = 0; p < n; ++p) tables.b.at(q, p) = exp(tables.B.at(q, p));
      set_position_sums(tables, q);
      set_highest_scores(tables, q);
      if (!tables.weight_sums.empty()) set_weight_sums(tables, q);
      set_direct_range(tables, q);
    };
  });
  return tables;
}

Operations tables_cost(const Certificate& certificate) {
  const std::uint64_t V = certificate.task.vocabulary, n = certificate.task.context;
  const auto [d, h] = widths(certificate);
  Operations operations;
  operations.read += 2 * V * d + n * d + 4 * d * h;
  operations.add += V * d;     // X
  operations.mul += V * V * d; // EU
  operations.add += V * V * (d - 1);
  operations.mul += d * d * h + d * d * V + V * V * d + n * V * d; // W_V W_O, times U; OV, PO
  operations.add += d * d * (h - 1) + d * V * (d - 1) + V * V * (d - 1) + n * V * (d - 1);
  operations.mul += 2 * V * d * h + n * d * h + V * V * h + n * V * h; // queries, keys, their products
  operations.add += 2 * V * h * (d - 1) + n * h * (d - 1) + V * V * (h - 1) + n * V * (h - 1);
  operations.sqrt += 2;
  operations.div += 2 * (V * V + n * V);
  operations.exp += 2 * n * V;
  if (n >= 2) { // position intervals
    operations.compare += V * ((n - 1) * (n - 2) / 2);
    operations.add += 2 * V * (n - 2);
  }
  if (needs_tops(certificate)) operations.compare += 4 * V * (V - 1);
  if (needs_highest_scores(certificate)) operations.compare += V * (V - 1);
  if (needs_weight_sums(certificate)) {
    operations.exp += V * V;
    operations.add += V * (V - 1);
  }
  if (needs_direct_ranges(certificate)) {
    operations.compare += V * (V - 1);
    operations.add += V;
  }
  return operations;
}

} // namespace verifier::attention_only
