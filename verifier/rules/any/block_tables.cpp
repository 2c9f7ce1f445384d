// block-tables@1: sums of tables of blocks. Logits from both sides.
//
// Theorem. Let h = act(L[x] + R[y]), z = h U + b, the slope of act in 1/2 -+ r. Let R^ depend on blocks of y alone, of a partition for
// each group of neurons, L^ on blocks of x or L^ = L, and δ = R - R^, δ' = L - L^. Then, for some number that all classes have in common,
//   z_c + that number  lies in  sum_j act(L^_j + R^_j) U_jc + b_c + σ'_c(x) + σ_c(y),
// with σ_c(y) the sum over the groups of  -+ (1/2 + r) |δ_g| |V_gc|,  or of  1/2 δ_g·U_gc -+ r sum_j |δ_j| |V_jc|, V_jc = U_jc - a_j
// for any numbers a_j. A node of the tree over the groups may take the hull of σ over each of its blocks.
// Proof and computation: docs/rules/any/block-tables.md.
#include "kernel/integers.hpp"
#include "rules/any/problem.hpp"

#include <algorithm>

namespace verifier::rules::any {
namespace {

// What the right groups add for a left symbol.
Real table_of(Kernel& k, const BlockTables& of, const GroupTable& group, Index x) {
  if (!group.of_left.empty())
    return rows(with(k, group.sums), group.of_left[x] * group.blocks, (group.of_left[x] + 1) * group.blocks);
  const Real read = with(k, group.means) + repeat_rows(row(with(k, group.left), x), group.blocks);
  return linear(activated(of.activation, read), with(k, group.u));
}

// Enclosures of all logits with x, up to a number that those of an input have in common; and those of the labels.
struct Bounds {
  Real logits, of_labels; // [N_y x C], [N_y x 1]
};
Bounds bounds(Kernel& k, const BlockTables& of, Index x, Indices labels) {
  std::vector<Real> nodes;
  for (const GroupTable& group : of.groups) nodes.push_back(table_of(k, of, group, x));
  const Real own = with(k, of.row);
  Real& smallest = *std::ranges::min_element(nodes, {}, &Real::rows);
  smallest = smallest + repeat_rows(own.rows() == 1 ? own : row(own, x), smallest.rows());
  for (std::size_t node = 0; node < of.groups.size() + of.joints.size(); ++node) {
    if (node >= of.groups.size()) {
      const auto& [a, b] = of.tree[node - of.groups.size()];
      const Joint& both = of.joints[node - of.groups.size()];
      nodes.push_back(plus_rows_at(nodes[a], both.first, nodes[b], both.second));
    }
    if (of.fold == node) nodes[node] = nodes[node] + with(k, of.hulls);
  }
  const Real sigma = with(k, of.sigma);
  const std::vector<Index> symbols = each(of.symbols);
  if (of.tree.empty()) {
    const Real z = plus_rows_at(sigma, nodes.front(), of.of_root[0]);
    return {z, entries_at(z, symbols, labels)};
  }
  const auto& [a, b] = of.tree.back();
  Real z = plus_rows_at(nodes[a], of.of_root[0], nodes[b], of.of_root[1]);
  if (!of.fold) z = z + sigma;
  Real of_labels = entries_at(z, symbols, labels);
  if (of.fold)
    of_labels =
        exchanged(of_labels, entries_at(with(k, of.hulls), of.folded.of, labels), entries_at(sigma, symbols, labels));
  return {z, of_labels};
}

// The logits of these entries, less those of their inputs' labels.
Real evaluated(Kernel& k, const BlockTables& of, Index x, const Entries& opened, Indices labels) {
  std::vector<Index> inputs, input_of, columns;
  for (const Index y : opened.rows) {
    if (inputs.empty() || inputs.back() != y) inputs.push_back(y), columns.push_back(labels[y]);
    input_of.push_back(static_cast<Index>(inputs.size() - 1));
  }
  const Real read = rows_at(with(k, of.right), inputs) + repeat_rows(row(with(k, of.left), x), inputs.size());
  std::vector<Index> rows_of_h = each(inputs.size());
  rows_of_h.insert(rows_of_h.end(), input_of.begin(), input_of.end());
  columns.insert(columns.end(), opened.columns.begin(), opened.columns.end());
  const Real z = linear_entries(activated(of.activation, read), rows_of_h, with(k, of.u), columns) +
                 entries_at(with(k, of.constant), std::vector<Index>(columns.size(), 0), columns);
  return rows(z, inputs.size(), z.rows()) - rows_at(rows(z, 0, inputs.size()), input_of);
}

} // namespace

Result block_tables(Kernel& k, const Problem& problem, const Inputs& inputs) {
  Result result;
  if (problem.network.classes == 1) { // no other logit
    result.correct_at_least = result.correct_at_most = inputs.labels.size();
    return result;
  }
  const BlockTables& of = *problem.block_tables;
  const auto x = static_cast<Index>(in_64_bits(inputs.indices.front() / of.symbols));
  const Bounds found = bounds(k, of, x, inputs.labels);
  Real beyond = minus_entries(found.logits, found.of_labels, inputs.labels);
  if (const Entries opened = opened_of(problem.opened, inputs.indices, inputs.labels); !opened.rows.empty())
    beyond = replaced(beyond, opened.rows, opened.columns, evaluated(k, of, x, opened, inputs.labels));
  if (inputs.declared.loss) result.at_least.add(log_sum_exp(beyond));
  result.at_most = result.at_least;
  if (inputs.declared.compares())
    result.add_inputs(largest_without(beyond, inputs.labels), inputs.declared, inputs.indices);
  result.open = {}; // inputs are not taken one by one
  return result;
}

} // namespace verifier::rules::any
