#include "block_tables/groups.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace proofmark::block_tables {

namespace {

Group group_of(std::vector<std::uint32_t> neurons, const Partition& partition) {
  std::sort(neurons.begin(), neurons.end());
  return {std::move(neurons), partition.blocks, partition.count};
}

Eigen::VectorXd column_of(const MatrixD& columns, std::uint32_t neuron) {
  return columns.col(neuron);
}

// The squares of what is left of a column less the means of blocks.
double left_over(const Eigen::VectorXd& column, const Partition& partition) {
  std::vector<double> sums(partition.count), sizes(partition.count);
  for (Eigen::Index i = 0; i < column.size(); ++i) {
    const std::uint16_t block = partition.blocks[static_cast<std::size_t>(i)];
    sums[block] += column[i], sizes[block] += 1;
  }
  double result = 0;
  for (Eigen::Index i = 0; i < column.size(); ++i) {
    const std::uint16_t block = partition.blocks[static_cast<std::size_t>(i)];
    const double off = column[i] - sums[block] / sizes[block];
    result += off * off;
  }
  return result;
}

Partition one_block(Eigen::Index symbols) {
  return {Blocks(static_cast<std::size_t>(symbols)), 1};
}

Side found_groups(const MatrixD& columns, const std::vector<bool>& live, Grouping how,
                  const std::vector<std::uint32_t>& neurons) {
  struct Found {
    Partition partition;
    std::vector<std::uint32_t> neurons;
  };
  std::vector<Found> found;
  std::map<Blocks, std::size_t> places;
  for (const std::uint32_t j : neurons) {
    const Eigen::VectorXd column = column_of(columns, j);
    Partition partition =
        live[j] ? levels({column.data(), static_cast<std::size_t>(column.size())}, how.gap) : one_block(columns.rows());
    const auto [place, fresh] = places.try_emplace(partition.blocks, found.size());
    if (fresh) found.push_back({std::move(partition), {}});
    found[place->second].neurons.push_back(j);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.partition.count > b.partition.count; });
  std::vector<Found> homes;
  for (const Found& one :
       found) { // the finer ones first: a coarser one joins the first that it makes no finer, or hardly
    Partition both;
    const auto home = std::find_if(homes.begin(), homes.end(), [&](const Found& other) {
      if (one.partition.count == 1) return false;
      both = joint(other.partition, one.partition);
      return both.count <= other.partition.count + how.slack;
    });
    if (home == homes.end()) {
      homes.push_back(one);
    } else {
      home->partition = both;
      home->neurons.insert(home->neurons.end(), one.neurons.begin(), one.neurons.end());
    }
  }
  Side side;
  for (const Found& home : homes) side.push_back(group_of(home.neurons, home.partition));
  return side;
}

} // namespace

std::vector<bool> live_neurons(const Additive& network) {
  constexpr double nats = 0.05; // what a neuron adds to any logit, less its mean over the classes
  std::vector<bool> live;
  for (Eigen::Index j = 0; j < network.unembedding.rows(); ++j) {
    const double largest = network.left.col(j).cwiseAbs().maxCoeff() + network.right.col(j).cwiseAbs().maxCoeff();
    const auto row = network.unembedding.row(j);
    live.push_back((row.array() - row.mean()).abs().maxCoeff() * largest > nats);
  }
  return live;
}

Side groups(const MatrixD& columns, const std::vector<bool>& live, Grouping how) {
  std::vector<std::uint32_t> all(live.size());
  std::iota(all.begin(), all.end(), 0U);
  return found_groups(columns, live, how, all);
}

Side groups(const MatrixD& columns, const std::vector<bool>& live, Grouping how, const explanations::Side& given) {
  constexpr double little = 0.1; // of what the column varies
  std::vector<std::vector<std::uint32_t>> taken(given.partitions.size());
  std::vector<Partition> partitions;
  std::vector<bool> listed(live.size());
  for (std::size_t g = 0; g < given.partitions.size(); ++g) {
    const explanations::Partition& partition = given.partitions[g];
    const std::uint32_t largest = *std::max_element(partition.blocks.begin(), partition.blocks.end());
    partitions.push_back({partition.blocks, largest + 1});
    if (!partition.neurons) continue;
    for (const std::uint64_t j : *partition.neurons)
      taken[g].push_back(static_cast<std::uint32_t>(j)), listed[j] = true;
  }
  std::vector<std::uint32_t> others;
  for (std::uint32_t j = 0; j < live.size(); ++j) {
    if (listed[j]) continue;
    const Eigen::VectorXd column = column_of(columns, j);
    std::optional<std::size_t> best;
    double least = given.search ? little * little * left_over(column, one_block(columns.rows()))
                                : std::numeric_limits<double>::infinity();
    if (given.search && !live[j]) least = -1;
    for (std::size_t g = 0; g < partitions.size(); ++g) {
      if (given.partitions[g].neurons) continue;
      const double left = left_over(column, partitions[g]);
      if (left < least || (best && left == least && partitions[g].count < partitions[*best].count))
        best = g, least = left;
    }
    if (best)
      taken[*best].push_back(j);
    else
      others.push_back(j);
  }
  Side side;
  for (std::size_t g = 0; g < partitions.size(); ++g)
    if (!taken[g].empty()) side.push_back(group_of(taken[g], partitions[g]));
  for (const Group& group : found_groups(columns, live, how, others)) side.push_back(group);
  return side;
}

MatrixD means(const MatrixD& columns, const Group& group) {
  MatrixD sums = MatrixD::Zero(group.count, static_cast<Eigen::Index>(group.neurons.size()));
  std::vector<double> sizes(group.count);
  for (Eigen::Index i = 0; i < columns.rows(); ++i) {
    const std::uint16_t block = group.blocks[static_cast<std::size_t>(i)];
    sizes[block] += 1;
    for (std::size_t j = 0; j < group.neurons.size(); ++j)
      sums(block, static_cast<Eigen::Index>(j)) += columns(i, group.neurons[j]);
  }
  for (std::uint32_t b = 0; b < group.count; ++b) sums.row(b) /= sizes[b];
  return sums;
}

MatrixD remainders(const MatrixD& columns, const Side& side) {
  MatrixD result = columns;
  for (const Group& group : side) {
    const MatrixD mean = means(columns, group);
    for (Eigen::Index i = 0; i < columns.rows(); ++i)
      for (std::size_t j = 0; j < group.neurons.size(); ++j)
        result(i, group.neurons[j]) -= mean(group.blocks[static_cast<std::size_t>(i)], static_cast<Eigen::Index>(j));
  }
  return result;
}

} // namespace proofmark::block_tables
