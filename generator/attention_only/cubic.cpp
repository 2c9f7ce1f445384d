// cubic@1, docs/rules/attention/cubic.md: the paper's rule, every token below the label mixed.

#include "../strategies/strategy.hpp"
#include "label.hpp"
#include "operations.hpp"

#include <algorithm>

namespace proofmark {

namespace attention_only {

namespace {

struct OfLabel {
  Integer correct;
  double largest_margin;
};

OfLabel find_label(const Label& label) {
  const std::uint64_t m = label.m, n = label.tables.n;
  const Positions& positions = label.positions;
  const Upper upper(label.tables);
  std::vector<double> y;
  for (std::uint64_t t = 0; t <= m; ++t) y.push_back(label.largest_y(t));
  const std::vector<double>& u = label.largest_u;
  OfLabel result{0, *std::max_element(u.begin(), u.end()) + *std::max_element(y.begin(), y.end())};
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
    for (std::uint64_t s = 1; s <= most; ++s) result.correct += binomial(n - 1, s) * power(passing[s], s);
    result.correct += label.all_label_correct(upper, q);
  }
  return result;
}

Operations operations(const Task& task, std::uint64_t label) {
  const Integer n = task.context, m = label, W = task.vocabulary - 1;
  Operations count;
  if (W == 0) {
    count.add = 1;
    return count;
  }
  count.add = n * W + 3 * (m + 1) * W + 3;
  count.compare = (n - 1) * W + 2 * (m + 1) * (W - 1) + 2 * (m + 1) + 1;
  count.mul = count.log = 1;
  const auto query = [&](bool below, const Integer& queries) {
    const Integer most = n - (below ? 2 : 1);
    Operations each;
    each.add = (below ? 5 : 2) + (most >= 1 ? Integer(m * (4 + most)) : Integer(0)) + most + W * (2 * n + 1) + 1;
    each.mul = (below ? 4 : 2) + (most >= 1 ? Integer(m * (1 + most)) : Integer(0)) + 3 * most + n * W;
    each.compare = 2 + (most >= 1 ? Integer(m * (2 + most)) : Integer(0)) + (n + 1) * W;
    each.exp = (below ? 2 : 0) + (most >= 1 ? Integer(2 * m) : Integer(0));
    count += times(queries, each);
  };
  query(false, 1);
  if (n > 1) query(true, m);
  return count;
}

RuleInUse rule(const Task& task) {
  return {"cubic@1", false, {}, [task](LabelRange labels, bool) {
            Operations sum;
            for (std::uint64_t m = labels.from; m < labels.to; ++m) sum += operations(task, m);
            return sum;
          }};
}

Plan plan(const PlanRequest& r) {
  const Tables t = tables(std::get<AttentionOnlyModel>(r.model));
  const Positions positions(t);
  LabelSums sums{std::vector<LabelSum>(t.V), engine};
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    const OfLabel found = t.V > 1 ? find_label(Label(t, positions, m)) : OfLabel{1, 0};
    sums.labels[m].correct = found.correct;
    sums.labels[m].loss = trivial_loss(t, m, found.largest_margin);
  });
  return {std::move(sums), {}, {rule(r.task)}, {}};
}

} // namespace

} // namespace attention_only

const Strategy cubic{Family::attention_only,
                     "cubic",
                     "accuracy: the paper's cubic rule, for comparison",
                     false,
                     false,
                     false,
                     nullptr,
                     take_no_options,
                     nullptr,
                     [](const Task& task, const StrategyOptions&, bool) {
                       return attention_only::rule(task).operations({0, task.vocabulary}, true);
                     },
                     [](const Shape& shape, const StrategyOptions&, bool) {
                       const auto V = static_cast<double>(shape.task.vocabulary),
                                  n = static_cast<double>(shape.task.context);
                       return V * V * V * (n + 2) * 1e-9; // tests of tokens, and tables of each label
                     },
                     attention_only::plan};

} // namespace proofmark
