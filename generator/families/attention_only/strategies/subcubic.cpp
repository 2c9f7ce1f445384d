// subcubic@1, docs/rules/attention/subcubic.md: the paper's rule with a gap below the label, repaired.

#include "explanations/families.hpp"
#include "families/attention_only/bounds/label.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace proofmark {

namespace attention_only {

namespace {

using Gaps = std::vector<std::uint16_t>; // [V x V x n]  by label, query, free slots that do not hold the label; 0: none

struct Found {
  Gaps gaps;
  LabelSums sums;
};

// What is the same for all labels: running maxima of scores, and the spread of what queries add.
struct Shared {
  explicit Shared(const Tables& tables) : positions(tables), scores(tables.A) {
    for (Eigen::Index t = 1; t < scores.cols(); ++t) scores.col(t) = scores.col(t).cwiseMax(scores.col(t - 1));
    spread = tables.EU.rowwise().maxCoeff() - tables.EU.rowwise().minCoeff();
  }
  Positions positions;
  MatrixD scores;         // [V x V], row q: max_{t'<=t} A[q,t']
  Eigen::VectorXd spread; // [V]  h[q]
};

// What is said of the gaps of a label, row-major [V x n]; nothing where they are searched.
using SaidGaps = std::span<const std::optional<std::uint16_t>>;

// Writes the gaps of the label, and returns what they show.
LabelSum find_label(const Label& label, const Shared& shared, SaidGaps said, std::span<std::uint16_t> gaps) {
  const std::uint64_t m = label.m, n = label.tables.n;
  const Positions& positions = label.positions;
  const Upper upper(label.tables);
  std::vector<double> reach = label.largest_v; // running maxima of max v[t,w]
  for (std::uint64_t t = 1; t <= m; ++t) reach[t] = std::max(reach[t], reach[t - 1]);
  const double main = label.largest_y(m), top = label.largest_position;
  LabelSum result;
  for (std::uint64_t q = label.first_query(); q <= m; ++q) {
    const double direct = shared.spread(static_cast<Eigen::Index>(q)), alpha = direct + main;
    const bool own = q == m;
    for (std::uint64_t s = own ? 1 : 0; s + (own ? 1 : 2) <= n; ++s) {
      const double of_label = positions.low(q, n - 1 - s) + (own ? positions.last(q) : 0),
                   of_rest = positions.high(q, s) + (own ? 0 : positions.last(q));
      if (!(upper.times(1, alpha) < 0)) break;
      std::uint64_t least = 1, most = own ? m : m - q;
      if (!said.empty() && said[q * n + s]) {
        gaps[q * n + s] = *said[q * n + s]; // whatever it shows
        least = most = gaps[q * n + s];
      }
      for (std::uint64_t gap = least; gap != 0 && gap <= most; ++gap) {
        const double farthest = elementary::exp(shared.scores(q, m - gap) - label.tables.A(q, m));
        if (upper.times(of_label, alpha) +
                upper.times(of_rest * farthest, std::max(0.0, direct + top + reach[m - gap])) >=
            0)
          continue;
        gaps[q * n + s] = static_cast<std::uint16_t>(gap);
        result.correct += binomial(n - 1, s) * power(m - gap + 1, s);
        break;
      }
    }
  }
  result.correct += label.all_label_correct(upper, m);
  return result;
}

Found find(const Tables& tables, const Task& task, SaidGaps said, const LabelSumOptions& options) {
  const Shared shared(tables);
  const std::uint64_t V = task.vocabulary, n = task.context;
  Found found{Gaps(V * V * n), {std::vector<LabelSum>(V), engine}};
  for_each_label(task, options, [&](std::uint64_t m) {
    if (V > 1)
      found.sums.labels[m] =
          find_label(Label(tables, shared.positions, m), shared, said.empty() ? said : said.subspan(m * V * n, V * n),
                     std::span(found.gaps).subspan(m * V * n, V * n));
    else
      found.sums.labels[m].correct = 1;
  });
  return found;
}

Findings find(const Assignment& r) {
  const std::uint64_t V = r.task.vocabulary, n = r.task.context;
  Found found =
      find(tables(r.model), r.task, r.options.explained ? SaidGaps(r.options.explained->gaps) : SaidGaps(), r.sums);
  Witnesses witnesses;
  witnesses["gaps"] = witness<std::uint16_t>({V, V, n}, found.gaps);
  Hints hints;
  hints.gaps = std::move(found.gaps);
  return {std::move(found.sums), std::move(witnesses), std::move(hints), {subcubic.rule}};
}

} // namespace

} // namespace attention_only

const Strategy subcubic{
    .family = &attention_only_family,
    .name = "subcubic",
    .summary = "accuracy: the paper's subcubic rule, repaired, for comparison",
    .rule = {.name = "subcubic@1", .loss = false},
    .check = take_no_options,
    .seconds =
        [](const Shape& shape, const StrategyOptions&, bool) {
          const auto V = static_cast<double>(shape.task.vocabulary), n = static_cast<double>(shape.task.context);
          return V * V * V * (n + 2) * 2e-9; // gaps that are tried, and tables of each label
        },
    .find = attention_only::find,
    .witness_bytes = [](const Task& task, const StrategyOptions&,
                        bool) { return Integer(2 * task.vocabulary * task.vocabulary * task.context); }};

} // namespace proofmark
