// The tables of block-tables@1: means of blocks, what lies beside them, and sums over left groups (docs/rules/any/block-tables.md).
#include "rules/any/block_tables.hpp"

#include <algorithm>

namespace verifier::rules::any {
namespace {

// Slopes of the activation lie between 1/2 - reach and 1/2 + reach.
struct Reach {
  Positive reach(Kernel& k) const { return decimal(k, thousandths, 3); }
  Positive most(Kernel& k) const { return decimal(k, 500 + thousandths, 3); }
  std::uint64_t thousandths;
};
Reach reach_of(Activation activation) {
  switch (activation) {
  case Activation::relu:
  case Activation::tanh:
    return {500};
  case Activation::silu:
    return {600};
  case Activation::gelu:
    return {629};
  case Activation::gelu_tanh:
    break;
  }
  throw std::logic_error("an activation without a reach");
}

Positive all_dots(const Positive& x, const Positive& y) { // [rows of x x rows of y]
  const Lease lists = x.kernel().meter.hold(x.rows(), y.rows());
  const std::size_t count = x.rows() * y.rows();
  Tokens of_x, of_y;
  for (std::size_t i = 0; i < count; ++i)
    of_x.push_back(static_cast<Index>(i / y.rows())), of_y.push_back(static_cast<Index>(i % y.rows()));
  return in_rows_of(dots(x, of_x, y, of_y), y.rows());
}

// Of one side, whose rows are X.
struct Side {
  std::vector<Real> means; // of each group [blocks x neurons]
  Real sigma;              // [symbols x C]
};
Side side(const Real& X, const Groups& groups, std::span<const Index> kinds, const Weights& u, const Real& V,
          const Reach& reach) {
  Kernel& k = X.kernel();
  const std::size_t N = X.rows(), C = V.columns();
  std::vector<Real> means;
  std::optional<Real> centre;
  std::optional<Positive> radius;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<Index>& neurons = groups.neurons[g];
    const Blocks& blocks = groups.blocks[g];
    std::vector<Stored> sizes(blocks.count);
    for (const Index block : blocks.of) sizes[block] += 1;
    const Real x = columns_at(X, neurons), sums = sums_by_label(x, blocks.of, blocks.count);
    means.push_back(repeat_columns(inverse(numbers(k, {blocks.count, 1}, sizes)), neurons.size()) * sums);
    const Real off = x - rows_at(means.back(), blocks.of), v = rows_at(V, neurons);
    std::optional<Positive> rho;
    if (kinds[g] == by_parts) {
      const Real half = linear(spread(decimal(k, 5, 1), off.shape()) * off, rows_at(u, neurons));
      centre = centre ? *centre + half : half;
      const Positive size = absolute(off);
      rho = all_dots(spread(reach.reach(k), size.shape()) * size, transposed(absolute(v)));
    } else {
      const Positive of_x = root(sum(square(off))), of_classes = transposed(root(sum(transposed(square(v)))));
      const Positive most = spread(reach.most(k), of_classes.shape()) * of_classes;
      rho = repeat_columns(of_x, C) * repeat_rows(most, N);
    }
    radius = radius ? *radius + *rho : *rho;
  }
  return {means, near(centre ? *centre : spread(number(k, 0), {N, C}), *radius)};
}

// Rows of tables with a row for each block v of left symbols and each w of right ones, those of one v next to each other: of each of
// these v, with every w, the row that is said.
template <class Row>
Tokens rows_of_pairs(const std::vector<Index>& v, std::size_t blocks, Row row) {
  Tokens rows;
  for (const Index i : v)
    for (Index w = 0; w < blocks; ++w) rows.push_back(row(i, w));
  return rows;
}

// What the neurons of one right group add: the sum over the left groups that they are in. Two-sided.
GroupTable sums_over_left(const Additive& net, const Groups& left, const Side& of_left, const std::vector<Cell>& cells,
                          const Tree& tree, const Real& right_means) {
  Kernel& k = right_means.kernel();
  const std::size_t B = right_means.rows();
  std::vector<std::optional<Real>> parts; // of each node, until it is read
  std::vector<Blocks> nodes;
  const auto lists = [&](std::size_t v) { return k.meter.hold(v, B); }; // of rows
  for (const Cell& cell : cells) {
    const Blocks& blocks = nodes.emplace_back(left.blocks[cell.left]);
    const Lease held = lists(blocks.count);
    const Tokens v = rows_of_pairs(each(blocks.count), B, [](Index i, Index) { return i; }),
                 w = rows_of_pairs(each(blocks.count), B, [](Index, Index j) { return j; });
    const Real l = columns_at(of_left.means[cell.left], cell.in_left), r = columns_at(right_means, cell.in_right);
    parts.emplace_back(linear(activated(net.activation, plus_rows_at(l, v, r, w)), rows_at(net.u, cell.neurons)));
  }
  const auto row = [&](Index i, Index w) { return static_cast<Index>(i * B + w); };
  for (const auto& [a, b] : tree) {
    const Joint both = joint(nodes[a], nodes[b]);
    const Lease held = lists(both.count);
    parts.emplace_back(
        plus_rows_at(*parts[a], rows_of_pairs(both.first, B, row), *parts[b], rows_of_pairs(both.second, B, row)));
    parts[a].reset(), parts[b].reset(), nodes[a] = nodes[b] = {};
    nodes.push_back(both);
  }
  return {.blocks = B, .sums = *parts.back(), .of_left = nodes.back().of, .means = {}, .left = {}, .u = {}};
}

// The tree over the right groups: every node's blocks but the root's.
void add_tree(BlockTables& of, const BlockTablesWitness& witness) {
  of.tree = witness.tree;
  std::vector<Blocks> nodes = witness.right.blocks;
  for (std::size_t i = 0; i + 1 < of.tree.size(); ++i) {
    const auto& [a, b] = of.tree[i];
    of.joints.push_back(joint(nodes[a], nodes[b]));
    nodes.push_back(of.joints.back());
  }
  if (of.tree.empty())
    of.of_root = {nodes.front().of, {}};
  else
    of.of_root = {nodes[of.tree.back().first].of, nodes[of.tree.back().second].of};
  if (witness.fold) of.fold = witness.fold, of.folded = nodes[*witness.fold];
}

} // namespace

