#include "networks/training/forward.hpp"

#include "networks/training/operations.hpp"

#include <bit>
#include <cmath>

namespace proofmark::networks {

namespace {

template <class Scalar>
using Residual = std::vector<Value<Scalar>*>; // by position; null where nothing reads it

template <class Scalar>
Value<Scalar>& mapped(Tape<Scalar>& tape, Value<Scalar>& x, const typename Matrices<Scalar>::Map& map,
                      typename Matrices<Scalar>::Map& gradient) {
  return mapped(tape, x, weight(map.weight, gradient.weight), weight(map.bias, gradient.bias));
}

template <class Scalar>
Value<Scalar>& normalised(Tape<Scalar>& tape, Value<Scalar>& x, const Norm<Matrices<Scalar>>& norm,
                          Norm<Matrices<Scalar>>& gradient) {
  return normalised(tape, x, norm.kind, norm.eps.nearest(), weight(norm.weight, gradient.weight),
                    weight(norm.bias, gradient.bias));
}

template <class Scalar>
Value<Scalar>& normalised(Tape<Scalar>& tape, Value<Scalar>& x, const std::optional<Norm<Matrices<Scalar>>>& norm,
                          std::optional<Norm<Matrices<Scalar>>>& gradient) {
  return norm ? normalised(tape, x, *norm, *gradient) : x;
}

// The positions that one sees are the first so many.
std::size_t seen(bool causal, std::size_t position, std::size_t positions) {
  return causal ? position + 1 : positions;
}

double factor(const Scores& scores, Eigen::Index head_width) {
  switch (scores.kind) {
  case Scores::Kind::scaled:
    return 1 / std::sqrt(static_cast<double>(head_width));
  case Scores::Kind::factor:
    return scores.factor.nearest();
  case Scores::Kind::unscaled:
  case Scores::Kind::uniform:
    break;
  }
  return 1;
}

// What each block reads and writes; a block and what it is paired with, its gradient.
template <class Scalar>
class Blocks {
public:
  Blocks(Tape<Scalar>& tape, const Weights<Scalar>& weights, Weights<Scalar>& gradient)
      : tape_(tape), weights_(weights), gradient_(gradient) {}

  // The residual after all blocks, at the positions that are wanted.
  Residual<Scalar> operator()(Residual<Scalar> residual, PositionSet wanted) {
    std::vector<PositionSet> written(weights_.blocks.size());
    for (std::size_t i = written.size(); i-- > 0;) {
      written[i] = wanted;
      const auto& attention = weights_.blocks[i].attention;
      if (!attention) continue;
      const auto last = static_cast<std::size_t>(std::bit_width(wanted) - 1);
      const std::size_t most = seen(attention->causal, last, residual.size());
      wanted |= ~PositionSet{0} >> (64 - most);
    }
    for (std::size_t i = 0; i < written.size(); ++i) residual = block(i, residual, written[i]);
    return residual;
  }

private:
  Residual<Scalar> block(std::size_t number, const Residual<Scalar>& x, PositionSet wanted) {
    const Block<Matrices<Scalar>>& w = weights_.blocks[number];
    Block<Matrices<Scalar>>& g = gradient_.blocks[number];
    Residual<Scalar> result(x.size());
    const Residual<Scalar> mixed = w.attention ? attention(*w.attention, *g.attention, w.post, x, wanted) : result;
    for (std::size_t p = 0; p < x.size(); ++p) {
      if (!(wanted >> p & 1)) continue;
      Value<Scalar>* state = x[p];
      if (w.attention) {
        state = &sum(tape_, *state, *mixed[p]);
        if (w.post) state = &normalised(tape_, *state, w.attention->norm, g.attention->norm);
      }
      if (w.mlp) {
        Value<Scalar>& read = w.block_input ? *x[p] : *state;
        Value<Scalar>& in = w.post ? read : normalised(tape_, read, w.mlp->norm, g.mlp->norm);
        Value<Scalar>& hidden = activated(tape_, mapped(tape_, in, w.mlp->in, g.mlp->in), w.mlp->activation);
        state = &sum(tape_, *state, mapped(tape_, hidden, w.mlp->out, g.mlp->out));
        if (w.post) state = &normalised(tape_, *state, w.mlp->norm, g.mlp->norm);
      }
      result[p] = state;
    }
    return result;
  }

