// The network on a batch: embedding, blocks, pooling, readout (schema/FORMAT.md, section 5). Only what the pooled positions depend on
// is computed.
#include "rules/any/network.hpp"

#include <bit>

namespace verifier::rules::any {
namespace {

// Before each block, and after the last one: the positions whose rows are needed.
std::vector<Positions> needed(const Network& network) {
  std::vector<Positions> sets{network.pooled};
  for (std::size_t b = network.blocks.size(); b > 0;) {
    --b;
    const auto& attention = network.blocks[b].attention;
    sets.push_back(!attention
                       ? sets.back()
                       : first_positions(attention->causal ? static_cast<std::size_t>(std::bit_width(sets.back()))
                                                           : network.positions));
  }
  return {sets.rbegin(), sets.rend()};
}

Values embedded(Kernel& k, const Network& network, Positions wanted, Shared& shared) {
  Values x;
  for (std::size_t p = 0; p < network.positions; ++p) {
    const Positions on = Positions{1} << p;
    if (!is_in(wanted, p)) continue;
    Real rows = rows_at(with(k, network.tokens[network.tokens.size() == 1 ? 0 : p]), shared.tokens(p, on));
    if (network.position) rows = rows + repeat_rows(row(with(k, *network.position), p), rows.rows());
    x.emplace(p, Value{rows, on});
  }
  return x;
}

Real applied(const Mlp& mlp, const Real& x) {
  return mapped(mlp.out, activated(mlp.activation, mapped(mlp.in, normed(mlp.before, x))));
}

Value with_part(const Value& x, const Value& part, const std::optional<Norm>& after, Shared& shared) {
  const Value added = sum(x, part, shared);
  return {normed(after, added.x), added.on};
}

// These positions after a block, of all that it reads.
Values through(const Network& network, std::size_t b, const Values& before, Shared& shared) {
  const Block& block = network.blocks[b];
  Values after = with_attention(network, b, before, shared);
  if (!block.mlp) return after;
  for (auto& [p, x] : after) {
    const Value& read = block.mlp_reads_input ? before.at(p) : x;
    x = with_part(x, {applied(*block.mlp, read.x), read.on}, block.mlp->after, shared);
  }
  return after;
}

struct Read { // a part of the readout
  const Real& x;
  Real operator()(const Map& map) const { return mapped(map, x); }
  Real operator()(const Norm& norm) const { return normed(norm, x); }
  Real operator()(Activation activation) const { return activated(activation, x); }
};

} // namespace

Values states_before(Kernel& k, const Network& network, std::size_t block, Shared& shared) {
  Values states = embedded(k, network, needed(network).front(), shared);
  for (std::size_t b = 0; b < block; ++b) states = through(network, b, states, shared);
  return states;
}

Values with_attention(const Network& network, std::size_t b, const Values& before, Shared& shared) {
  const auto& attention = network.blocks[b].attention;
  const Positions wanted = needed(network)[b + 1];
  Values added, after;
  if (attention) added = attended(network, *attention, before, wanted, shared);
  for (const auto& [p, x] : before)
    if (is_in(wanted, p)) after.emplace(p, attention ? with_part(x, added.at(p), attention->after, shared) : x);
  return after;
}

Value pooled(Kernel& k, const Network& network, Shared& shared) {
  std::optional<Value> all;
  for (const auto& [p, state] : states_before(k, network, network.blocks.size(), shared)) {
    const Value x{normed(network.norm, state.x), state.on};
    all = all ? sum(*all, x, shared) : x;
  }
  if (network.mean) all->x = spread(with(k, *network.mean), all->x.shape()) * all->x;
  return *all;
}

Value read_out(const Network& network, const Value& pooled, std::size_t parts) {
  Value x = pooled;
  for (std::size_t i = 0; i < parts; ++i) x.x = std::visit(Read{x.x}, network.readout[i]);
  return x;
}

Real of_inputs(const Value& x, Shared& shared) {
  return shared.count(x.on) == shared.inputs() ? x.x : rows_at(x.x, shared.of_inputs(x.on));
}

Real logits(Kernel& k, const Network& network, const std::vector<Tokens>& tokens) {
  Shared shared(tokens);
  return of_inputs(read_out(network, pooled(k, network, shared), network.readout.size()), shared);
}

} // namespace verifier::rules::any
