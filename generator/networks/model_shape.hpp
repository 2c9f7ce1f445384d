// The two shapes of networks that have strategies of their own (schema/FORMAT.md, section 5), whatever their tensors are
// called and however they are laid out.
#pragma once

#include "networks/architecture.hpp"

#include <algorithm>

namespace proofmark::networks {

enum class ModelShape { token_sum, attention_only, other };

namespace details {

template <class Weights>
bool is_read_by_maps(const Architecture<Weights>& a, std::size_t maps) {
  return a.readout.size() == maps && std::all_of(a.readout.begin(), a.readout.end(), [](const auto& part) {
           const auto* map = std::get_if<typename Weights::Map>(&part);
           return map && !map->bias;
         });
}

template <class Weights>
bool is_one_head(const Block<Weights>& block) {
  if (!block.attention || block.mlp) return false;
  const auto& a = *block.attention;
  return a.heads == 1 && a.scores.kind == Scores::Kind::scaled && !a.norm && !a.query->bias && !a.key->bias &&
         !a.value.bias && !a.output.bias;
}

} // namespace details

template <class Weights>
ModelShape shape_of(const Architecture<Weights>& a) {
  if (a.tokens.size() != 1 || a.tokens[0].bias || a.norm) return ModelShape::other;
  if (a.blocks.empty() && !a.position_table && a.pool.kind == Pool::Kind::sum && details::is_read_by_maps(a, 2))
    return ModelShape::token_sum;
  const bool placed = a.position_table && !a.position_table->to_scores;
  if (placed && a.blocks.size() == 1 && details::is_one_head(a.blocks[0]) && a.pool.kind == Pool::Kind::last &&
      details::is_read_by_maps(a, 1))
    return ModelShape::attention_only;
  return ModelShape::other;
}

} // namespace proofmark::networks
