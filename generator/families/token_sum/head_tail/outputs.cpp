#include "families/token_sum/head_tail/outputs.hpp"

#include "support/parallel.hpp"

#include <algorithm>
#include <numeric>

namespace proofmark {

namespace {

using Index = Eigen::Index;

// R[a,k]² at the first level.
Eigen::ArrayXd squares_of_tail(const TokenSumTables& tables, const HeadTail& witness, std::uint64_t a) {
  Eigen::ArrayXd tail = tables.exponentials.row(static_cast<Index>(a)).array();
  for (std::uint64_t j = 0; j < std::min(witness.widest, witness.sizes[0]); ++j)
    tail[witness.heads[a * witness.widest + j]] = 0;
  return tail.square();
}

// Moves what is known of a head to the front, at most m outputs of it; what comes after them is returned.
std::vector<std::uint16_t>::iterator known_first(std::vector<std::uint16_t>& outputs,
                                                 const std::vector<std::uint16_t>& known, std::uint64_t m) {
  auto place = outputs.begin();
  for (std::size_t j = 0; j < std::min<std::size_t>(known.size(), m); ++j, ++place)
    std::iter_swap(place, std::find(place, outputs.end(), known[j]));
  return place;
}

} // namespace

std::vector<std::uint64_t> head_sizes(const Task& task) {
  constexpr std::uint64_t longest = 256;
  constexpr double most_bytes = 3e9;
  const std::uint64_t V = task.vocabulary, n = task.context;
  const auto inputs = binomial(V + n - 1, n).convert_to<double>();
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t h = 1; h <= longest && 5 * n * h < 4 * V; h *= 2) sizes.push_back(h);
  while (sizes.size() > 2 && inputs * (4 + 8 * static_cast<double>(sizes.size())) > most_bytes) {
    std::vector<std::uint64_t> fewer;
    for (std::size_t i = 0; i < sizes.size(); i += 2) fewer.push_back(sizes[i]);
    sizes = fewer;
  }
  sizes.push_back(V); // exact
  return sizes;
}

std::vector<std::uint16_t> head_outputs(const TokenSumTables& tables, std::uint64_t m,
                                        const std::vector<std::vector<std::uint16_t>>& known, unsigned threads) {
  const std::uint64_t V = tables.task.vocabulary, at_a_time = 16;
  std::vector<std::uint16_t> heads(V * m);
  for_each_piece((V + at_a_time - 1) / at_a_time, threads, [&](std::size_t piece) {
    std::vector<std::uint16_t> outputs(V);
    for (std::uint64_t a = piece * at_a_time; a < std::min(V, (piece + 1) * at_a_time); ++a) {
      const std::int64_t* const row = tables.logits.row(a);
      std::iota(outputs.begin(), outputs.end(), std::uint16_t{0});
      const auto middle = outputs.begin() + static_cast<std::ptrdiff_t>(m),
                 searched = known.empty() ? outputs.begin() : known_first(outputs, known[a], m);
      std::partial_sort(searched, middle, outputs.end(),
                        [&](std::uint16_t i, std::uint16_t j) { return row[i] != row[j] ? row[i] > row[j] : i < j; });
      std::copy(outputs.begin(), middle, heads.begin() + static_cast<std::ptrdiff_t>(a * m));
    }
  });
  return heads;
}

std::vector<float> output_weights(const TokenSumTables& tables, const HeadTail& witness) {
  const auto V = static_cast<Index>(witness.task.vocabulary);
  Eigen::ArrayXd w = Eigen::ArrayXd::Ones(V);
  for (int turn = 0; turn < 2; ++turn) {
    Eigen::ArrayXd smaller = Eigen::ArrayXd::Constant(V, 1e-300), label = smaller;
    for (Index a = 0; a < V; ++a) {
      const Eigen::ArrayXd squares = squares_of_tail(tables, witness, static_cast<std::uint64_t>(a));
      if (!(squares.sum() > 0)) continue;
      smaller += squares * (static_cast<double>(V - a) / (squares * w).sum());
      label += squares * (static_cast<double>(a + 1) / (squares / w).sum());
    }
    w = (label / smaller).sqrt().min(1e6).max(1e-6);
  }
  const Eigen::ArrayXf result = w.cast<float>();
  return {result.begin(), result.end()};
}

std::vector<std::uint16_t> output_groups(const TokenSumTables& tables, const HeadTail& witness, std::uint64_t count) {
  const std::uint64_t V = witness.task.vocabulary;
  Eigen::ArrayXd mass = Eigen::ArrayXd::Constant(static_cast<Index>(V), 1e-300);
  for (std::uint64_t a = 0; a < V; ++a) {
    const Eigen::ArrayXd squares = squares_of_tail(tables, witness, a);
    if (const double sum = squares.sum(); sum > 0) mass += squares / sum;
  }
  const double total = mass.sum();
  std::vector<std::uint16_t> groups;
  double before = 0;
  std::uint64_t group = 0;
  for (std::uint64_t k = 0; k < V; ++k) {
    // Each group has an output, and leaves one for each group after it.
    if (k > 0 && group + 1 < count &&
        (before * static_cast<double>(count) >= total * static_cast<double>(group + 1) || V - k < count - group))
      ++group;
    groups.push_back(static_cast<std::uint16_t>(group));
    before += mass[static_cast<Index>(k)];
  }
  return groups;
}

} // namespace proofmark
