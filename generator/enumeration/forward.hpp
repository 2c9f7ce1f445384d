// The forward pass on shapes: what a batch takes for each row of a set of positions (docs/rules/any/README.md).
//
// Everything that a batch is charged is linear in these rows, so the pass is run once, on tensors of one row, and each set pays for its
// own.
#pragma once

#include "enumeration/rows.hpp"
#include "lengths/tensor.hpp"
#include "networks/network.hpp"

#include <map>
#include <optional>

namespace proofmark::enumeration {

using AnyNorm = networks::Norm<networks::Matrices<double>>;

class Forward {
public:
  using Tensor = lengths::Tensor;
  using Map = networks::Matrices<double>::Map;
  using Attention = networks::Attention<networks::Matrices<double>>;
  using Block = networks::Block<networks::Matrices<double>>;

  // A row of a value, which its set pays for.
  struct Value {
    Tensor x;
    PositionSet on;
  };
  using Values = std::map<std::uint64_t, Value>; // by position

  explicit Forward(const networks::Network& network) : network_(network) {}

  std::map<PositionSet, Operations> of_row; // of each row of the set
  Operations once;                          // of a batch, whatever rows there are

  Value read_out(std::size_t parts); // the pooled row after so many parts of the readout: of all, the logits

  // What the MLP of the last block reads at position p, its norm apart, and the residual that it is added to.
  struct BeforeMlp {
    Value read, residual;
  };
  BeforeMlp before_last_mlp(std::uint64_t p);

  // What the last block reads, at every position that it needs.
  Values before_last_block();

  // Of attention: what it makes of each position before it compares any.
  struct Projected {
    Values queries, keys, values;
  };
  Projected projected(const Attention&, const std::optional<AnyNorm>& before, const Values&, PositionSet wanted);

  // Of positions that are compared, two at least: the shares of one of them.
  Tensor shares(std::uint64_t heads, const Value& query, const Values& keys, const std::vector<std::uint64_t>& seen,
                PositionSet on);

  Tensor applied(const Map&, const Tensor&);
  Tensor applied(const AnyNorm&, const Tensor&);
  Tensor applied(const std::optional<AnyNorm>& norm, const Tensor& x) { return norm ? applied(*norm, x) : x; }
  Tensor applied(networks::Activation, const Tensor&);
  Operations& payer(PositionSet on) { return of_row[on]; }

private:
  Tensor one_number() { return lengths::numbers(once, 1); }
  Tensor at(const Value&, PositionSet on);
  Value sum_of(const Value&, const Value&);
  Values attended(const Attention&, const std::optional<AnyNorm>& before, const Values&, PositionSet wanted);
  Tensor alike(const Values& values, const std::vector<std::uint64_t>& seen, PositionSet on);
  Tensor mixed(std::uint64_t heads, const Value& query, const Values& keys, const Values& values,
               const std::vector<std::uint64_t>& seen, PositionSet on);
  Values embedded(PositionSet wanted);
  Values through(const Block&, const Values& before, PositionSet wanted);
  Values after_blocks(std::size_t count);
  Value pooled(const Values&);

  const networks::Network& network_;
};

// The positions that a position sees in an attention, of those that have a value.
std::vector<std::uint64_t> seen_by(const Forward::Attention&, std::uint64_t position, const Forward::Values&);

// Before each block, and after the last one: the positions that are needed.
std::vector<PositionSet> needed(const networks::Network&);

// Norms are applied before what they belong to, or after the addition.
std::optional<AnyNorm> norm_before(const Forward::Block&, const std::optional<AnyNorm>&);

// What all batches share: every map, norm and table that the description has.
Operations tables_length(const networks::Network&);

} // namespace proofmark::enumeration
