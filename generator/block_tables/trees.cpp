#include "block_tables/trees.hpp"

#include "numbers/elementary.hpp"
#include "numbers/random.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace proofmark::block_tables {

namespace {

// Which leaves a node is made of: what its joint blocks depend on.
using Leaves = std::vector<bool>;

class Nodes {
public:
  explicit Nodes(const std::vector<Partition>& leaves) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      Leaves one(leaves.size());
      one[i] = true;
      known_.emplace(one, leaves[i]);
      leaves_.push_back(one);
    }
  }

  const std::vector<Leaves>& leaves() const { return leaves_; }
  static Leaves both(const Leaves& a, const Leaves& b) {
    Leaves all = a;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = a[i] || b[i];
    return all;
  }
  const Partition& joined(const Leaves& a, const Leaves& b) {
    const auto [entry, fresh] = known_.try_emplace(both(a, b));
    if (fresh) entry->second = joint(known_.at(a), known_.at(b));
    return entry->second;
  }

private:
  std::map<Leaves, Partition> known_;
  std::vector<Leaves> leaves_;
};

struct Node {
  std::uint32_t number;
  Leaves leaves;
};

// Joins again and again the two that have the fewest joint blocks, give or take what chance adds. Nothing once it takes as many rows
// as the best one so far.
std::optional<Tree> attempt(Nodes& nodes, Random& random, double spread, std::uint64_t most) {
  std::vector<Node> open;
  for (std::uint32_t i = 0; i < nodes.leaves().size(); ++i) open.push_back({i, nodes.leaves()[i]});
  Tree result;
  auto next = static_cast<std::uint32_t>(open.size());
  std::uint64_t rows = 0;
  while (open.size() > 1) {
    double least = 0;
    std::pair<std::size_t, std::size_t> best{1, 0};
    for (std::size_t i = 1; i < open.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const double score = nodes.joined(open[i].leaves, open[j].leaves).count *
                             (spread > 0 ? elementary::exp(spread * random.normal()) : 1.0);
        if ((i == 1 && j == 0) || score < least) least = score, best = {i, j};
      }
    const auto [i, j] = best; // j < i
    const Partition& made = nodes.joined(open[i].leaves, open[j].leaves);
    result.steps.emplace_back(open[j].number, open[i].number);
    result.rows.push_back(made.count);
    rows += made.count;
    if (rows >= most) return {};
    open[j] = {next++, Nodes::both(open[i].leaves, open[j].leaves)};
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return result;
}

} // namespace

Tree tree(const std::vector<Partition>& leaves) {
  constexpr double spread = 0.5;
  constexpr std::uint64_t most_attempts = 200, most_pairs = 400'000; // a second or so
  const std::uint64_t n = leaves.size(), pairs = n * n * n / 6 + 1;
  Nodes nodes(leaves);
  Random random(0);
  std::optional<Tree> best = attempt(nodes, random, 0, ~std::uint64_t{0});
  const auto rows = [](const Tree& tree) {
    std::uint64_t sum = 0;
    for (const std::uint32_t count : tree.rows) sum += count;
    return sum;
  };
  const std::uint64_t attempts = n < 3 ? 1 : std::clamp<std::uint64_t>(most_pairs / pairs, 1, most_attempts);
  for (std::uint64_t i = 1; i < attempts; ++i)
    if (const auto other = attempt(nodes, random, spread, rows(*best))) best = other;
  return *best;
}

Partition partition_of(std::uint32_t node, const Tree& tree, const std::vector<Partition>& leaves) {
  if (node < leaves.size()) return leaves[node];
  const auto [a, b] = tree.steps[node - leaves.size()];
  return joint(partition_of(a, tree, leaves), partition_of(b, tree, leaves));
}

std::uint32_t folded_node(const Tree& tree, const std::vector<Partition>& leaves) {
  const auto rows = [&](std::uint32_t node) {
    return node < leaves.size() ? leaves[node].count : tree.rows[node - leaves.size()];
  };
  const auto [a, b] = tree.steps.back();
  return rows(a) < rows(b) ? a : b;
}

} // namespace proofmark::block_tables
