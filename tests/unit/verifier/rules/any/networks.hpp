// Networks as rules see them, drawn at random from every part there is, and their logits by definition with 400 bits: no table, no
// sharing, no shift. (check/network_test.cpp draws whole descriptions.)
#pragma once

#include "../truth.hpp"

#include "kernel/engine.hpp"
#include "rules/any/problem.hpp"

#include <random>

namespace networks {

namespace any = verifier::rules::any;
using namespace verifier::kernel;
using truth::Big;
using truth::Matrix;
using Row = std::vector<Big>;

struct Map {
  Matrix w, bias; // bias: a row, or none
};
struct Norm {
  bool subtracts_mean;
  std::uint64_t eps; // / 100
  Matrix weight, bias;
};
using OptionalNorm = std::optional<Norm>;
struct Attention {
  OptionalNorm before, after;
  std::size_t heads;
  std::optional<Map> query, key;
  Map value, output;
  bool causal;
  std::optional<std::uint64_t> factor; // / 100
};
struct Mlp {
  OptionalNorm before, after;
  Map in;
  any::Activation activation;
  Map out;
};
struct Block {
  std::optional<Attention> attention;
  std::optional<Mlp> mlp;
  bool mlp_reads_input;
};
struct Network {
  std::size_t n, C;
  std::vector<Matrix> tokens;
  Matrix position;
  bool to_scores;
  std::vector<Block> blocks;
  OptionalNorm norm;
  any::Positions pooled;
  bool mean;
  std::vector<std::variant<Map, Norm, any::Activation>> readout;
};

// ---- by definition -------------------------------------------------------------------------------------------------------

inline Row plus(Row x, const Row& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  return x;
}
inline Row row(const Matrix& x, std::size_t i) {
  Row row;
  for (const mpq_class& entry : x[i]) row.push_back(Big(entry));
  return row;
}
inline Row mapped(const Map& map, const Row& x) {
  Row y = map.bias.empty() ? Row(map.w.front().size()) : row(map.bias, 0);
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[i] * Big(map.w[i][j]);
  return y;
}
inline Row normed(const OptionalNorm& norm, Row x) {
  if (!norm) return x;
  Big mean, square;
  const Big d(static_cast<int>(x.size()));
  for (const Big& entry : x) mean += entry / d;
  for (Big& entry : x) entry -= norm->subtracts_mean ? mean : Big(0);
  for (const Big& entry : x) square += entry * entry / d;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] /= root(square + Big(mpq_class(norm->eps, 100)), 2);
    if (!norm->weight.empty()) x[i] *= Big(norm->weight[0][i]);
    if (!norm->bias.empty()) x[i] += Big(norm->bias[0][i]);
  }
  return x;
}
inline Big activated(any::Activation activation, const Big& x) {
  const Big u = root(Big(2) / Big::pi(), 2) * (x + Big(mpq_class(44715, 1000000)) * x * x * x);
  switch (activation) {
  case any::Activation::relu:
    return x < Big(0) ? Big(0) : x;
  case any::Activation::gelu:
    return x * normal_cdf(x);
  case any::Activation::gelu_tanh:
    return x / Big(2) * (Big(1) + tanh(u));
  case any::Activation::silu:
    return x / (Big(1) + exp(Big(0) - x));
  case any::Activation::tanh:
    break;
  }
  return tanh(x);
}
inline Row activated(any::Activation activation, Row x) {
  for (Big& entry : x) entry = activated(activation, entry);
  return x;
}

