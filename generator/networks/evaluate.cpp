#include "networks/evaluate.hpp"

#include "networks/evaluation/attention.hpp"
#include "networks/number.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <iterator>

namespace proofmark::networks {

namespace {

using PositionList = std::vector<std::uint64_t>;

// After each block, and before the first, the positions that something later reads.
std::vector<PositionList> needed(const Network& network) {
  std::vector<PositionList> result(network.blocks.size() + 1);
  result.back() = pooled_positions(network);
  for (std::size_t b = network.blocks.size(); b-- > 0;) {
    result[b] = result[b + 1];
    const auto& attention = network.blocks[b].attention;
    if (!attention) continue;
    result[b].clear();
    const std::uint64_t end = attention->causal ? result[b + 1].back() + 1 : network.positions;
    for (std::uint64_t p = 0; p < end; ++p) result[b].push_back(p);
  }
  return result;
}

template <class Number>
State<Number> embedded(const Network& network, Combinations& combinations, std::uint64_t position) {
  const PositionSet on = PositionSet{1} << position;
  const Values::Map& map = network.tokens_at(position);
  State<Number> state{Matrix<Number>(combinations.count(on), network.width), on};
  for (std::size_t r = 0; r < state.x.rows; ++r) {
    const auto row = map.weight.row(static_cast<Eigen::Index>(combinations.token(on, r, position)));
    for (std::size_t j = 0; j < network.width; ++j)
      state.x.row(r)[j] = exact_number<Number>(row[static_cast<Eigen::Index>(j)]);
  }
  if (map.bias) add_to_rows(state.x, map.bias->data());
  if (network.position_table && !network.position_table->to_scores)
    add_to_rows(state.x, network.position_table->table.row(static_cast<Eigen::Index>(position)).data());
  return state;
}

template <class Number>
Matrix<Number> transformed(const Mlp<Values>& mlp, const Matrix<Number>& x) {
  return mapped(activated(mapped(x, mlp.in), mlp.activation), mlp.out);
}

template <class Number>
void apply(const Block<Values>& block, Combinations& combinations, std::vector<State<Number>>& states,
           const PositionList& wanted, const Values::Table* scores_table) {
  std::vector<State<Number>> before;
  if (block.block_input) before = states;
  if (block.attention) {
    const auto& a = *block.attention;
    const auto added = attended(combinations, a, block.post ? std::nullopt : a.norm, states, wanted, scores_table);
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      State<Number>& state = states[wanted[w]];
      state = sum(combinations, state, added[w]);
      if (block.post) state.x = normalised(std::move(state.x), block.attention->norm);
    }
  }
  if (!block.mlp) return;
  for (const std::uint64_t p : wanted) {
    const State<Number>& read = block.block_input ? before[p] : states[p];
    const Matrix<Number> x = block.post ? read.x : normalised(read.x, block.mlp->norm);
    states[p] = sum(combinations, states[p], State<Number>{transformed(*block.mlp, x), read.on});
    if (block.post) states[p].x = normalised(std::move(states[p].x), block.mlp->norm);
  }
}

template <class Number>
Matrix<Number> read_out(const Network& network, Matrix<Number> x) {
  for (const auto& part : network.readout) {
    if (const auto* map = std::get_if<Values::Map>(&part)) x = mapped(x, *map);
    if (const auto* norm = std::get_if<Norm<Values>>(&part)) x = normalised(std::move(x), *norm);
    if (const auto* activation = std::get_if<Activation>(&part)) x = activated(std::move(x), *activation);
  }
  return x;
}

} // namespace

