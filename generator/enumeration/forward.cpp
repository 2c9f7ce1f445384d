#include "enumeration/forward.hpp"

#include "lengths/parts.hpp"

#include <bit>

namespace proofmark::enumeration {

using namespace lengths;
using lengths::Tensor;
using namespace networks;

// ---- parts ------------------------------------------------------------------------------------------------------------

Tensor Forward::at(const Value& x, PositionSet on) {
  return x.on == on ? x.x : copied(lent(x.x, payer(on)));
}

Forward::Value Forward::sum_of(const Value& a, const Value& b) {
  const PositionSet on = a.on | b.on;
  if (a.on != on && b.on == on) return sum_of(b, a);
  return {sums(at(a, on)), on};
}

Tensor Forward::applied(const Map& map, const Tensor& x) {
  return lengths::applied(map, x);
}

Tensor Forward::applied(const AnyNorm& norm, const Tensor& given) {
  Tensor x = given;
  if (norm.kind == NormKind::layer) products(sum(x)), x = sums(x);
  inverse(root(sums(products(sum(products(x))))));
  x = products(x);
  if (norm.weight) products(x);
  if (norm.bias) sums(x);
  return x;
}

Tensor Forward::applied(Activation activation, const Tensor& x) {
  return lengths::applied(activation, x, once);
}

std::optional<AnyNorm> norm_before(const Forward::Block& block, const std::optional<AnyNorm>& norm) {
  return block.post ? std::nullopt : norm;
}

// ---- attention --------------------------------------------------------------------------------------------------------

std::vector<std::uint64_t> seen_by(const Forward::Attention& a, std::uint64_t position, const Forward::Values& values) {
  std::vector<std::uint64_t> seen;
  for (const auto& [j, value] : values)
    if (!a.causal || j <= position) seen.push_back(j);
  return seen;
}

Forward::Projected Forward::projected(const Attention& a, const std::optional<AnyNorm>& before, const Values& x,
                                      PositionSet wanted) {
  const bool compares = a.query.has_value() && x.size() > 1;
  const bool placed = network_.position_table && network_.position_table->to_scores;
  const bool factor = a.scores.kind == Scores::Kind::scaled || a.scores.kind == Scores::Kind::factor;
  Projected result;
  for (const auto& [j, state] : x) {
    const Tensor read = applied(before, state.x);
    result.values.emplace(j, Value{applied(a.value, read), state.on});
    if (!compares) continue;
    if (placed) sums(read);
    result.keys.emplace(j, Value{applied(*a.key, read), state.on});
    if ((wanted >> j & 1) == 0) continue;
    const Tensor query = applied(*a.query, read);
    result.queries.emplace(j, Value{factor ? products(query) : query, state.on});
  }
  return result;
}

Forward::Values Forward::attended(const Attention& a, const std::optional<AnyNorm>& before, const Values& x,
                                  PositionSet wanted) {
  const auto [queries, keys, values] = projected(a, before, x, wanted);
  const bool compares = !queries.empty();
  Values added;
  for (const auto& [i, state] : x) {
    if ((wanted >> i & 1) == 0) continue;
    const std::vector<std::uint64_t> seen = seen_by(a, i, values);
    PositionSet on = compares ? state.on : 0;
    for (const std::uint64_t j : seen) on |= values.at(j).on;
    const Tensor sum =
        compares && seen.size() > 1 ? mixed(a.heads, queries.at(i), keys, values, seen, on) : alike(values, seen, on);
    added.emplace(i, Value{applied(a.output, sum), on});
  }
  return added;
}

Tensor Forward::alike(const Values& values, const std::vector<std::uint64_t>& seen, PositionSet on) {
  const Tensor first = at(values.at(seen.front()), on);
  if (seen.size() == 1) return first;
  for (std::size_t j = 1; j < seen.size(); ++j) sums(at(values.at(seen[j]), on));
  inverse(one_number());
  return products(first);
}

Tensor Forward::shares(std::uint64_t heads, const Value& query, const Values& keys,
                       const std::vector<std::uint64_t>& seen, PositionSet on) {
  const std::size_t m = seen.size();
  for (const std::uint64_t j : seen) {
    const Value& key = keys.at(j);
    const PositionSet pair = query.on | key.on;
    const Tensor q = at(query, pair);
    at(key, pair);
    const Tensor each = products(q);
    const Tensor score = sum(Tensor{each.payer, heads, each.columns / heads}); // a row a head
    at({{&payer(pair), 1, score.rows}, pair}, on);
  }
  const Tensor scores{&payer(on), 1, heads};
  for (std::size_t j = 1; j < m; ++j) larger(scores, scores);
  copied(scores);
  for (std::size_t j = 0; j < m; ++j) exp(sums(scores));
  for (std::size_t j = 1; j + 1 < m; ++j) sums(scores), sums(scores), sums(scores); // first, last, others
  for (std::size_t j = 0; j < m; ++j) share(scores, scores);
  return scores;
}

Tensor Forward::mixed(std::uint64_t heads, const Value& query, const Values& keys, const Values& values,
                      const std::vector<std::uint64_t>& seen, PositionSet on) {
  const Tensor first = at(values.at(seen.front()), on);
  shares(heads, query, keys, seen, on);
  products(first);
  for (std::size_t j = 1; j < seen.size(); ++j) sums(products(at(values.at(seen[j]), on)));
  return first;
}

// ---- the network ------------------------------------------------------------------------------------------------------

std::vector<PositionSet> needed(const Network& network) {
  PositionSet pooled = 0;
  for (const std::uint64_t p : pooled_positions(network)) pooled |= PositionSet{1} << p;
  std::vector<PositionSet> sets{pooled};
  for (auto block = network.blocks.rbegin(); block != network.blocks.rend(); ++block) {
    const auto last = static_cast<unsigned>(std::bit_width(sets.back()) - 1);
    const PositionSet seen =
        ~PositionSet{0} >> (63 - (block->attention && block->attention->causal ? last : network.positions - 1));
    sets.push_back(block->attention ? seen : sets.back());
  }
  return {sets.rbegin(), sets.rend()};
}

Forward::Values Forward::embedded(PositionSet wanted) {
  Values x;
  for (std::uint64_t p = 0; p < network_.positions; ++p) {
    const PositionSet on = PositionSet{1} << p;
    if ((wanted & on) == 0) continue;
    const Tensor row = numbers(payer(on), 1, network_.width);
    if (network_.position_table && !network_.position_table->to_scores) sums(row);
    x.emplace(p, Value{row, on});
  }
  return x;
}

Forward::Values Forward::through(const Block& block, const Values& before, PositionSet wanted) {
  const auto norm_after = [&](const auto& part) -> std::optional<AnyNorm> {
    return block.post ? part.norm : std::nullopt;
  };
  Values added, after;
  if (block.attention) added = attended(*block.attention, norm_before(block, block.attention->norm), before, wanted);
  for (const auto& [p, input] : before) {
    if ((wanted >> p & 1) == 0) continue;
    Value x = input;
    const auto add = [&](const Value& part, const std::optional<AnyNorm>& norm) {
      x = sum_of(x, part);
      x.x = applied(norm, x.x);
    };
    if (block.attention) add(added.at(p), norm_after(*block.attention));
    if (block.mlp) {
      const Value read = block.block_input ? input : x;
      const Tensor hidden =
          applied(block.mlp->activation, applied(block.mlp->in, applied(norm_before(block, block.mlp->norm), read.x)));
      add({applied(block.mlp->out, hidden), read.on}, norm_after(*block.mlp));
    }
    after.emplace(p, x);
  }
  return after;
}

Forward::Values Forward::after_blocks(std::size_t count) {
  const std::vector<PositionSet> wanted = needed(network_);
  Values states = embedded(wanted.front());
  for (std::size_t b = 0; b < count; ++b) states = through(network_.blocks[b], states, wanted[b + 1]);
  return states;
}

Forward::Values Forward::before_last_block() {
  return after_blocks(network_.blocks.size() - 1);
}

Forward::BeforeMlp Forward::before_last_mlp(std::uint64_t p) {
  const Values before = before_last_block();
  Block attention = network_.blocks.back();
  attention.mlp.reset();
  const Value residual = through(attention, before, needed(network_).back()).at(p);
  return {attention.block_input ? before.at(p) : residual, residual};
}

Forward::Value Forward::pooled(const Values& states) {
  std::optional<Value> all;
  for (const auto& [p, state] : states) {
    const Value x{applied(network_.norm, state.x), state.on};
    all = all ? sum_of(*all, x) : x;
  }
  if (network_.pool.kind == Pool::Kind::mean) products(all->x);
  return *all;
}

Forward::Value Forward::read_out(std::size_t parts) {
  Value x = pooled(after_blocks(network_.blocks.size()));
  for (std::size_t i = 0; i < parts; ++i)
    x.x = std::visit([&](const auto& part) { return applied(part, x.x); }, network_.readout[i]);
  return x;
}

// ---- tables -----------------------------------------------------------------------------------------------------------

namespace {

// A table of the map's, and its bias.
void read(Operations& payer, const Forward::Map& map) {
  numbers(payer, map.weight.rows(), map.weight.cols());
  if (map.bias) numbers(payer, 1, map.weight.cols());
}
void read(Operations& payer, const AnyNorm& norm) {
  inverse(numbers(payer, 1)), numbers(payer, 1);
  for (const auto& row : {norm.weight, norm.bias})
    if (row) numbers(payer, 1, row->size());
}
void read(Operations&, Activation) {}
template <class Part>
void read(Operations& payer, const std::optional<Part>& part) {
  if (part) read(payer, *part);
}

} // namespace

Operations tables_length(const Network& network) {
  Operations tables;
  for (const Forward::Map& map : network.tokens) {
    read(tables, map);
    if (map.bias) sums({&tables, map.weight.rows(), map.weight.cols()});
  }
  if (network.position_table) numbers(tables, network.positions, network.width);
  for (const auto& block : network.blocks) {
    if (const auto& a = block.attention) {
      read(tables, a->norm), read(tables, a->query), read(tables, a->key), read(tables, a->value),
          read(tables, a->output);
      if (a->query && a->scores.kind == Scores::Kind::scaled) inverse(root(numbers(tables, 1)));
      if (a->query && a->scores.kind == Scores::Kind::factor) numbers(tables, 1);
    }
    if (const auto& m = block.mlp) read(tables, m->norm), read(tables, m->in), read(tables, m->out);
  }
  read(tables, network.norm);
  if (network.pool.kind == Pool::Kind::mean) inverse(numbers(tables, 1));
  for (const auto& part : network.readout) std::visit([&](const auto& p) { read(tables, p); }, part);
  return tables;
}

} // namespace proofmark::enumeration
