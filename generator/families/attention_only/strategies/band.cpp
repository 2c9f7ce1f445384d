// band@1, docs/rules/attention/band.md: one test for each token.

#include "families/attention_only/bounds/near_far_search.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace attention_only {

namespace {

// The tests of a query are those of the label, of the far tokens where there are some, and of each near token.
class BandTests : public SlotTests {
public:
  BandTests(const Label& label, std::uint64_t near)
      : label_(label), upper_(label.tables), near_(near), weights_(query_weights(label, near)) {}

  Passed passed(const Column& column) const override {
    Passed result;
    const Positions& positions = label_.positions;
    for (std::uint64_t q = label_.first_query(); q <= label_.m; ++q) {
      const QueryWeights& w = weights_[q - label_.first_query()];
      const std::uint64_t others = label_.tables.n - (q < label_.m ? 2 : 1);
      const double low = positions.low(q, others), high = positions.high(q, others);
      double base = upper_.times(positions.last(q), column.main[q]);
      if (q < label_.m)
        base = upper_.times(w.own, column.u[q] + column.y[q]) +
               upper_.times(positions.low(q, 1), positions.high(q, 1), column.main[q]);
      result.push_back(base + upper_.times(low, high, column.main[q]) < 0);
      if (far() > 0)
        result.push_back(base + high * upper_.times(w.farthest, std::max(0.0, column.u[q] + column.far)) < 0);
      for (std::uint64_t k = 0; k < near_; ++k)
        result.push_back(base + upper_.times(w.near[k] * low, w.near[k] * high, column.u[q] + column.y[far() + k]) < 0);
    }
    return result;
  }

  Integer correct(const Passed& passed) const override {
    Integer sum;
    tally(passed, [&](std::uint64_t tokens, bool below) {
      sum += power(tokens, label_.tables.n - 1) - (below ? power(tokens - 1, label_.tables.n - 1) : Integer(0));
    });
    return sum;
  }

  double roughly_correct(const Passed& passed) const override {
    double sum = 0;
    const std::uint64_t free = label_.tables.n - 1;
    tally(passed, [&](std::uint64_t tokens, bool below) {
      const auto a = static_cast<double>(tokens);
      sum += elementary::power(a, free) - (below ? elementary::power(a - 1, free) : 0);
    });
    return sum;
  }

private:
  std::uint64_t far() const { return label_.m - near_; }

  // Calls each(how many tokens pass, whether the query is below the label) where the label passes.
  template <class Each>
  void tally(const Passed& passed, const Each& each) const {
    std::size_t i = 0;
    for (std::uint64_t q = label_.first_query(); q <= label_.m; ++q) {
      const bool label_passes = passed[i++];
      std::uint64_t tokens = 1;
      if (far() > 0 && passed[i++]) tokens += far();
      for (std::uint64_t k = 0; k < near_; ++k) tokens += passed[i++];
      if (label_passes) each(tokens, q < label_.m);
    }
  }

  const Label& label_;
  Upper upper_;
  std::uint64_t near_;
  std::vector<QueryWeights> weights_;
};

std::unique_ptr<SlotTests> band_tests(const Label& label, std::uint64_t near) {
  return std::make_unique<BandTests>(label, near);
}

} // namespace

} // namespace attention_only

const Strategy band{.family = &attention_only_family,
                    .name = "band",
                    .summary = "accuracy: one test for each token near the label",
                    .rule = {.name = "band@1", .loss = false},
                    .check = attention_only::check_near_far,
                    .hints = attention_only::near_far_hints,
                    .seconds =
                        [](const Shape& shape, const StrategyOptions& options, bool) {
                          return attention_only::near_far_seconds(shape, options,
                                                                  [](double, double near) { return near + 2; });
                        },
                    .find =
                        [](const Assignment& r) {
                          return attention_only::near_far_findings(r, band.rule, attention_only::band_tests);
                        }};

} // namespace proofmark
