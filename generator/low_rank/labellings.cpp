#include "low_rank/labellings.hpp"

#include "explanations/labellings.hpp"
#include "low_rank/stored.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace proofmark::low_rank {

namespace {

using Eigen::Index;

constexpr std::size_t most_positions = 8; // of which pairs are tried

struct Position {
  std::uint64_t at, from, size;
};

std::vector<Position> varying(const Domain& domain) {
  std::vector<Position> result;
  for (std::uint64_t p = 0; p < domain.positions; ++p) {
    const std::uint64_t largest = largest_token(domain, p);
    std::uint64_t least = largest;
    if (domain.is_product())
      least = domain.ranges[p].from;
    else
      for (std::size_t i = p; i < domain.list.size(); i += domain.positions)
        least = std::min<std::uint64_t>(least, domain.list[i]);
    if (largest > least && largest < std::numeric_limits<std::uint16_t>::max())
      result.push_back({p, least, largest - least + 1});
  }
  return result;
}

// Labels in the order in which they occur, so that alike partitions are the same.
std::vector<std::uint16_t> in_order(const std::vector<std::uint16_t>& labels) {
  std::vector<std::uint16_t> result, of(65536, 65535);
  std::uint16_t next = 0;
  for (const std::uint16_t label : labels) {
    if (of[label] == 65535) of[label] = next++;
    result.push_back(of[label]);
  }
  return result;
}

MatrixD means(const MatrixD& rows, const NamedLabelling& labelling) {
  const auto count = static_cast<Index>(count_of(labelling));
  MatrixD sums = MatrixD::Zero(count, rows.cols());
  Eigen::VectorXd inputs = Eigen::VectorXd::Zero(count);
  for (Index i = 0; i < rows.rows(); ++i) {
    const Index label = labelling.labels[static_cast<std::size_t>(i)];
    sums.row(label) += rows.row(i), inputs[label] += 1;
  }
  for (Index label = 0; label < count; ++label)
    if (inputs[label] > 0) sums.row(label) /= inputs[label];
  return sums;
}

void take_off(MatrixD& rest, const MatrixD& table, const NamedLabelling& labelling) {
  for (Index i = 0; i < rest.rows(); ++i) rest.row(i) -= table.row(labelling.labels[static_cast<std::size_t>(i)]);
}

// Sum of squares that a table of means takes off.
double taken(const MatrixD& rest, const NamedLabelling& labelling) {
  const MatrixD table = means(rest, labelling);
  double sum = 0;
  for (const std::uint16_t label : labelling.labels) sum += table.row(label).squaredNorm();
  return sum;
}

} // namespace

std::vector<NamedLabelling> known_labellings(const FiniteTask& task) {
  const std::vector<Position> positions = varying(task.domain);
  std::vector<NamedLabelling> result;
  const auto add = [&](const std::string& name) {
    result.push_back({name, explanations::labelling_named(name, task)});
  };
  for (const Position& p : positions) add(fmt::format("token@{}", p.at));
  for (std::size_t i = 0; i < std::min(positions.size(), most_positions); ++i)
    for (std::size_t j = i + 1; j < std::min(positions.size(), most_positions); ++j) {
      const Position &p = positions[i], &q = positions[j];
      if (p.from != 0 || q.from != 0 || p.size != q.size) continue;
      for (const char* const function : {"sum", "difference"})
        add(fmt::format("{}-modulo:{}@{},{}", function, p.size, p.at, q.at));
      for (const char* const function : {"max", "min"}) add(fmt::format("{}@{},{}", function, p.at, q.at));
    }
  add("label");
  std::vector<std::vector<std::uint16_t>> seen;
  std::erase_if(result, [&](const NamedLabelling& labelling) {
    std::vector<std::uint16_t> partition = in_order(labelling.labels);
    if (std::find(seen.begin(), seen.end(), partition) != seen.end()) return true;
    seen.push_back(std::move(partition));
    return false;
  });
  return result;
}

std::uint64_t count_of(const NamedLabelling& labelling) {
  return *std::max_element(labelling.labels.begin(), labelling.labels.end()) + std::uint64_t{1};
}

std::uint64_t Tables::all_rows() const {
  std::uint64_t sum = 0;
  for (const MatrixD& table : rows) sum += static_cast<std::uint64_t>(table.rows());
  return sum;
}

std::vector<NamedLabelling> best_labellings(const MatrixD& h, std::vector<NamedLabelling> of, std::size_t most,
                                            unsigned threads) {
  std::vector<NamedLabelling> result;
  while (result.size() < most && !of.empty()) {
    const MatrixD rest = fitted(h, result).rest;
    std::vector<double> gains(of.size());
    for_each_piece(of.size(), threads, [&](std::size_t i) { gains[i] = taken(rest, of[i]); });
    const auto best = std::max_element(gains.begin(), gains.end()) - gains.begin();
    if (gains[static_cast<std::size_t>(best)] <= 1e-6 * h.squaredNorm()) break;
    result.push_back(std::move(of[static_cast<std::size_t>(best)]));
    of.erase(of.begin() + best);
  }
  return result;
}

Tables fitted(const MatrixD& h, std::vector<NamedLabelling> labellings) {
  constexpr int rounds = 6;
  Tables result{std::move(labellings), {}, h};
  for (const NamedLabelling& labelling : result.labellings)
    result.rows.push_back(MatrixD::Zero(static_cast<Index>(count_of(labelling)), h.cols()));
  for (int round = 0; round < (result.rows.size() > 1 ? rounds : 1); ++round)
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
      const MatrixD more = means(result.rest, result.labellings[i]);
      result.rows[i] += more;
      take_off(result.rest, more, result.labellings[i]);
    }
  result.rest = h;
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    result.rows[i] = as_stored(result.rows[i]);
    take_off(result.rest, result.rows[i], result.labellings[i]);
  }
  return result;
}

} // namespace proofmark::low_rank
