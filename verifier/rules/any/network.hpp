// The described network on the kernel, prepared once, and what it makes of a batch of inputs.
//
// Symbols as in schema/FORMAT.md, section 5: n positions, d the width of the residual, H heads, C classes. Row by row, a tensor has a
// row for each combination of tokens (Shared, below).
#pragma once

#include "kernel/operations.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace verifier::rules::any {

using namespace kernel;
using Tokens = std::vector<Index>;
using Positions = std::uint64_t;                      // a set of positions: bit p is position p
inline Positions first_positions(std::size_t count) { // one at least
  return ~Positions{0} >> (64 - count);
}
inline bool is_in(Positions set, std::size_t position) {
  return (set >> position & 1) == 1;
}

struct Map {
  Table<Weights> w;                // [in x out]
  std::optional<Table<Real>> bias; // [1 x out]
};
struct Norm {
  bool subtracts_mean;
  Table<Positive> part, eps;               // 1 over the width; eps
  std::optional<Table<Real>> weight, bias; // [1 x width]
};
enum class Activation { relu, gelu, gelu_tanh, silu, tanh };

struct Attention {
  std::optional<Norm> before, after; // of what it reads; of the residual, once it is added
  std::size_t heads;
  std::optional<Map> query, key; // [d x Hh]; none: all scores are 0
  Map value, output;             // [d x Hv], [Hv x d]
  bool causal;
  std::optional<Table<Positive>> factor; // of scores; none: 1
};
struct Mlp {
  std::optional<Norm> before, after;
  Map in;
  Activation activation;
  Map out;
};
struct Block { // one part or both
  std::optional<Attention> attention;
  std::optional<Mlp> mlp;
  bool mlp_reads_input; // what the attention reads, not what it leaves
};

struct Network {
  std::size_t positions, classes;
  std::vector<Table<Real>> tokens;           // of all positions, or of each: [tokens x d], biases added
  std::optional<Table<Real>> position;       // [n x d] row p is added to position p
  std::optional<Table<Real>> score_position; // [n x d] row p is added to what queries and keys are maps of
  std::vector<Block> blocks;
  std::optional<Norm> norm; // of each position, after the blocks
  Positions pooled;
  std::optional<Table<Positive>> mean; // 1 over their number; none: their sum
  std::vector<std::variant<Map, Norm, Activation>> readout;
};

// Which inputs agree. A value that depends on the tokens of some positions alone is computed once for each combination of them that
// occurs in the batch: it has a row for each, in the order in which they occur first. So prefixes, pairs of positions and repeated
// tokens are shared, and nothing is shared between batches.
class Shared {
public:
  explicit Shared(const std::vector<Tokens>& tokens) : tokens_(tokens) {}
  Tokens tokens(std::size_t position, Positions on); // the token at a position of `on`, of each row
  Tokens route(Positions from, Positions to);        // for each row of `from` its row of `to`, a subset
  const Tokens& of_inputs(Positions on);             // for each input its row
  std::size_t count(Positions on);                   // rows
  std::size_t inputs() const { return tokens_.front().size(); }

private:
  struct Rows {
    Tokens of, first; // for each input its row; for each row the first input
  };
  const Rows& rows(Positions on);
  const std::vector<Tokens>& tokens_;
  std::map<Positions, Rows> known_;
};

struct Value {
  Real x;       // a row for each combination of tokens on these:
  Positions on; // the positions that it depends on
};
using Values = std::map<std::size_t, Value>; // by position
// A row for each combination on more positions.
Real at(const Value&, Positions on, Shared&);
Value sum(const Value&, const Value&, Shared&);

// ---- parts of a network: row by row (parts.cpp) ----------------------------------------------------------------------

Real mapped(const Map&, const Real& x);
Real normed(const std::optional<Norm>&, const Real& x);
Real activated(Activation, const Real& x);

// What attention makes of each position, of `x`; queries of those that are wanted. Neither queries nor keys where no score matters.
struct Projected {
  Values queries, keys, values;
};
Projected projected(const Network&, const Attention&, const Values& x, Positions wanted);
// Of a position that sees the first `seen` ones: the share of each, a column a head.
std::vector<Share> shares(const Attention&, const Value& query, const Values& keys, std::size_t seen, Positions on,
                          Shared&);
// What attention adds to these positions, of which `x` has all that they see (attention.cpp).
Values attended(const Network&, const Attention&, const Values& x, Positions wanted, Shared&);

// States of the positions that are needed: before a block; there also once its attention is added, of those that are needed after
// it; of all that are pooled after the last block, in one row.
Values states_before(Kernel&, const Network&, std::size_t block, Shared&);
Values with_attention(const Network&, std::size_t block, const Values& before, Shared&);
Value pooled(Kernel&, const Network&, Shared&);
Value read_out(const Network&, const Value& pooled, std::size_t parts); // by the first parts of the readout
Real of_inputs(const Value&, Shared&);                                  // a row for each input, in their order
Real logits(Kernel&, const Network&,
            const std::vector<Tokens>& tokens); // [inputs x C], of a batch, whose tokens are [n] of [inputs]

} // namespace verifier::rules::any