inline std::vector<Row> attended(const Network& net, const Attention& a, std::vector<Row> x) {
  std::vector<Row> q, k, v, added;
  for (std::size_t i = 0; i < net.n; ++i) {
    x[i] = normed(a.before, x[i]);
    v.push_back(mapped(a.value, x[i]));
    const Row placed = net.to_scores ? plus(x[i], row(net.position, i)) : x[i];
    if (a.query) q.push_back(mapped(*a.query, placed)), k.push_back(mapped(*a.key, placed));
  }
  const std::size_t h = a.query ? q[0].size() / a.heads : 0, w = v[0].size() / a.heads;
  for (std::size_t i = 0; i < net.n; ++i) {
    Row mixed(v[0].size());
    for (std::size_t head = 0; head < a.heads; ++head) {
      Row e;
      Big mass;
      for (std::size_t j = 0; j < (a.causal ? i + 1 : net.n); ++j) {
        Big dot;
        for (std::size_t c = head * h; c < (head + 1) * h; ++c) dot += q[i][c] * k[j][c];
        e.push_back(exp(dot * Big(a.factor ? mpq_class(*a.factor, 100) : mpq_class(1))));
        mass += e.back();
      }
      for (std::size_t j = 0; j < e.size(); ++j)
        for (std::size_t c = head * w; c < (head + 1) * w; ++c) mixed[c] += e[j] / mass * v[j][c];
    }
    added.push_back(mapped(a.output, mixed));
  }
  return added;
}

inline Row logits(const Network& net, const std::vector<Index>& t) {
  std::vector<Row> x;
  for (std::size_t i = 0; i < net.n; ++i) {
    x.push_back(row(net.tokens[net.tokens.size() == 1 ? 0 : i], t[i]));
    if (!net.position.empty() && !net.to_scores) x[i] = plus(x[i], row(net.position, i));
  }
  for (const Block& block : net.blocks) {
    const std::vector<Row> input = x;
    if (block.attention) {
      const std::vector<Row> added = attended(net, *block.attention, x);
      for (std::size_t i = 0; i < net.n; ++i) x[i] = normed(block.attention->after, plus(x[i], added[i]));
    }
    if (!block.mlp) continue;
    for (std::size_t i = 0; i < net.n; ++i) {
      const Row read = normed(block.mlp->before, block.mlp_reads_input ? input[i] : x[i]);
      const Row added = mapped(block.mlp->out, activated(block.mlp->activation, mapped(block.mlp->in, read)));
      x[i] = normed(block.mlp->after, plus(x[i], added));
    }
  }
  Row z(x[0].size());
  int count = 0;
  for (std::size_t i = 0; i < net.n; ++i)
    if (net.pooled >> i & 1) z = plus(z, normed(net.norm, x[i])), ++count;
  for (Big& entry : z) entry /= Big(net.mean ? count : 1);
  for (const auto& part : net.readout)
    z = part.index() == 0   ? mapped(std::get<0>(part), z)
        : part.index() == 1 ? normed(std::get<1>(part), z)
                            : activated(std::get<2>(part), z);
  return z;
}

// ---- drawing -------------------------------------------------------------------------------------------------------------

struct Drawing {
  std::mt19937_64 random;
  std::uint64_t below(std::uint64_t end) { return random() % end; }
  bool seldom() { return below(3) == 0; }
  Matrix matrix(std::size_t rows, std::size_t columns) {
    Matrix x(rows, std::vector<mpq_class>(columns));
    for (auto& entries : x)
      for (auto& entry : entries) entry = mpq_class(static_cast<long>(below(33)) - 16, 16), entry.canonicalize();
    return x;
  }
  Map map(std::size_t in, std::size_t out) { return {matrix(in, out), seldom() ? matrix(1, out) : Matrix()}; }
  OptionalNorm norm(std::size_t width) {
    if (seldom()) return {};
    return Norm{below(2) == 0, 1 + below(100), seldom() ? Matrix() : matrix(1, width),
                seldom() ? Matrix() : matrix(1, width)};
  }
  any::Activation activation() { return static_cast<any::Activation>(below(5)); }
  Block block(std::size_t d) {
    Block block{{}, {}, below(4) == 0};
    const bool post = seldom();
    const auto place = [&](auto& part) { (post ? part.after : part.before) = norm(d); };
    if (below(4) > 0) {
      const std::size_t heads = 1 + below(2), h = 1 + below(2), v = 1 + below(2);
      block.attention = Attention{{}, {}, heads, {}, {}, map(d, heads * v), map(heads * v, d), below(2) == 0, {}};
      if (!seldom()) block.attention->query = map(d, heads * h), block.attention->key = map(d, heads * h);
      if (block.attention->query && !seldom()) block.attention->factor = 1 + below(200);
      place(*block.attention);
    }
    if (!block.attention || seldom()) {
      const std::size_t m = 1 + below(3);
      block.mlp = Mlp{{}, {}, map(d, m), activation(), map(m, d)};
      place(*block.mlp);
    }
    return block;
  }
  Network network(std::size_t V) {
    const std::size_t d = 1 + below(3);
    Network net{1 + below(4), 0, {}, {}, false, {}, {}, 0, seldom(), {}};
    for (std::size_t tables = seldom() ? net.n : 1; tables > 0; --tables) net.tokens.push_back(matrix(V, d));
    if (!seldom()) net.position = matrix(net.n, d), net.to_scores = seldom();
    for (std::size_t blocks = below(3); blocks > 0; --blocks) net.blocks.push_back(block(d));
    if (seldom()) net.norm = norm(d);
    const any::Positions all = (any::Positions{1} << net.n) - 1;
    net.pooled = seldom() ? all : any::Positions{1} << below(net.n);
    std::size_t width = d;
    for (std::size_t parts = below(3); parts > 0; --parts) switch (below(3)) {
      case 0:
        net.readout.emplace_back(activation());
        break;
      case 1:
        if (const OptionalNorm some = norm(width)) net.readout.emplace_back(*some);
        break;
      default:
        net.readout.emplace_back(map(width, 2)), width = 2;
      }
    net.C = 1 + below(4);
    net.readout.emplace_back(map(width, net.C));
    return net;
  }
};