  // What attention adds at the positions that are wanted.
  Residual<Scalar> attention(const Attention<Matrices<Scalar>>& w, Attention<Matrices<Scalar>>& g, bool post,
                             const Residual<Scalar>& x, PositionSet wanted) {
    const auto& table = weights_.position_table;
    Residual<Scalar> query(x.size()), key(x.size()), value(x.size()), result(x.size());
    for (std::size_t p = 0; p < x.size(); ++p) {
      if (!x[p]) continue;
      Value<Scalar>& read = post ? *x[p] : normalised(tape_, *x[p], w.norm, g.norm);
      value[p] = &mapped(tape_, read, w.value, g.value);
      if (!w.query) continue;
      Value<Scalar>& compared = table && table->to_scores
                                    ? shifted(tape_, read, weight(table->table, gradient_.position_table->table),
                                              static_cast<Eigen::Index>(p))
                                    : read;
      key[p] = &mapped(tape_, compared, *w.key, *g.key);
      if (wanted >> p & 1) query[p] = &mapped(tape_, compared, *w.query, *g.query);
    }
    const auto heads = static_cast<Eigen::Index>(w.heads);
    const auto scale = static_cast<Scalar>(w.query ? factor(w.scores, w.query->weight.cols() / heads) : 1);
    for (std::size_t p = 0; p < x.size(); ++p) {
      if (!(wanted >> p & 1)) continue;
      const std::size_t count = seen(w.causal, p, x.size());
      const std::span<Value<Scalar>*const> keys(key.data(), w.query ? count : 0), values(value.data(), count);
      result[p] = &mapped(tape_, attended(tape_, query[p], keys, values, heads, scale), w.output, g.output);
    }
    return result;
  }

  Tape<Scalar>& tape_;
  const Weights<Scalar>& weights_;
  Weights<Scalar>& gradient_;
};

template <class Scalar>
Value<Scalar>& embedded(Tape<Scalar>& tape, std::size_t p, const Weights<Scalar>& w, Weights<Scalar>& g) {
  const std::size_t map = w.tokens.size() == 1 ? 0 : p;
  Value<Scalar>& x = looked_up(tape, p, weight(w.tokens[map].weight, g.tokens[map].weight),
                               weight(w.tokens[map].bias, g.tokens[map].bias));
  if (!w.position_table || w.position_table->to_scores) return x;
  return shifted(tape, x, weight(w.position_table->table, g.position_table->table), static_cast<Eigen::Index>(p));
}

template <class Scalar>
Value<Scalar>& pooled(Tape<Scalar>& tape, const Weights<Scalar>& w, Weights<Scalar>& g,
                      const Residual<Scalar>& residual) {
  Value<Scalar>* result = nullptr;
  for (Value<Scalar>* x : residual) {
    if (!x) continue;
    Value<Scalar>& normed = normalised(tape, *x, w.norm, g.norm);
    result = result ? &sum(tape, *result, normed) : &normed;
  }
  return w.pool.kind == Pool::Kind::mean ? scaled(tape, *result, Scalar{1} / static_cast<Scalar>(w.positions))
                                         : *result;
}

} // namespace

template <class Scalar>
Value<Scalar>& logits(Tape<Scalar>& tape, const Weights<Scalar>& w, Weights<Scalar>& g) {
  PositionSet wanted = 0;
  for (const std::uint64_t p : pooled_positions(w)) wanted |= PositionSet{1} << p;
  Residual<Scalar> residual;
  for (std::size_t p = 0; p < w.positions; ++p) residual.push_back(&embedded(tape, p, w, g));
  residual = Blocks<Scalar>(tape, w, g)(std::move(residual), wanted);
  for (std::size_t p = 0; p < residual.size(); ++p)
    if (!(wanted >> p & 1)) residual[p] = nullptr;

  Value<Scalar>* x = &pooled(tape, w, g, residual);
  for (std::size_t i = 0; i < w.readout.size(); ++i) {
    const auto& part = w.readout[i];
    if (const auto* map = std::get_if<typename Matrices<Scalar>::Map>(&part))
      x = &mapped(tape, *x, *map, std::get<typename Matrices<Scalar>::Map>(g.readout[i]));
    else if (const auto* norm = std::get_if<Norm<Matrices<Scalar>>>(&part))
      x = &normalised(tape, *x, *norm, std::get<Norm<Matrices<Scalar>>>(g.readout[i]));
    else
      x = &activated(tape, *x, std::get<Activation>(part));
  }
  return *x;
}

template Value<float>& logits(Tape<float>&, const Weights<float>&, Weights<float>&);
template Value<double>& logits(Tape<double>&, const Weights<double>&, Weights<double>&);

} // namespace proofmark::networks
