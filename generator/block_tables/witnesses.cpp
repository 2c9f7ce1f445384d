#include "block_tables/witnesses.hpp"

#include <algorithm>

namespace proofmark::block_tables {

namespace {

Witness of_numbers(std::vector<std::uint64_t> shape, const std::vector<std::uint16_t>& numbers) {
  return witness<std::uint16_t>(std::move(shape), numbers);
}

void add_side(Witnesses& witnesses, const std::string& name, const Side& side) {
  std::uint64_t neurons = 0;
  for (const Group& group : side) neurons += group.neurons.size();
  std::vector<std::uint16_t> groups(neurons), blocks;
  for (std::uint16_t g = 0; g < side.size(); ++g) {
    for (const std::uint32_t j : side[g].neurons) groups[j] = g;
    blocks.insert(blocks.end(), side[g].blocks.begin(), side[g].blocks.end());
  }
  witnesses[name + "-groups"] = of_numbers({neurons}, groups);
  witnesses[name + "-blocks"] = of_numbers({side.size(), blocks.size() / side.size()}, blocks);
}

void add_trees(Witnesses& witnesses, const std::string& name, const std::vector<Tree>& trees) {
  std::vector<std::uint16_t> nodes;
  for (const Tree& tree : trees)
    for (const auto& [a, b] : tree.steps)
      nodes.push_back(static_cast<std::uint16_t>(a)), nodes.push_back(static_cast<std::uint16_t>(b));
  if (!nodes.empty()) witnesses[name] = of_numbers({nodes.size() / 2, 2}, nodes);
}

explanations::Side explained(const Side& side) {
  explanations::Side result;
  for (const Group& group : side)
    result.partitions.push_back(
        {"list", group.blocks, std::vector<std::uint64_t>(group.neurons.begin(), group.neurons.end())});
  return result;
}

} // namespace

Witnesses witnesses(const Form& form) {
  Witnesses result;
  add_side(result, "right", form.right);
  add_trees(result, "right-tree", {form.right_tree});
  if (form.fold) result["right-fold"] = of_numbers({1}, {static_cast<std::uint16_t>(*form.fold)});
  if (form.two_sided()) {
    add_side(result, "left", form.left);
    add_trees(result, "left-trees", form.left_trees);
  }
  std::vector<std::uint8_t> kinds;
  for (const Side* side : {&form.right, &form.left})
    for (const Group& group : *side) kinds.push_back(group.positive_parts ? 1 : 0);
  result["radii"] = witness<std::uint8_t>({kinds.size()}, kinds);
  return result;
}

explanations::BlockTables explanation(const Form& form) {
  explanations::BlockTables result;
  result.right = explained(form.right);
  result.two_sided = form.two_sided();
  if (form.two_sided()) result.left = explained(form.left);
  const auto bounded_so = [](const Group& group) { return group.positive_parts; };
  result.positive_parts = std::any_of(form.right.begin(), form.right.end(), bounded_so) ||
                          std::any_of(form.left.begin(), form.left.end(), bounded_so);
  return result;
}

} // namespace proofmark::block_tables