// ---- for the rule --------------------------------------------------------------------------------------------------------

struct Preparing {
  Kernel& k;

  static std::vector<double> entries(const Matrix& x) {
    std::vector<double> list;
    for (const auto& of_row : x)
      for (const mpq_class& entry : of_row) list.push_back(entry.get_d());
    return list;
  }
  Real real(const Matrix& x) const { return signed_numbers(k, {x.size(), x.front().size()}, entries(x)); }
  std::optional<Table<Real>> optional(const Matrix& x) const {
    return x.empty() ? std::nullopt : std::optional<Table<Real>>(real(x));
  }
  any::Map map(const Map& m) const {
    return {Weights(k, {m.w.size(), m.w.front().size()}, entries(m.w)), optional(m.bias)};
  }
  std::optional<any::Norm> norm(const OptionalNorm& n, std::size_t width) const {
    if (!n) return {};
    return any::Norm{n->subtracts_mean, inverse(number(k, width)), decimal(k, n->eps, 2), optional(n->weight),
                     optional(n->bias)};
  }
  any::Network network(const Network& net) const {
    const std::size_t d = net.tokens.front().front().size();
    any::Network network{net.n, net.C, {}, {}, {}, {}, norm(net.norm, d), net.pooled, {}, {}};
    for (const Matrix& table : net.tokens) network.tokens.push_back(real(table));
    (net.to_scores ? network.score_position : network.position) = optional(net.position);
    for (const Block& b : net.blocks) {
      any::Block block{{}, {}, b.mlp_reads_input};
      if (const auto& a = b.attention) {
        block.attention = any::Attention{norm(a->before, d), norm(a->after, d), a->heads,  {}, {},
                                         map(a->value),      map(a->output),    a->causal, {}};
        if (a->query) block.attention->query = map(*a->query), block.attention->key = map(*a->key);
        if (a->factor) block.attention->factor = decimal(k, *a->factor, 2);
      }
      if (const auto& m = b.mlp)
        block.mlp = any::Mlp{norm(m->before, d), norm(m->after, d), map(m->in), m->activation, map(m->out)};
      network.blocks.push_back(block);
    }
    if (net.mean) network.mean = inverse(number(k, static_cast<std::uint64_t>(__builtin_popcountll(net.pooled))));
    std::size_t width = d;
    for (const auto& part : net.readout) {
      if (part.index() == 0)
        network.readout.emplace_back(map(std::get<0>(part))), width = std::get<0>(part).w.front().size();
      if (part.index() == 1) network.readout.emplace_back(*norm(std::get<1>(part), width));
      if (part.index() == 2) network.readout.emplace_back(std::get<2>(part));
    }
    return network;
  }
};

} // namespace networks
