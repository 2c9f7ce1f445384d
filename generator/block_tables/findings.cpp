#include "block_tables/findings.hpp"

#include "block_tables/witnesses.hpp"
#include "numbers/compensated_sum.hpp"
#include "numbers/elementary.hpp"
#include "numbers/grid.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <limits>

namespace proofmark::block_tables {

namespace {

struct RowSum {
  CompensatedSum lower, upper;          // of the losses
  std::uint64_t correct = 0, wrong = 0; // beyond doubt
  double margin = std::numeric_limits<double>::infinity();
};

// The inputs of a left symbol; `opened` are those of the row.
RowSum sum_of(const Additive& network, const Bounds& bounds, std::size_t x, std::span<const std::uint16_t> labels,
              std::span<const opened::Pair> opened, double room) {
  Differences d = differences(bounds, x, labels);
  Exactly exactly(network, x);
  for (const opened::Pair& pair : opened) {
    const std::size_t y = pair.input - x * labels.size();
    const auto row = static_cast<Eigen::Index>(y);
    d.lower(row, pair.one) = d.upper(row, pair.one) = exactly(y, pair.one, labels[y]);
  }
  RowSum result;
  for (std::size_t y = 0; y < labels.size(); ++y) {
    const auto row = static_cast<Eigen::Index>(y);
    double lowest = -std::numeric_limits<double>::infinity(), highest = lowest;
    for (Eigen::Index c = 0; c < d.upper.cols(); ++c)
      if (c != labels[y]) {
        lowest = std::max(lowest, d.lower(row, c)), highest = std::max(highest, d.upper(row, c));
      }
    result.margin = std::min(result.margin, -highest);
    if (highest < -room) ++result.correct;
    if (lowest > room) ++result.wrong;
  }
  for (MatrixD* ends : {&d.lower, &d.upper}) {
    CompensatedSum& sum = ends == &d.lower ? result.lower : result.upper;
    for (Eigen::Index y = 0; y < ends->rows(); ++y) { // ln sum exp of the row: its label's entry is 0
      const double largest = std::max(0.0, ends->row(y).maxCoeff());
      Eigen::RowVectorXd terms = ends->row(y).array() - largest;
      elementary::replace_by_exp(terms.data(), terms.size());
      double others = 0;
      for (Eigen::Index c = 0; c < terms.size(); ++c)
        if (largest > 0 || c != labels[static_cast<std::size_t>(y)]) others += terms[c];
      sum.add(largest > 0 ? largest + elementary::log(others) : elementary::log1p(others));
    }
  }
  return result;
}

} // namespace

NetworkFindings findings(const NetworkAssignment& asked, const Additive& network, const LabelsOfInputs& labels,
                         const Found& found) {
  const auto rows = static_cast<std::size_t>(network.left.rows()),
             symbols = static_cast<std::size_t>(network.right.rows());
  const Length length(asked.model.network, asked.task.domain, found.form, asked.stated);
  const Bounds bounds(network, found.form);
  const double room = block_tables::room(network);
  const auto opened_from = [&](std::uint64_t input) {
    return std::lower_bound(found.opened.begin(), found.opened.end(), opened::Pair{input, 0});
  };
  const auto opened_of = [&](std::uint64_t from, std::uint64_t to) {
    return std::span<const opened::Pair>(opened_from(from), opened_from(to));
  };
  std::vector<RowSum> sums(rows);
  for_each_piece(rows, asked.threads, [&](std::size_t x) {
    sums[x] = sum_of(network, bounds, x, std::span(labels).subspan(x * symbols, symbols),
                     opened_of(x * symbols, (x + 1) * symbols), room);
  });

  NetworkFindings result;
  result.tables = length.tables();
  for (const InputRange& range : asked.steps) {
    StepFindings step;
    Rational lower, upper;
    double margin = std::numeric_limits<double>::infinity();
    std::uint64_t correct = 0, wrong = 0;
    for (std::size_t x = range.from / symbols; x < range.to / symbols; ++x) {
      lower += sums[x].lower.value(), upper += sums[x].upper.value();
      margin = std::min(margin, sums[x].margin);
      correct += sums[x].correct, wrong += sums[x].wrong;
    }
    const std::uint64_t inputs = range.to - range.from;
    const Rational off = exactly(static_cast<double>(inputs) * (room + rounding_of_a_loss(network)));
    step.lo = std::max(Rational(0), on_grid(lower - off, Direction::down));
    step.hi = on_grid(upper + off, Direction::up);
    step.least = correct, step.most = inputs - wrong;
    if (network.bias.size() > 1) step.margin = on_grid(exactly(margin - room), Direction::down);
    const opened::Counts counts = opened::counts_of(opened_of(range.from, range.to), symbols);
    step.operations = length.step(inputs / symbols, counts.rows, counts.inputs, counts.classes);
    result.undecided += step.most - step.least;
    result.steps.push_back(std::move(step));
  }
  result.witnesses = witnesses(found.form);
  result.witnesses.merge(opened::witnesses(found.opened));
  result.engine = "doubles";
  result.explanation = explanation(found.form);
  return result;
}

} // namespace proofmark::block_tables
