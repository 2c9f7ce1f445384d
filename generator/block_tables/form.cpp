#include "block_tables/form.hpp"

#include <algorithm>

namespace proofmark::block_tables {

Partition partition_of(const Group& group) {
  return {group.blocks, group.count};
}

std::vector<Partition> partitions_of(const Side& side) {
  std::vector<Partition> result;
  for (const Group& group : side) result.push_back(partition_of(group));
  return result;
}

std::vector<Shared> shared_neurons(const Group& right, const Side& left) {
  std::vector<Shared> result;
  for (std::uint32_t g = 0; g < left.size(); ++g) {
    Shared shared{g, {}};
    std::set_intersection(right.neurons.begin(), right.neurons.end(), left[g].neurons.begin(), left[g].neurons.end(),
                          std::back_inserter(shared.neurons));
    if (!shared.neurons.empty()) result.push_back(std::move(shared));
  }
  return result;
}

Form form(Side right, Side left, bool folded) {
  Form result{std::move(right), std::move(left), {}, {}, {}};
  const std::vector<Partition> leaves = partitions_of(result.right);
  result.right_tree = tree(leaves);
  if (folded && !result.right_tree.steps.empty()) result.fold = folded_node(result.right_tree, leaves);
  if (result.two_sided())
    for (const Group& group : result.right) {
      std::vector<Partition> parts;
      for (const Shared& shared : shared_neurons(group, result.left))
        parts.push_back(partition_of(result.left[shared.left_group]));
      result.left_trees.push_back(tree(parts));
    }
  return result;
}

} // namespace proofmark::block_tables