template <class Number>
Matrix<Number> logits(const Network& network, const Inputs& inputs) {
  Combinations combinations(inputs);
  const std::vector<PositionList> wanted = needed(network);
  std::vector<State<Number>> states(network.positions);
  for (const std::uint64_t p : wanted[0]) states[p] = embedded<Number>(network, combinations, p);
  const bool to_scores = network.position_table && network.position_table->to_scores;
  for (std::size_t b = 0; b < network.blocks.size(); ++b)
    apply(network.blocks[b], combinations, states, wanted[b + 1], to_scores ? &network.position_table->table : nullptr);
  for (const std::uint64_t p : wanted.back()) states[p].x = normalised(std::move(states[p].x), network.norm);
  State<Number> pooled = std::move(states[wanted.back()[0]]);
  for (std::size_t i = 1; i < wanted.back().size(); ++i) pooled = sum(combinations, pooled, states[wanted.back()[i]]);
  if (network.pool.kind == Pool::Kind::mean) {
    const Number part = inverse(exact_number<Number>(static_cast<double>(network.positions)));
    for (Number& entry : pooled.x.entries) entry = entry * part;
  }
  const Matrix<Number> rows = read_out(network, std::move(pooled.x));
  Matrix<Number> result(inputs.count(), rows.columns);
  const std::vector<std::uint32_t>& of_inputs = combinations.of_inputs(pooled.on);
  for (std::size_t i = 0; i < result.rows; ++i) std::copy_n(rows.row(of_inputs[i]), rows.columns, result.row(i));
  return result;
}

template <class Number>
Matrix<Number> logits(const Network& network, const Inputs& inputs, unsigned threads,
                      const std::function<void(double)>& progress) {
  constexpr std::size_t most =
      std::is_same_v<Number, Interval> ? 128 : 1024; // slow ones say more often how far they are
  const std::size_t count = inputs.count();
  const std::size_t size = std::clamp<std::size_t>(count / std::max(1u, threads), 1, most);
  Matrix<Number> result(count, network.classes);
  const std::size_t pieces = (count + size - 1) / size;
  const auto work = [&](std::size_t piece) {
    const std::size_t from = piece * size, to = std::min(count, from + size);
    Inputs batch;
    for (const std::vector<Token>& tokens : inputs.tokens)
      batch.tokens.emplace_back(tokens.begin() + static_cast<std::ptrdiff_t>(from),
                                tokens.begin() + static_cast<std::ptrdiff_t>(to));
    Matrix<Number> part = logits<Number>(network, batch);
    std::move(part.entries.begin(), part.entries.end(), result.row(from));
  };
  for_each_piece(pieces, threads, work, [&](std::size_t done) {
    if (progress) progress(static_cast<double>(done) / static_cast<double>(pieces));
  });
  return result;
}

template <class Number>
std::vector<LossAndMargin<Number>> losses(const Matrix<Number>& logits, const std::vector<Token>& labels) {
  std::vector<LossAndMargin<Number>> result;
  const Number zero = exact_number<Number>(0);
  std::vector<Number> beyond; // how far each other class lies above the label's
  for (std::size_t i = 0; i < logits.rows; ++i) {
    beyond.clear();
    for (std::size_t c = 0; c < logits.columns; ++c)
      if (c != labels[i]) beyond.push_back(logits.row(i)[c] - logits.row(i)[labels[i]]);
    if (beyond.empty()) {
      result.push_back({zero, zero});
      continue;
    }
    Number most = beyond[0], sum = zero;
    for (const Number& x : beyond) most = larger(most, x);
    // ln(1 + sum e^x) = shift + ln(1 + (e^-shift - 1 + sum e^(x - shift))), with a shift of 0 where nothing lies above.
    const double shift = std::max(0.0, middle(most));
    for (const Number& x : beyond) sum = sum + exponential(x - exact_number<Number>(shift));
    if (shift > 0) sum = sum + exponential(exact_number<Number>(-shift)) - exact_number<Number>(1);
    result.push_back({exact_number<Number>(shift) + log_one_plus(sum), zero - most});
  }
  return result;
}

#define FOR(Number)                                                                                                    \
  template Matrix<Number> logits(const Network&, const Inputs&);                                                       \
  template Matrix<Number> logits(const Network&, const Inputs&, unsigned, const std::function<void(double)>&);         \
  template std::vector<LossAndMargin<Number>> losses(const Matrix<Number>&, const std::vector<Token>&);
FOR(double)
FOR(Estimate)
FOR(Interval)
#undef FOR

} // namespace proofmark::networks
