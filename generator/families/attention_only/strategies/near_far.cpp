// near-far@1, docs/rules/attention/near-far.md: what each slot holds is the label, a near token or a far one.

#include "families/attention_only/bounds/near_far_search.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace attention_only {

namespace {

// A cell of near-far@1: so many free slots on the label, on near tokens, on far ones.
struct Cell {
  std::uint64_t of_label, near, far;
};

class NearFarTests : public SlotTests {
public:
  NearFarTests(const Label& label, std::uint64_t near)
      : label_(label), upper_(label.tables), near_(near), weights_(query_weights(label, near)),
        below_(cells(label.tables.n, 1)), own_(cells(label.tables.n, 0)) {}

  Passed passed(const Column& column) const override {
    Passed result;
    for (std::uint64_t q = label_.first_query(); q <= label_.m; ++q) test(column, q, result);
    return result;
  }

  Integer correct(const Passed& passed) const override {
    Integer sum;
    tally(passed, [&](const Cell& cell, std::uint64_t passing, std::uint64_t times) {
      sum += placements(cell) * (cell.near > 0 ? power(passing, cell.near) : Integer(passing)) *
             power(label_.m - near_, cell.far) * times;
    });
    return sum;
  }

  double roughly_correct(const Passed& passed) const override {
    double sum = 0;
    tally(passed, [&](const Cell& cell, std::uint64_t passing, std::uint64_t times) {
      sum += placements(cell).convert_to<double>() * static_cast<double>(times) *
             elementary::power(static_cast<double>(passing), std::max<std::uint64_t>(cell.near, 1)) *
             elementary::power(static_cast<double>(label_.m - near_), cell.far);
    });
    return sum;
  }

private:
  std::vector<Cell> cells(std::uint64_t n, std::uint64_t least_of_label) const {
    std::vector<Cell> result;
    for (std::uint64_t x = least_of_label; x < n; ++x)
      for (std::uint64_t s = 0; x + s < n; ++s) {
        const Cell cell{x, s, n - 1 - x - s};
        if ((cell.near == 0 || near_ > 0) && (cell.far == 0 || label_.m > near_)) result.push_back(cell);
      }
    return result;
  }

  const std::vector<Cell>& cells_of(std::uint64_t q) const { return q < label_.m ? below_ : own_; }
  std::uint64_t tests_of(const Cell& cell) const { return cell.near > 0 ? near_ : 1; }

  Integer placements(const Cell& cell) const {
    const std::uint64_t free = label_.tables.n - 1;
    return binomial(free, cell.of_label) * binomial(free - cell.of_label, cell.near);
  }

  void test(const Column& column, std::uint64_t q, Passed& result) const {
    const Positions& positions = label_.positions;
    const QueryWeights& w = weights_[q - label_.first_query()];
    const auto low = positions.low.row(q), high = positions.high.row(q);
    const double own = q == label_.m ? upper_.times(positions.last(q), column.main[q])
                                     : upper_.times(w.own, column.u[q] + column.y[q]);
    const double far = upper_.times(w.farthest, std::max(0.0, column.u[q] + column.far));
    const std::uint64_t first_near = label_.m - near_;
    for (const Cell& cell : cells_of(q)) {
      double base = own;
      if (cell.of_label > 0) base += upper_.times(low(cell.of_label), high(cell.of_label), column.main[q]);
      if (cell.far > 0) base += high(cell.far) * far;
      if (cell.near == 0) result.push_back(base < 0);
      for (std::uint64_t k = 0; cell.near > 0 && k < near_; ++k) {
        const double r = w.near[k], y = column.u[q] + column.y[first_near + k];
        result.push_back(base + upper_.times(r * low(cell.near), r * high(cell.near), y) < 0);
      }
    }
  }

  // Calls each(cell, how many near tokens pass or whether the cell does, for how many queries).
  template <class Each>
  void tally(const Passed& passed, const Each& each) const {
    std::size_t from = 0;
    const auto count = [&](const Cell& cell) {
      const std::size_t to = from + tests_of(cell);
      std::uint64_t sum = 0;
      for (; from < to; ++from) sum += passed[from];
      return sum;
    };
    std::vector<std::vector<std::uint64_t>> queries(below_.size(),
                                                    std::vector<std::uint64_t>(std::max<std::uint64_t>(near_, 1) + 1));
    for (std::uint64_t q = label_.first_query(); q < label_.m; ++q)
      for (std::size_t i = 0; i < below_.size(); ++i) ++queries[i][count(below_[i])];
    for (std::size_t i = 0; i < below_.size(); ++i)
      for (std::size_t passing = 1; passing < queries[i].size(); ++passing)
        if (queries[i][passing] > 0) each(below_[i], passing, queries[i][passing]);
    for (const Cell& cell : own_)
      if (const std::uint64_t passing = count(cell); passing > 0) each(cell, passing, 1);
  }

  const Label& label_;
  Upper upper_;
  std::uint64_t near_;
  std::vector<QueryWeights> weights_;
  std::vector<Cell> below_, own_; // of queries below the label, and of the label as query
};

std::unique_ptr<SlotTests> near_far_tests(const Label& label, std::uint64_t near) {
  return std::make_unique<NearFarTests>(label, near);
}

} // namespace

} // namespace attention_only

const Strategy near_far{.family = &attention_only_family,
                        .name = "near-far",
                        .summary = "accuracy: the label, near and far tokens; nearly all of it, in a short proof",
                        .rule = {.name = "near-far@1", .loss = false},
                        .check = attention_only::check_near_far,
                        .hints = attention_only::near_far_hints,
                        .seconds =
                            [](const Shape& shape, const StrategyOptions& options, bool) {
                              return attention_only::near_far_seconds(
                                  shape, options, [](double n, double near) { return n + near * n * n / 2; });
                            },
                        .find =
                            [](const Assignment& r) {
                              return attention_only::near_far_findings(r, near_far.rule,
                                                                       attention_only::near_far_tests);
                            }};

} // namespace proofmark
