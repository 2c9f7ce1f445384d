// enumeration@1 of the family attention-only: every input. Both sides, exact.
//
// Theorem. With W_p = r_(x_p) b_p and y_p = u[q] + v[x_p] + π[p], an input x with query q and label m has the margins
// Δ = sum_p W_p y_p / sum_p W_p, one for each wrong output; its loss is ln(1 + sum_w exp Δ_w), and it is correct iff Δ_w < 0
// for every w (L1). Proof: docs/rules/attention/enumeration.md.
#include "relative.hpp"

#include <algorithm>

namespace verifier::rules::attention {
namespace {

// A walk over the tokens of the free positions of one query; the tokens of one of the last two are the rows of a tensor.
struct Walk {
  Token m;
  bool correct;
  std::vector<Positive> W; // of each free position [m+1 x 1]
  std::vector<Real> C;     // of each free position [m+1 x outputs] W_p y_p
  Result& result;

  // `p` free positions are filled, with the query's they sum to N [1 x outputs] and D [1 x 1].
  void descend(std::size_t p, bool has_label, const Real& N, const Positive& D) {
    const std::size_t left = W.size() - p;
    if (left == 0) return close(N, D);
    if (left == 1) return close_position(p, has_label ? 0 : m, m + 1, N, D);
    if (left == 2 && !has_label) { // one of the two is the label: the last, or this one
      close_position(p, 0, m, N + row(C[p + 1], m), D + row(W[p + 1], m));
      return descend(p + 1, true, N + row(C[p], m), D + row(W[p], m));
    }
    for (Token t = 0; t <= m; ++t) descend(p + 1, has_label || t == m, N + row(C[p], t), D + row(W[p], t));
  }
  // Tokens from .. to-1 in position p, all others being filled: a row each.
  void close_position(std::size_t p, Token from, Token to, const Real& N, const Positive& D) {
    if (from < to) close(plus_row(rows(C[p], from, to), N), rows(W[p], from, to) + repeat_rows(D, to - from));
  }
  void close(const Real& N, const Positive& D) {
    const Real margins = weighed(inverse(D), N);
    result.at_least.add(log_one_plus_sum_exp(margins));
    if (!correct) return;
    const Real worst = largest(margins);
    const std::vector<bool> right = negative(worst), wrong = not_negative(worst);
    result.correct_at_least += std::count(right.begin(), right.end(), true);
    result.correct_at_most += std::count(wrong.begin(), wrong.end(), false);
    result.margin.add(spread(number(worst.kernel(), 0), worst.shape()) - worst);
  }
};

} // namespace

Result enumeration(Kernel& k, const Problem& problem, Token m) {
  const std::size_t last = problem.n - 1;
  const Outputs of(k, problem, m);
  const Tokens wrong = wrong_outputs(problem, m);
  const Real u = of.u(wrong, 0, m + 1), v = of.v(wrong, 0, m + 1), pi = of.pi(wrong);
  Result result;
  for (const Queries& some : queries(problem, m, 1)) {
    const PositionWeights weights(k, problem, m, some);
    const Positive r = weights.r(0, m + 1);
    for (Token q = some.from; q < some.to; ++q) {
      const std::size_t i = q - some.from;
      Walk walk{m, problem.correct, {}, {}, result};
      for (std::size_t p = 0; p < last; ++p) {
        walk.W.push_back(transposed(row(r, i)) * repeat_rows(row(weights.b(p), i), m + 1));
        walk.C.push_back(weighed(walk.W[p], plus_row(v, row(u, q) + row(pi, p))));
      }
      const Positive own = row(weights.own(), i);
      walk.descend(0, q == m, weighed(own, row(u, q) + row(v, q) + row(pi, last)), own);
    }
  }
  result.at_most = result.at_least;
  return result;
}

} // namespace verifier::rules::attention
