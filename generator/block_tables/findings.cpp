#include "block_tables/findings.hpp"

#include "block_tables/witnesses.hpp"
#include "opened/declared.hpp"
#include "support/parallel.hpp"

#include <algorithm>

namespace proofmark::block_tables {

namespace {

// The inputs of a left symbol; `opened` are those of the row.
opened::Declared declared(const Additive& network, const Bounds& bounds, std::size_t x,
                          std::span<const std::uint16_t> labels, std::span<const opened::Pair> opened, double room) {
  Differences d = differences(bounds, x, labels);
  Exactly exactly(network, x);
  for (const opened::Pair& pair : opened) {
    const std::size_t y = pair.input - x * labels.size();
    const auto row = static_cast<Eigen::Index>(y);
    d.lower(row, pair.one) = d.upper(row, pair.one) = exactly(y, pair.one, labels[y]);
  }
  opened::Declared result;
  const auto classes = static_cast<std::size_t>(d.upper.cols());
  for (std::size_t y = 0; y < labels.size(); ++y)
    result.add({d.lower.data() + y * classes, classes}, {d.upper.data() + y * classes, classes}, labels[y], room);
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
  std::vector<opened::Declared> sums(rows);
  for_each_piece(rows, asked.threads, [&](std::size_t x) {
    sums[x] = declared(network, bounds, x, std::span(labels).subspan(x * symbols, symbols),
                       opened_of(x * symbols, (x + 1) * symbols), room);
  });

  NetworkFindings result;
  result.tables = length.tables();
  for (const InputRange& range : asked.steps) {
    opened::Declared sum;
    for (std::size_t x = range.from / symbols; x < range.to / symbols; ++x) sum.add(sums[x]);
    StepFindings step = sum.findings();
    const opened::Counts counts = opened::counts_of(opened_of(range.from, range.to), symbols);
    step.operations = length.step((range.to - range.from) / symbols, counts.rows, counts.inputs, counts.classes);
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
