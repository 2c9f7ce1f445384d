#include "enumeration/length.hpp"

#include "lengths/parts.hpp"

#include <algorithm>
#include <bit>

namespace proofmark::enumeration {

namespace {

using namespace lengths;
using lengths::Tensor;
using namespace networks;
using Map = Matrices<double>::Map;
using AnyNorm = Norm<Matrices<double>>;

// A row of a value, which its set pays for.
struct Value {
  Tensor x;
  PositionSet on;
};
using Values = std::map<std::uint64_t, Value>; // by position

class Run {
public:
  Run(const Network& network, Compared compared) : network_(network) {
    Value x = pooled(after_blocks());
    for (const auto& part : network.readout) x.x = std::visit([&](const auto& p) { return applied(p, x.x); }, part);
    result.logits = x.on;
    numbers(result.of_copied_input, 1, x.x.columns);
    rule({&result.of_input, 1, x.x.columns}, compared);
  }

  BatchLength result;

private:
  Operations& payer(PositionSet on) { return result.of_row[on]; }
  Tensor on_its_own(const Tensor& x) { return lent(x, result.once); } // one number, whatever rows there are
  Tensor one_number() { return numbers(result.once, 1); }

  Tensor at(const Value& x, PositionSet on) { return x.on == on ? x.x : copied(lent(x.x, payer(on))); }
  Value sum_of(const Value& a, const Value& b) {
    const PositionSet on = a.on | b.on;
    if (a.on != on && b.on == on) return sum_of(b, a);
    return {sums(at(a, on)), on};
  }

  // ---- parts ----------------------------------------------------------------------------------------------------------

  Tensor applied(const Map& map, const Tensor& x) { return lengths::applied(map, x); }
  Tensor applied(const AnyNorm& norm, const Tensor& given) {
    Tensor x = given;
    if (norm.kind == NormKind::layer) products(sum(x)), x = sums(x);
    inverse(root(sums(products(sum(products(x))))));
    x = products(x);
    if (norm.weight) products(x);
    if (norm.bias) sums(x);
    return x;
  }
  Tensor applied(const std::optional<AnyNorm>& norm, const Tensor& x) { return norm ? applied(*norm, x) : x; }

  Tensor applied(Activation activation, const Tensor& x) { return lengths::applied(activation, x, result.once); }

  // ---- attention ------------------------------------------------------------------------------------------------------

  Values attended(const Attention<Matrices<double>>& a, const std::optional<AnyNorm>& before, const Values& x,
                  PositionSet wanted) {
    const bool compares = a.query.has_value() && x.size() > 1;
    const bool placed = network_.position_table && network_.position_table->to_scores;
    const bool factor = a.scores.kind == Scores::Kind::scaled || a.scores.kind == Scores::Kind::factor;
    Values queries, keys, values, added;
    for (const auto& [j, state] : x) {
      const Tensor read = applied(before, state.x);
      values.emplace(j, Value{applied(a.value, read), state.on});
      if (!compares) continue;
      if (placed) sums(read);
      keys.emplace(j, Value{applied(*a.key, read), state.on});
      if ((wanted >> j & 1) == 0) continue;
      const Tensor query = applied(*a.query, read);
      queries.emplace(j, Value{factor ? products(query) : query, state.on});
    }
    for (const auto& [i, state] : x) {
      if ((wanted >> i & 1) == 0) continue;
      std::vector<std::uint64_t> seen;
      PositionSet on = compares ? state.on : 0;
      for (const auto& [j, value] : values)
        if (!a.causal || j <= i) seen.push_back(j), on |= value.on;
      const Tensor mixed = compares ? by_scores(a, queries.at(i), keys, values, seen, on) : alike(values, seen, on);
      added.emplace(i, Value{applied(a.output, mixed), on});
    }
    return added;
  }

  Tensor alike(const Values& values, const std::vector<std::uint64_t>& seen, PositionSet on) {
    const Tensor first = at(values.at(seen.front()), on);
    if (seen.size() == 1) return first;
    for (std::size_t j = 1; j < seen.size(); ++j) sums(at(values.at(seen[j]), on));
    inverse(one_number());
    return products(first);
  }

  Tensor by_scores(const Attention<Matrices<double>>& a, const Value& query, const Values& keys, const Values& values,
                   const std::vector<std::uint64_t>& seen, PositionSet on) {
    const Tensor first = at(values.at(seen.front()), on);
    const std::size_t m = seen.size();
    if (m == 1) return first;
    const Integer heads = a.heads;
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
    products(first);
    for (std::size_t j = 1; j < m; ++j) sums(products(at(values.at(seen[j]), on)));
    return first;
  }

  // ---- the network ----------------------------------------------------------------------------------------------------

  // Before each block, and after the last one: the positions that are needed.
  std::vector<PositionSet> needed() const {
    PositionSet pooled = 0;
    for (const std::uint64_t p : pooled_positions(network_)) pooled |= PositionSet{1} << p;
    std::vector<PositionSet> sets{pooled};
    for (auto block = network_.blocks.rbegin(); block != network_.blocks.rend(); ++block) {
      const auto last = static_cast<unsigned>(std::bit_width(sets.back()) - 1);
      const PositionSet seen =
          ~PositionSet{0} >> (63 - (block->attention && block->attention->causal ? last : network_.positions - 1));
      sets.push_back(block->attention ? seen : sets.back());
    }
    return {sets.rbegin(), sets.rend()};
  }

