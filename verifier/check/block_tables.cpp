#include "check/block_tables.hpp"

#include "check/witnesses.hpp"
#include "kernel/integers.hpp"
#include "models/matrices.hpp"
#include "reading/reason.hpp"

#include <algorithm>

namespace verifier {
namespace {

using kernel::Index;
using rules::any::BlockTablesWitness, rules::any::Blocks, rules::any::Groups, rules::any::TokenSpan, rules::any::Tree;

// Neurons: the width of what the activation reads.
std::uint64_t neurons(const Certificate& certificate) {
  const Architecture& model = certificate.architecture;
  const Map* last = &model.tokens.front();
  for (const ReadoutPart& part : model.readout) {
    if (std::holds_alternative<Activation>(part)) break;
    last = &std::get<Map>(part);
  }
  return Cut::of(*last, certificate.tensors.at(last->weight).shape).value().shape().columns;
}

const Tensor& companion(const Certificate& certificate, std::string_view name, const char* of_what) {
  const Tensor* found = find_witness(certificate, name);
  require(found != nullptr, reason::witness_missing, "/witnesses", "\"" + std::string(name) + "\": " + of_what);
  return *found;
}

// How many there are, each of which occurs.
std::size_t count_all(const Tensor& tensor, std::span<const Index> values, std::size_t first) {
  std::vector<bool> occurs(std::size_t{*std::ranges::max_element(values)} + 1);
  for (const Index value : values) occurs[value] = true;
  const auto absent = std::ranges::find(occurs, false) - occurs.begin();
  require(static_cast<std::size_t>(absent) == occurs.size(), reason::witness_value, witness_pointer(tensor),
          "every number from 0 to " + std::to_string(occurs.size() - 1),
          "from " + at_element(tensor, first) + " on " + std::to_string(values.size()) + " elements without " +
              std::to_string(absent));
  return occurs.size();
}

Groups read_groups(const Certificate& certificate, const std::string& side, const mpz_class& symbols) {
  const char* together = "groups and blocks of a side come together";
  const std::uint64_t m = neurons(certificate);
  const Tensor &groups = companion(certificate, side + "-groups", together),
               &blocks = companion(certificate, side + "-blocks", together);
  std::vector<Index> of = indices(groups, DType::uint16, {m}, m - 1);
  const std::size_t G = count_all(groups, of, 0);
  require_witness_shape(blocks, blocks.dtype == DType::uint16, "uint16",
                        blocks.shape.size() == 2 && blocks.shape[0] == G && integer(blocks.shape[1]) == symbols,
                        "[" + std::to_string(G) + ", " + symbols.get_str() + "]");
  const std::vector<Index> all = indices_of_any_shape(blocks, UINT16_MAX);
  std::vector<Blocks> of_groups;
  for (std::size_t g = 0, N = blocks.shape[1]; g < G; ++g) {
    const auto row = std::span(all).subspan(g * N, N);
    of_groups.push_back(Blocks{{row.begin(), row.end()}, count_all(blocks, row, g * N)});
  }
  return rules::any::groups_of(std::move(of), std::move(of_groups));
}

// Trees over so many leaves each, one after the other.
std::vector<Tree> read_trees(const Certificate& certificate, const char* name, const std::vector<std::size_t>& leaves) {
  std::uint64_t steps = 0;
  for (const std::size_t n : leaves) steps += n - 1;
  std::vector<Tree> trees(leaves.size());
  if (steps == 0) {
    require(find_witness(certificate, name) == nullptr, reason::witness_unused, "/witnesses",
            "no tree, where there is nothing to join", std::string("\"") + name + "\"");
    return trees;
  }
  const Tensor& tensor = companion(certificate, name, "the order of the sums over groups");
  const std::vector<Index> nodes = indices(tensor, DType::uint16, {steps, 2}, UINT16_MAX);
  std::size_t step = 0;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const std::size_t first = step;
    for (const std::size_t end = step + leaves[i] - 1; step < end; ++step)
      trees[i].emplace_back(nodes[2 * step], nodes[2 * step + 1]);
    const std::size_t good = rules::any::steps_of_tree(trees[i], leaves[i]);
    if (good == trees[i].size()) continue;
    const auto& [a, b] = trees[i][good];
    fail(reason::witness_value, witness_pointer(tensor), "steps that read two nodes before them, and no node twice",
         "step " + std::to_string(first + good) + " reads " + std::to_string(a) + " and " + std::to_string(b));
  }
  return trees;
}

} // namespace

std::optional<std::string> why_no_block_tables(const Certificate& certificate) {
  const Architecture& model = certificate.architecture;
  if (certificate.task.ranges.empty()) return "inputs by ranges";
  if (!model.blocks.empty()) return "a description without blocks";
  const auto is_norm = [](const ReadoutPart& part) { return std::holds_alternative<Norm>(part); };
  if (model.norm || std::ranges::any_of(model.readout, is_norm)) return "a description without norms";
  if (model.pool != Pool::sum) return "a description that pools by sum";
  if (model.position_table && model.position_table->to_scores) return "a description without positions for scores";
  std::vector<Activation> activations;
  for (const ReadoutPart& part : model.readout)
    if (const auto* activation = std::get_if<Activation>(&part)) activations.push_back(*activation);
  if (activations.size() != 1) return "a readout with one activation";
  if (activations.front() == Activation::gelu_tanh) return "a readout with relu, tanh, silu or gelu";
  if (std::holds_alternative<Activation>(model.readout.back())) return "a readout that ends with a map";
  return std::nullopt;
}

std::vector<TokenSpan> token_spans(const Task& task) {
  std::vector<TokenSpan> spans;
  for (const auto& [from, to] : task.ranges)
    spans.push_back({static_cast<Index>(from), static_cast<Index>(to - from)}); // rows of an embedding
  return spans;
}

std::uint64_t right_symbols(const Task& task) {
  const std::vector<TokenSpan> spans = token_spans(task);
  return spans[rules::any::right_position(spans)].count;
}

BlockTablesWitness read_block_tables_witness(const Certificate& certificate) {
  const std::uint64_t right = right_symbols(certificate.task);
  BlockTablesWitness witness{};
  witness.right = read_groups(certificate, "right", integer(right));
  const std::size_t G = witness.right.size();
  witness.tree = read_trees(certificate, "right-tree", {G}).front();
  if (const Tensor* fold = find_witness(certificate, "right-fold")) {
    witness.fold = indices(*fold, DType::uint16, {1}, UINT16_MAX).front();
    require(*witness.fold < 2 * witness.tree.size(), reason::witness_value, witness_pointer(*fold),
            "a node of the tree, not its root: there are " + std::to_string(2 * witness.tree.size()),
            std::to_string(*witness.fold));
  }
  std::uint64_t groups = G;
  const auto has = [&](const char* name) { return find_witness(certificate, name) != nullptr; };
  if (has("left-groups") || has("left-blocks") || has("left-trees")) {
    witness.left = read_groups(certificate, "left", certificate.task.inputs() / integer(right));
    groups += witness.left->size();
    std::vector<std::size_t> leaves;
    for (std::size_t g = 0; g < G; ++g) leaves.push_back(rules::any::cells(witness.right, g, *witness.left).size());
    witness.left_trees = read_trees(certificate, "left-trees", leaves);
  }
  witness.kinds =
      indices(companion(certificate, "radii", "the kind of each group"), DType::uint8, {groups}, rules::any::by_parts);
  return witness;
}

} // namespace verifier
