// cubic@1, docs/rules/attention/cubic.md: the paper's rule, every token below the label mixed.

#include "families/attention_only/bounds/label.hpp"
#include "families/attention_only/strategies/strategies.hpp"

#include <algorithm>

namespace proofmark {

namespace attention_only {

namespace {

Integer correct_of_label(const Label& label) {
  const std::uint64_t m = label.m, n = label.tables.n;
  const Positions& positions = label.positions;
  const Upper upper(label.tables);
  std::vector<double> y;
  for (std::uint64_t t = 0; t <= m; ++t) y.push_back(label.largest_y(t));
  const std::vector<double>& u = label.largest_u;
  Integer correct;
  for (std::uint64_t q = label.first_query(); q <= m; ++q) {
    const double alpha = u[q] + y[m];
    const double base =
        upper.times(positions.low(q, n - 1), positions.high(q, n - 1), alpha) +
        (q < m ? upper.times(label.r(q, q) * positions.last(q), u[q] + y[q]) : upper.times(positions.last(q), alpha));
    const std::uint64_t most = n - (q < m ? 2 : 1);
    std::vector<std::uint64_t> passing(most + 1);
    for (std::uint64_t k = 0; most > 0 && k < m; ++k) {
      const double of_token = label.r(q, k), value = u[q] + y[k];
      for (std::uint64_t s = 1; s <= most; ++s) {
        // up([T_s] (beta - alpha)), whose factor is itself a difference: room for each part of it.
        const double low = positions.low(q, s), high = positions.high(q, s);
        const double at_low = low * of_token * value - low * alpha, at_high = high * of_token * value - high * alpha;
        const double room = upper.times(high * of_token, std::abs(value)) - high * of_token * std::abs(value) +
                            upper.times(high, std::abs(alpha)) - high * std::abs(alpha);
        if (base + std::max(at_low, at_high) + room < 0) ++passing[s];
      }
    }
    for (std::uint64_t s = 1; s <= most; ++s) correct += binomial(n - 1, s) * power(passing[s], s);
    correct += label.all_label_correct(upper, q);
  }
  return correct;
}

Findings find(const Assignment& r) {
  const Tables t = tables(r.model);
  const Positions positions(t);
  LabelSums sums{std::vector<LabelSum>(t.V), engine};
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    sums.labels[m].correct = t.V > 1 ? correct_of_label(Label(t, positions, m)) : Integer(1);
  });
  return {std::move(sums), {}, {}, {cubic.rule}};
}

} // namespace

} // namespace attention_only

const Strategy cubic{.family = &attention_only_family,
                     .name = "cubic",
                     .summary = "accuracy: the paper's cubic rule, for comparison",
                     .rule = {.name = "cubic@1", .loss = false},
                     .check = take_no_options,
                     .seconds =
                         [](const Shape& shape, const StrategyOptions&, bool) {
                           const auto V = static_cast<double>(shape.task.vocabulary),
                                      n = static_cast<double>(shape.task.context);
                           return V * V * V * (n + 2) * 1e-9; // tests of tokens, and tables of each label
                         },
                     .find = attention_only::find};

} // namespace proofmark