  Values embedded(PositionSet wanted) {
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

  Values through(const Block<Matrices<double>>& block, const Values& before, PositionSet wanted) {
    const auto norm_of = [&](const auto& part, bool after) -> std::optional<AnyNorm> {
      return block.post == after ? part.norm : std::nullopt;
    };
    Values added, after;
    if (block.attention) added = attended(*block.attention, norm_of(*block.attention, false), before, wanted);
    for (const auto& [p, input] : before) {
      if ((wanted >> p & 1) == 0) continue;
      Value x = input;
      const auto add = [&](const Value& part, const std::optional<AnyNorm>& norm) {
        x = sum_of(x, part);
        x.x = applied(norm, x.x);
      };
      if (block.attention) add(added.at(p), norm_of(*block.attention, true));
      if (block.mlp) {
        const Value read = block.block_input ? input : x;
        const Tensor hidden =
            applied(block.mlp->activation, applied(block.mlp->in, applied(norm_of(*block.mlp, false), read.x)));
        add({applied(block.mlp->out, hidden), read.on}, norm_of(*block.mlp, true));
      }
      after.emplace(p, x);
    }
    return after;
  }

  Values after_blocks() {
    const std::vector<PositionSet> wanted = needed();
    Values states = embedded(wanted.front());
    for (std::size_t b = 0; b < network_.blocks.size(); ++b)
      states = through(network_.blocks[b], states, wanted[b + 1]);
    return states;
  }

  Value pooled(const Values& states) {
    std::optional<Value> all;
    for (const auto& [p, state] : states) {
      const Value x{applied(network_.norm, state.x), state.on};
      all = all ? sum_of(*all, x) : x;
    }
    if (network_.pool.kind == Pool::Kind::mean) products(all->x);
    return *all;
  }

  void rule(const Tensor& logits, Compared compared) {
    const Tensor beyond = sums(logits);
    add_to_total(log_sum_exp(beyond));
    if ((!compared.correct && !compared.margin) || logits.columns == 1) return;
    const Tensor margin = copied(column(largest_of_others(beyond)));
    one_number(), sums(margin);
    for (int i = 0; i < 4; ++i) signs(margin); // both signs, the least, the least of those that are not open
    if (compared.margin) signs(margin);        // which reach what is declared
  }

  const Network& network_;
};

// A table of the map's, and its bias.
void read(Operations& payer, const Map& map) {
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

std::uint64_t whole(const Operations& operations) {
  return static_cast<std::uint64_t>(operations.length());
}

} // namespace

BatchLength batch_length(const Network& network, Compared compared) {
  return Run(network, compared).result;
}

Operations tables_length(const Network& network) {
  Operations tables;
  for (const Map& map : network.tokens) {
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

Length::Length(const Network& network, const Domain& domain, Compared compared)
    : domain_(domain), tables_(tables_length(network).length()) {
  const BatchLength batch = batch_length(network, compared);
  for (const auto& [on, operations] : batch.of_row) {
    if (on == batch.logits) logits_ = sets_.size();
    sets_.push_back(on);
    of_row_.push_back(whole(operations));
  }
  of_input_ = whole(batch.of_input), once_ = whole(batch.once), of_copied_input_ = whole(batch.of_copied_input);
}

Integer Length::batch(std::uint64_t from, std::uint64_t to) const {
  const std::vector<std::uint64_t> counts = rows(domain_, from, to, sets_);
  Integer length = Integer(of_input_) * (to - from) + once_;
  for (std::size_t i = 0; i < sets_.size(); ++i) length += Integer(of_row_[i]) * counts[i];
  if (counts[logits_] != to - from) length += Integer(of_copied_input_) * (to - from);
  return length;
}

Integer Length::step(std::uint64_t from, std::uint64_t to) const {
  Integer length;
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t end = std::min(to, (at / batch_size + 1) * batch_size);
    length += batch(at, end);
    at = end;
  }
  return length;
}

Integer Length::about(std::uint64_t from, std::uint64_t to) const {
  constexpr std::uint64_t samples = 1024;
  const std::uint64_t batches = (to - from) / batch_size;
  if (batches <= 2 * samples) return step(from, to);
  Integer length;
  for (std::uint64_t i = 0; i < samples; ++i) {
    const std::uint64_t first = (from / batch_size + batches / samples * i) * batch_size;
    length += batch(first, first + batch_size);
  }
  return length * batches / samples;
}

Integer unshared_length(const Network& network, const Integer& inputs, Compared compared) {
  const BatchLength batch = batch_length(network, compared);
  Integer each = batch.of_input.length() + batch.once.length();
  for (const auto& [on, operations] : batch.of_row) each += operations.length();
  return each * inputs;
}

} // namespace proofmark::enumeration
