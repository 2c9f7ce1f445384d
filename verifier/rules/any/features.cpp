#include "rules/any/features.hpp"

#include <algorithm>
#include <bit>

namespace verifier::rules::any {
namespace {

std::size_t position_of(Positions one) {
  return static_cast<std::size_t>(std::countr_zero(one));
}
std::size_t parts_before_last_maps(const Network& network) {
  std::size_t parts = network.readout.size();
  while (parts > 0 && std::holds_alternative<Map>(network.readout[parts - 1])) --parts;
  return parts;
}
std::vector<const Map*> last_maps(const Network& network) {
  std::vector<const Map*> maps;
  for (std::size_t i = parts_before_last_maps(network); i < network.readout.size(); ++i)
    maps.push_back(&std::get<Map>(network.readout[i]));
  return maps;
}

// ---- folded: everything from the values on, up to the activation, is linear ------------------------------------------

Real to_rows(const Real& x, const Product& map) {
  const Real y = linear(x, map.w);
  return map.constant ? y + repeat_rows(*map.constant, y.rows()) : y;
}

// The pooled position's own state through `map`, and each value through the attention's output and `map`.
Path path(const Attention& a, const Product& map, const Real& own, const Values& values) {
  const Product of_values = before(a.output, map);
  Path path{to_rows(own, {map.w, of_values.constant}), {}};
  const std::size_t v = a.value.w.columns() / a.heads;
  for (const auto& [j, value] : values) {
    auto& of_heads = path.seen.emplace_back();
    for (std::size_t from = 0; from < a.value.w.columns(); from += v)
      of_heads.push_back(linear(columns(value.x, from, from + v), rows(of_values.w, from, from + v)));
  }
  return path;
}

// Each position has each of its tokens in one batch.
std::vector<Tokens> each_token(const std::vector<TokenSpan>& ranges) {
  const Index most = std::ranges::max_element(ranges, {}, &TokenSpan::count)->count;
  std::vector<Tokens> tokens;
  for (const auto& [least, count] : ranges) {
    Tokens& of_position = tokens.emplace_back();
    for (Index i = 0; i < most; ++i) of_position.push_back(least + std::min(i, count - 1));
  }
  return tokens;
}

Folded fold(Kernel& k, const Network& network, const Product& residual, const std::optional<Real>& constant,
            const std::vector<TokenSpan>& ranges) {
  const Block& block = network.blocks.back();
  const Attention& a = *block.attention;
  const std::vector<Tokens> tokens = each_token(ranges);
  Shared shared(tokens);
  const Values x = states_before(k, network, network.blocks.size() - 1, shared);
  const auto [queries, keys, values] = projected(network, a, x, network.pooled);
  const Real& own = x.at(position_of(network.pooled)).x;
  Folded folded{.tokens = ranges,
                .keys = {},
                .query = queries.begin()->second.x,
                .read = path(a, product_of(k, std::vector{&block.mlp->in}), own, values),
                .direct = path(a, {residual.w, constant}, own, values)};
  for (const auto& [j, key] : keys) folded.keys.push_back(key.x);
  return folded;
}

// Of each row of a set of positions.
Real along(const Path& path, const std::vector<Share>& shares, const std::vector<Tokens>& at, const Tokens& own) {
  Kernel& k = shares.front().kernel();
  std::vector<Multiple> terms;
  for (std::size_t j = 0; j < shares.size(); ++j)
    for (std::size_t head = 0; head < shares[j].columns(); ++head)
      terms.push_back({column(shares[j], head), with(k, path.seen[j][head]), at[j]});
  return plus_rows_at(sum_of_multiples(terms), with(k, path.own), own);
}

struct Rows {
  Value h;
  std::optional<Value> s;
};

Rows folded_rows(Kernel& k, const Network& network, const Folded& folded, Shared& shared) {
  const Block& block = network.blocks.back();
  const std::size_t seen = folded.keys.size(), own = position_of(network.pooled);
  const auto rows_of = [&](std::size_t j, Positions on) { // of its tables
    Tokens rows = shared.tokens(j, on);
    for (Index& token : rows) token -= folded.tokens[j].least;
    return rows;
  };
  const auto value = [&](const Table<Real>& table, std::size_t j) {
    const Positions on = Positions{1} << j;
    return Value{rows_at(with(k, table), rows_of(j, on)), on};
  };
  Values keys;
  for (std::size_t j = 0; j < seen; ++j) keys.emplace(j, value(folded.keys[j], j));
  const Positions on = first_positions(seen);
  const std::vector<Share> shares = any::shares(*block.attention, value(folded.query, own), keys, seen, on, shared);
  std::vector<Tokens> at;
  for (std::size_t j = 0; j < seen; ++j) at.push_back(rows_of(j, on));
  const Real read = along(folded.read, shares, at, at[own]);
  return {{activated(block.mlp->activation, read), on}, Value{along(folded.direct, shares, at, at[own]), on}};
}

// ---- (b): activations of the last MLP ----------------------------------------------------------------------------------

Rows mlp_rows(Kernel& k, const Network& network, const Features& features, Shared& shared) {
  const std::size_t last = network.blocks.size() - 1, p = position_of(network.pooled);
  const Block& block = network.blocks[last];
  const Values input = states_before(k, network, last, shared);
  const Value x = with_attention(network, last, input, shared).at(p);
  const Value& read = block.mlp_reads_input ? input.at(p) : x;
  const Real h = activated(block.mlp->activation, mapped(block.mlp->in, normed(block.mlp->before, read.x)));
  Real s = linear(x.x, with(k, *features.residual));
  if (features.constant) s = s + repeat_rows(with(k, *features.constant), s.rows());
  return {{h, read.on}, Value{s, x.on}};
}

Rows rows_of(Kernel& k, const Network& network, const Features& features, Shared& shared) {
  if (features.folded) return folded_rows(k, network, *features.folded, shared);
  if (features.of == FeaturesOf::mlp) return mlp_rows(k, network, features, shared);
  return {read_out(network, pooled(k, network, shared), features.parts), std::nullopt};
}

} // namespace

Product before(const Map& first, const Product& rest) {
  Kernel& k = rest.w.kernel();
  Product all{with(k, first.w) * rest.w, rest.constant};
  if (!first.bias) return all;
  const Real more = linear(with(k, *first.bias), rest.w);
  all.constant = all.constant ? *all.constant + more : more;
  return all;
}

Product product_of(Kernel& k, std::span<const Map* const> maps) {
  const Map& last = *maps.back();
  Product product{with(k, last.w), last.bias ? std::optional(with(k, *last.bias)) : std::nullopt};
  for (std::size_t i = maps.size() - 1; i > 0;) product = before(*maps[--i], product);
  return product;
}

Features prepare_features(Kernel& k, const Network& network, FeaturesOf of,
                          const std::optional<std::vector<TokenSpan>>& tokens) {
  Product maps = product_of(k, last_maps(network));
  Features features{
      .of = of, .parts = parts_before_last_maps(network), .u = maps.w, .residual = {}, .constant = {}, .folded = {}};
  if (of == FeaturesOf::mlp) {
    const Product residual = maps;
    maps = before(network.blocks.back().mlp->out, residual);
    features.residual = residual.w;
    if (tokens) features.folded = fold(k, network, residual, maps.constant, *tokens);
  }
  if (maps.constant) features.constant = *maps.constant;
  // Less one number a feature, which all classes have in common.
  const Real mean = spread(inverse(number(k, network.classes)), {maps.w.rows(), 1}) * sum(rounded(maps.w));
  features.u = shifted(maps.w, mean);
  return features;
}

FeaturesOfInputs features(Kernel& k, const Network& network, const Features& of, const std::vector<Tokens>& tokens) {
  Shared shared(tokens);
  const auto [h, s] = rows_of(k, network, of, shared);
  FeaturesOfInputs found{of_inputs(h, shared), {}};
  if (s)
    found.s = of_inputs(*s, shared);
  else if (of.constant)
    found.s = repeat_rows(with(k, *of.constant), shared.inputs());
  return found;
}

} // namespace verifier::rules::any
