#include "check/network.hpp"

#include "models/matrices.hpp"

#include <algorithm>

namespace verifier {
namespace {

using kernel::Kernel, kernel::Positive, kernel::Real, kernel::Table, kernel::Weights;
namespace any = rules::any;

// Prepares the parts of a description, one after the other.
struct Preparing {
  Kernel& k;
  const Tensors& tensors;

  Real real(const Matrix& m) const { return signed_numbers(k, {m.rows, m.columns}, m.entries); }
  std::optional<Table<Real>> row(const std::optional<Matrix>& m) const {
    return m ? std::optional<Table<Real>>(real(*m)) : std::nullopt;
  }

  Table<Real> token_table(const Map& map) const { // with its bias
    const Real table = real(matrix(map, tensors));
    const auto added = bias(map, tensors);
    return added ? table + repeat_rows(real(*added), table.rows()) : table;
  }
  any::Map map(const Map& map) const {
    const Matrix w = matrix(map, tensors);
    return {Weights(k, {w.rows, w.columns}, w.entries), row(bias(map, tensors))};
  }
  std::optional<any::Norm> norm(const std::optional<Norm>& norm, std::size_t width) const {
    if (!norm) return std::nullopt;
    return any::Norm{norm->subtracts_mean, inverse(number(k, width)), decimal(k, norm->eps.digits, norm->eps.places),
                     row(one_row(norm->weight, tensors)), row(one_row(norm->bias, tensors))};
  }
  std::optional<Table<Positive>> factor(const Attention& a, std::size_t head_width) const {
    switch (a.scores) {
    case Scores::scaled:
      return inverse(root(number(k, head_width)));
    case Scores::factor:
      return decimal(k, a.factor->digits, a.factor->places);
    case Scores::unscaled:
    case Scores::uniform:
      break;
    }
    return std::nullopt;
  }

  any::Attention attention(const Attention& a, bool norm_follows, std::size_t width) const {
    any::Attention prepared{.before = {},
                            .after = {},
                            .heads = a.heads,
                            .query = {},
                            .key = {},
                            .value = map(a.value),
                            .output = map(a.output),
                            .causal = a.causal,
                            .factor = {}};
    (norm_follows ? prepared.after : prepared.before) = norm(a.norm, width);
    if (!a.query) return prepared;
    prepared.query = map(*a.query), prepared.key = map(*a.key);
    prepared.factor = factor(a, prepared.query->w.columns() / a.heads);
    return prepared;
  }
  any::Mlp mlp(const Mlp& m, bool norm_follows, std::size_t width) const {
    any::Mlp prepared{.before = {},
                      .after = {},
                      .in = map(m.in),
                      .activation = static_cast<any::Activation>(m.activation), // the same words in the same order
                      .out = map(m.out)};
    (norm_follows ? prepared.after : prepared.before) = norm(m.norm, width);
    return prepared;
  }
  any::Block block(const Block& b, std::size_t width) const {
    any::Block prepared{.attention = {}, .mlp = {}, .mlp_reads_input = b.mlp_reads_input};
    if (b.attention) prepared.attention = attention(*b.attention, b.norm_follows, width);
    if (b.mlp) prepared.mlp = mlp(*b.mlp, b.norm_follows, width);
    return prepared;
  }
  void readout(const std::vector<ReadoutPart>& parts, std::size_t width, any::Network& network) const {
    for (const ReadoutPart& part : parts) {
      if (const auto* m = std::get_if<Map>(&part)) {
        const any::Map prepared = map(*m);
        width = prepared.w.columns();
        network.readout.emplace_back(prepared);
      } else if (const auto* n = std::get_if<Norm>(&part)) {
        network.readout.emplace_back(*norm(*n, width));
      } else {
        network.readout.emplace_back(static_cast<any::Activation>(std::get<Activation>(part)));
      }
    }
  }
};
static_assert(static_cast<int>(Activation::relu) == static_cast<int>(any::Activation::relu) &&
              static_cast<int>(Activation::gelu) == static_cast<int>(any::Activation::gelu) &&
              static_cast<int>(Activation::gelu_tanh) == static_cast<int>(any::Activation::gelu_tanh) &&
              static_cast<int>(Activation::silu) == static_cast<int>(any::Activation::silu) &&
              static_cast<int>(Activation::tanh) == static_cast<int>(any::Activation::tanh));

rules::any::Positions pooled_positions(const Architecture& model) {
  const rules::any::Positions one = 1, all = ~std::uint64_t{0} >> (64 - model.positions);
  switch (model.pool) {
  case Pool::last:
    return one << (model.positions - 1);
  case Pool::position:
    return one << model.pooled_position;
  case Pool::sum:
  case Pool::mean:
    break;
  }
  return all;
}

} // namespace

rules::any::Network prepare_network(Kernel& k, const Certificate& certificate) {
  const Architecture& model = certificate.architecture;
  const Preparing prepare{k, certificate.tensors};
  any::Network network{.positions = model.positions,
                       .classes = certificate.classes,
                       .tokens = {},
                       .position = {},
                       .score_position = {},
                       .blocks = {},
                       .norm = {},
                       .pooled = pooled_positions(model),
                       .mean = {},
                       .readout = {}};
  for (const Map& map : model.tokens) network.tokens.push_back(prepare.token_table(map));
  const std::size_t width = network.tokens.front().columns();
  if (const auto& table = model.position_table)
    (table->to_scores ? network.score_position : network.position) =
        prepare.real(first_rows(table->tensor, model.positions, certificate.tensors));
  for (const Block& block : model.blocks) network.blocks.push_back(prepare.block(block, width));
  network.norm = prepare.norm(model.norm, width);
  if (model.pool == Pool::mean) network.mean = inverse(number(k, model.positions));
  prepare.readout(model.readout, width, network);
  return network;
}

std::uint64_t elements_of_batch(const any::Network& network) {
  const std::uint64_t n = network.positions, d = network.tokens.front().columns();
  std::uint64_t widest = 0;
  for (const any::Block& block : network.blocks) {
    if (block.attention) {
      const any::Attention& a = *block.attention;
      widest = std::max<std::uint64_t>(
          widest, n * (2 * a.value.w.columns() + (a.query ? 3 * a.query->w.columns() : 0) + 5 * a.heads));
    }
    if (block.mlp) widest = std::max<std::uint64_t>(widest, 5 * block.mlp->in.w.columns());
  }
  for (const auto& part : network.readout)
    if (const auto* map = std::get_if<any::Map>(&part)) widest = std::max<std::uint64_t>(widest, 5 * map->w.columns());
  return any::most_inputs * (3 * n * d + widest + 5 * network.classes);
}

} // namespace verifier
