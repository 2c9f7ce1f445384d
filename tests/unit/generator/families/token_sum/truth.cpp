#include "families/token_sum/truth.hpp"

#include "models/tensors.hpp"

#include <algorithm>

namespace proofmark::test {

std::vector<Rational> exact_logits(const Model& model) {
  const std::uint64_t V = model.vocabulary, d = model.width;
  const MatrixD e = exact_values(tensor(model, token_sum::embedding)),
                w = exact_values(tensor(model, token_sum::linear)),
                u = exact_values(tensor(model, token_sum::unembedding));
  const auto at = [](const MatrixD& x, std::uint64_t i, std::uint64_t j) {
    return Rational(x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)));
  };
  std::vector<Rational> m(V * V);
  for (std::uint64_t a = 0; a < V; ++a) {
    std::vector<Rational> p(d);
    for (std::uint64_t j = 0; j < d; ++j)
      for (std::uint64_t i = 0; i < d; ++i)
        p[j] += at(e, i, a) * at(w, j, i); // E = embedding.weightT, W = linear.weightT
    for (std::uint64_t k = 0; k < V; ++k)
      for (std::uint64_t j = 0; j < d; ++j) m[a * V + k] += p[j] * at(u, k, j);
  }
  return m;
}

std::vector<Truth> truth(const Model& model, std::uint64_t context) {
  const std::uint64_t V = model.vocabulary;
  const std::vector<Rational> m = exact_logits(model);
  std::vector<Truth> result(V);
  std::vector<std::uint64_t> input(context, 0);
  for (bool more = true; more;) {
    const std::uint64_t y = *std::max_element(input.begin(), input.end());
    std::vector<Rational> logits(V);
    for (const std::uint64_t token : input)
      for (std::uint64_t k = 0; k < V; ++k) logits[k] += m[token * V + k];
    Real sum = 0;
    bool correct = true;
    for (std::uint64_t k = 0; k < V; ++k) {
      sum += exp(real(Rational(logits[k] - logits[y])));
      correct = correct && (k == y || logits[k] < logits[y]);
      const Rational margin = logits[y] - logits[k];
      if (k != y && (!result[y].margin || margin < *result[y].margin)) result[y].margin = margin;
    }
    result[y].loss += log(sum);
    result[y].correct += correct ? 1 : 0;
    std::size_t position = 0; // the next input
    while (position < context && ++input[position] == V) input[position++] = 0;
    more = position < context;
  }
  return result;
}

Real lower(const Interval& x) {
  Real result;
  mpfr_set(result.backend().data(), x.backend().left_data(), MPFR_RNDN); // wider than 250 bits: exact
  return result;
}

Real upper(const Interval& x) {
  Real result;
  mpfr_set(result.backend().data(), x.backend().right_data(), MPFR_RNDN);
  return result;
}

Real real(const Rational& x) {
  return Real(Integer(numerator(x))) / Real(Integer(denominator(x)));
}

bool contains(const Interval& x, const Real& truth) {
  const Real room = (abs(truth) + 1) * Real("1e-100");
  return lower(x) - room <= truth && truth <= upper(x) + room;
}

} // namespace proofmark::test
