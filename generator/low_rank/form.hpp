// How low-rank@1 takes a description (docs/rules/any/low-rank.md, "Features"): logits U h + s.
#pragma once

#include "networks/network.hpp"

namespace proofmark::low_rank {

struct Form {
  using Map = networks::Matrices<double>::Map;
  enum class Kind { read_out, mlp, pooled }; // (a), (b), (c)

  Kind kind = Kind::pooled;
  std::vector<const Map*> maps; // W_1 .. W_r, of the network
  bool folded = false;          // (b) from an attention's values on
  std::uint64_t position = 0;   // (b): the one that is pooled
  std::uint64_t features = 0;   // m
  std::uint64_t classes = 0;    // C

  bool has_residual() const { return kind == Kind::mlp; } // s depends on the input
};

// The network outlives it. Throws Error (usage) where the readout does not end with a map.
Form form_of(const networks::Network&);

} // namespace proofmark::low_rank
