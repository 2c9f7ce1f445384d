// What a network computes (schema/FORMAT.md, section 5): the structure alone, with whatever stands for its weights. In a
// `Description` that is names of tensors, in a `Network` matrices of doubles; training has others.
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace proofmark::networks {

// digits / 10^places, exactly, and as it was written.
struct Decimal {
  std::uint64_t digits = 0; // below 2^63
  unsigned places = 0;      // at most 18
  std::string text = "0";

  double nearest() const;     // off by at most two roundings
  Interval enclosure() const; // rigorous
  bool operator==(const Decimal&) const = default;
};
std::optional<Decimal> parse_exact_decimal(std::string_view); // "1e-5", as descriptions write it

enum class NormKind { layer, rms };
enum class Activation { relu, gelu, gelu_tanh, silu, tanh };

struct Scores {
  enum class Kind { scaled, unscaled, uniform, factor };
  Kind kind = Kind::scaled;
  Decimal factor = {}; // of Kind::factor
  bool operator==(const Scores&) const = default;
};

struct Pool {
  enum class Kind { last, sum, mean, position };
  Kind kind = Kind::last;
  std::uint64_t position = 0; // of Kind::position
  bool operator==(const Pool&) const = default;
};

// A family of weights has three types: Map (a matrix and perhaps a bias), Vector and Table.

template <class Weights>
struct Norm {
  NormKind kind = NormKind::layer;
  Decimal eps;
  std::optional<typename Weights::Vector> weight, bias;
  bool operator==(const Norm&) const = default;
};

template <class Weights>
struct Attention {
  std::optional<Norm<Weights>> norm;
  std::uint64_t heads = 1;
  std::optional<typename Weights::Map> query, key; // none where the scores are uniform
  typename Weights::Map value, output;
  bool causal = false;
  Scores scores;
  bool operator==(const Attention&) const = default;
};

template <class Weights>
struct Mlp {
  std::optional<Norm<Weights>> norm;
  typename Weights::Map in;
  Activation activation = Activation::relu;
  typename Weights::Map out;
  bool operator==(const Mlp&) const = default;
};

template <class Weights>
struct Block {
  std::optional<Attention<Weights>> attention;
  std::optional<Mlp<Weights>> mlp;
  bool post = false;        // norms are applied after the addition
  bool block_input = false; // the MLP reads what the attention reads
  bool operator==(const Block&) const = default;
};

template <class Weights>
struct PositionTable {
  typename Weights::Table table; // a row a position
  bool to_scores = false;        // added where queries and keys are read, else to the residual
  bool operator==(const PositionTable&) const = default;
};

template <class Weights>
struct Architecture {
  using Map = typename Weights::Map;
  using Part = std::variant<Map, Norm<Weights>, Activation>;

  std::uint64_t positions = 1; // n
  std::vector<Map> tokens;     // one, or one a position
  std::optional<PositionTable<Weights>> position_table;
  std::vector<Block<Weights>> blocks;
  std::optional<Norm<Weights>> norm; // of every position, before pooling
  Pool pool;
  std::vector<Part> readout;

  const Map& tokens_at(std::uint64_t position) const { return tokens.size() == 1 ? tokens[0] : tokens[position]; }
  bool operator==(const Architecture&) const = default;
};

// The positions that are read out.
template <class Weights>
std::vector<std::uint64_t> pooled_positions(const Architecture<Weights>& a) {
  if (a.pool.kind == Pool::Kind::last) return {a.positions - 1};
  if (a.pool.kind == Pool::Kind::position) return {a.pool.position};
  std::vector<std::uint64_t> all(a.positions);
  for (std::uint64_t p = 0; p < a.positions; ++p) all[p] = p;
  return all;
}

std::string_view name(Activation); // "gelu-tanh", as descriptions have it

} // namespace proofmark::networks
