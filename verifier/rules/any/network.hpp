// What rules for any description and any task see: the described network on the kernel, prepared once, and inputs in batches.
//
// Symbols as in schema/FORMAT.md, section 5: n positions, d the width of the residual, H heads, C classes. Row by row, a tensor has a
// row for each combination of tokens (Shared, below).
#pragma once

#include "kernel/operations.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace verifier::rules::any {

using namespace kernel;
using Tokens = std::vector<Index>;
using Positions = std::uint64_t; // a set of positions: bit p is position p

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

struct Problem {
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

inline constexpr std::size_t most_inputs = 1024; // of a batch

struct Inputs {
  std::vector<Tokens> tokens; // [n] of [inputs]
  Tokens labels;              // [inputs]
  Declared declared = {};
  Integer first = 0; // the index of the first
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

// What attention adds to these positions, of which `x` has all that they see (attention.cpp).
Values attended(const Problem&, const Attention&, const Values& x, Positions wanted, Shared&);

Real logits(Kernel& k, const Problem& problem, const Inputs& inputs); // [inputs x C]

// A rule is about the inputs of a batch.
using Rule = Result (*)(Kernel&, const Problem&, const Inputs&);
Result enumeration(Kernel& k, const Problem& problem, const Inputs& inputs);

} // namespace verifier::rules::any
