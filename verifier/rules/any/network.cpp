// The network on a batch: embedding, blocks, pooling, readout (schema/FORMAT.md, section 5). Only what the pooled positions depend on
// is computed.
#include "rules/any/network.hpp"

#include <bit>

namespace verifier::rules::any {
namespace {

Positions all_up_to(std::size_t last) {
  return ~Positions{0} >> (63 - last);
}

// Before each block, and after the last one: the positions whose rows are needed.
std::vector<Positions> needed(const Problem& problem) {
  std::vector<Positions> sets{problem.pooled};
  for (std::size_t b = problem.blocks.size(); b-- > 0;) {
    const auto& attention = problem.blocks[b].attention;
    const auto last = static_cast<std::size_t>(std::bit_width(sets.back())) - 1;
    sets.push_back(!attention ? sets.back() : all_up_to(attention->causal ? last : problem.positions - 1));
  }
  return {sets.rbegin(), sets.rend()};
}

Values embedded(Kernel& k, const Problem& problem, Positions wanted, Shared& shared) {
  Values x;
  for (std::size_t p = 0; p < problem.positions; ++p) {
    const Positions on = Positions{1} << p;
    if ((wanted & on) == 0) continue;
    Real rows = rows_at(with(k, problem.tokens[problem.tokens.size() == 1 ? 0 : p]), shared.tokens(p, on));
    if (problem.position) rows = rows + repeat_rows(row(with(k, *problem.position), p), rows.rows());
    x.emplace(p, Value{rows, on});
  }
  return x;
}

Real applied(const Mlp& mlp, const Real& x) {
  return mapped(mlp.out, activated(mlp.activation, mapped(mlp.in, normed(mlp.before, x))));
}

// These positions after a block, of all that it reads.
Values through(const Problem& problem, const Block& block, const Values& before, Positions wanted, Shared& shared) {
  Values added;
  if (block.attention) added = attended(problem, *block.attention, before, wanted, shared);
  Values after;
  for (const auto& [p, input] : before) {
    if ((wanted >> p & 1) == 0) continue;
    Value x = input;
    const auto add = [&](const Value& part, const std::optional<Norm>& norm) {
      x = sum(x, part, shared);
      x.x = normed(norm, x.x);
    };
    if (block.attention) add(added.at(p), block.attention->after);
    if (block.mlp) {
      const Value& read = block.mlp_reads_input ? input : x;
      add({applied(*block.mlp, read.x), read.on}, block.mlp->after);
    }
    after.emplace(p, x);
  }
  return after;
}

Value pooled(Kernel& k, const Problem& problem, const Values& states,
             Shared& shared) { // states of these positions alone
  std::optional<Value> all;
  for (const auto& [p, state] : states) {
    const Value x{normed(problem.norm, state.x), state.on};
    all = all ? sum(*all, x, shared) : x;
  }
  if (problem.mean) all->x = spread(with(k, *problem.mean), all->x.shape()) * all->x;
  return *all;
}

struct Read { // a part of the readout
  const Real& x;
  Real operator()(const Map& map) const { return mapped(map, x); }
  Real operator()(const Norm& norm) const { return normed(norm, x); }
  Real operator()(Activation activation) const { return activated(activation, x); }
};

} // namespace

Real logits(Kernel& k, const Problem& problem, const Inputs& inputs) {
  Shared shared(inputs.tokens);
  const std::vector<Positions> wanted = needed(problem);
  Values states = embedded(k, problem, wanted.front(), shared);
  for (std::size_t b = 0; b < problem.blocks.size(); ++b)
    states = through(problem, problem.blocks[b], states, wanted[b + 1], shared);
  Value x = pooled(k, problem, states, shared);
  for (const auto& part : problem.readout) x.x = std::visit(Read{x.x}, part);
  if (shared.count(x.on) == inputs.labels.size()) return x.x; // a row for each input, in their order
  return rows_at(x.x, shared.of_inputs(x.on));
}

} // namespace verifier::rules::any