std::uint64_t elements_of_row(const BlockTables& of) {
  std::uint64_t rows = 6 * of.symbols;
  for (const GroupTable& group : of.groups) rows += group.blocks;
  for (const Joint& joint : of.joints) rows += joint.count;
  return rows * std::max(of.constant.columns(), of.right.columns());
}

BlockTables prepare_block_tables(Kernel& k, const Network& network, const std::vector<TokenSpan>& tokens,
                                 const BlockTablesWitness& witness) {
  const Additive net = additive(k, network, tokens);
  const std::size_t C = network.classes, G = witness.right.size();
  const Reach reach = reach_of(net.activation);
  const Real u = rounded(net.u), sums = sum(u);
  const Real mean = spread(inverse(number(k, C)), sums.shape()) * sums, V = u - repeat_columns(mean, C);
  const std::span<const Index> kinds(witness.kinds);
  const Side right = side(net.right, witness.right, kinds.first(G), net.u, V, reach);
  std::optional<Side> left;
  if (witness.left) left = side(net.left, *witness.left, kinds.subspan(G), net.u, V, reach);

  BlockTables of{.symbols = net.right.rows(),
                 .activation = net.activation,
                 .left = net.left,
                 .right = net.right,
                 .u = net.u,
                 .constant = net.constant,
                 .groups = {},
                 .row = net.constant,
                 .sigma = right.sigma,
                 .hulls = {},
                 .fold = {},
                 .folded = {},
                 .tree = {},
                 .joints = {},
                 .of_root = {}};
  add_tree(of, witness);
  if (of.fold) of.hulls = hulls_by_label(right.sigma, of.folded.of, of.folded.count);
  if (left) of.row = repeat_rows(net.constant, net.left.rows()) + left->sigma;
  for (std::size_t g = 0; g < G; ++g) {
    const std::vector<Index>& neurons = witness.right.neurons[g];
    if (left)
      of.groups.push_back(sums_over_left(net, *witness.left, *left, cells(witness.right, g, *witness.left),
                                         witness.left_trees[g], right.means[g]));
    else
      of.groups.push_back({.blocks = witness.right.blocks[g].count,
                           .sums = {},
                           .of_left = {},
                           .means = right.means[g],
                           .left = columns_at(net.left, neurons),
                           .u = rows_at(net.u, neurons)});
  }
  return of;
}

} // namespace verifier::rules::any
