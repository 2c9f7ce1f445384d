#include "check/features.hpp"

#include "models/matrices.hpp"

#include <algorithm>

namespace verifier {
namespace {

using rules::any::FeaturesOf, rules::any::TokenSpan;

bool is_map(const ReadoutPart& part) {
  return std::holds_alternative<Map>(part);
}
MatrixShape shape_of(const Map& map, const Certificate& certificate) {
  return Cut::of(map, certificate.tensors.at(map.weight).shape).value().shape();
}

// From the values of the last attention on, everything is linear up to the activation.
bool is_folded(const Certificate& certificate) {
  const Architecture& model = certificate.architecture;
  if (features_of(model) != FeaturesOf::mlp) return false;
  const Block& last = model.blocks.back();
  const auto has_attention = [](const Block& block) { return block.attention.has_value(); };
  if (std::ranges::count_if(model.blocks, has_attention) != 1 || !last.attention || !last.attention->query)
    return false;
  const bool norm_between = last.norm_follows ? last.attention->norm.has_value() : last.mlp->norm.has_value();
  if (norm_between || last.mlp_reads_input) return false;
  const std::uint64_t pooled = model.pool == Pool::last ? model.positions - 1 : model.pooled_position,
                      seen = last.attention->causal ? pooled + 1 : model.positions;
  return seen >= 2 && seen * last.attention->heads <= shape_of(model.tokens.front(), certificate).columns;
}

std::vector<TokenSpan> tokens_of(const Task& task) {
  std::vector<TokenSpan> ranges;
  for (const auto& [from, to] : task.ranges)
    ranges.push_back({static_cast<kernel::Index>(from), static_cast<kernel::Index>(to - from)});
  if (!task.list) return ranges;
  const std::vector<std::uint32_t> tokens = unsigned_values(*task.list);
  const std::size_t n = task.list->shape[1];
  for (std::size_t p = 0; p < n; ++p) {
    std::uint32_t least = tokens[p], most = least;
    for (std::size_t i = p; i < tokens.size(); i += n)
      least = std::min(least, tokens[i]), most = std::max(most, tokens[i]);
    ranges.push_back({least, most - least + 1});
  }
  return ranges;
}

} // namespace

bool ends_with_maps(const Architecture& model) {
  return is_map(model.readout.back());
}

FeaturesOf features_of(const Architecture& model) {
  if (!std::ranges::all_of(model.readout, is_map)) return FeaturesOf::part;
  const bool one_position = model.pool == Pool::last || model.pool == Pool::position;
  if (model.norm || !one_position || model.blocks.empty()) return FeaturesOf::pool;
  const Block& last = model.blocks.back();
  const bool norm_after = last.norm_follows && last.mlp && last.mlp->norm;
  return last.mlp && !norm_after ? FeaturesOf::mlp : FeaturesOf::pool;
}

std::uint64_t width_of_features(const Certificate& certificate) {
  const Architecture& model = certificate.architecture;
  if (features_of(model) == FeaturesOf::mlp) return shape_of(model.blocks.back().mlp->out, certificate).rows;
  auto first = model.readout.end();
  while (first != model.readout.begin() && is_map(*(first - 1))) --first;
  return shape_of(std::get<Map>(*first), certificate).rows;
}

rules::any::Features prepare_features(kernel::Kernel& k, const rules::any::Network& network,
                                      const Certificate& certificate) {
  std::optional<std::vector<TokenSpan>> tokens;
  if (is_folded(certificate)) tokens = tokens_of(certificate.task);
  return rules::any::prepare_features(k, network, features_of(certificate.architecture), tokens);
}

} // namespace verifier
