#include "models/shapes.hpp"

#include <algorithm>

namespace verifier {
namespace {

bool has_bias(const std::optional<Map>& map) {
  return map && map->bias.has_value();
}

// Readout of so many maps without biases.
bool reads_by(const Architecture& architecture, std::size_t maps) {
  return architecture.readout.size() == maps && std::ranges::all_of(architecture.readout, [](const ReadoutPart& part) {
           const auto* map = std::get_if<Map>(&part);
           return map != nullptr && !map->bias;
         });
}

bool is_one_plain_head(const Block& block) {
  if (!block.attention || block.mlp) return false;
  const Attention& a = *block.attention;
  const bool biased = has_bias(a.query) || has_bias(a.key) || has_bias(a.value) || has_bias(a.output);
  return a.heads == 1 && a.scores == Scores::scaled && !a.norm && !biased;
}

} // namespace

ModelShape shape_of(const Architecture& architecture) {
  if (architecture.tokens.size() != 1 || architecture.tokens.front().bias || architecture.norm)
    return ModelShape::other;
  const auto& positions = architecture.position_table;
  const auto& blocks = architecture.blocks;
  if (!positions && blocks.empty() && architecture.pool == Pool::sum && reads_by(architecture, 2))
    return ModelShape::token_sum;
  const bool one_head = blocks.size() == 1 && is_one_plain_head(blocks.front());
  if (positions && !positions->to_scores && one_head && architecture.pool == Pool::last && reads_by(architecture, 1))
    return ModelShape::attention_only;
  return ModelShape::other;
}

} // namespace verifier
