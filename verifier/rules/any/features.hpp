// The features of an input, and the linear map from them to its logits (docs/rules/any/low-rank.md, "Features").
#pragma once

#include "rules/any/network.hpp"

#include <span>

namespace verifier::rules::any {

// Maps one after the other, as one (docs/rules/any/README.md, "The last maps").
struct Product {
  Weights w;                    // [in x out]
  std::optional<Real> constant; // [1 x out]
};
Product product_of(Kernel&, std::span<const Map* const> maps); // one at least
Product before(const Map& first, const Product& rest);

enum class FeaturesOf { part, mlp, pool }; // (a), (b), (c)

struct TokenSpan { // of a position, in a task
  Index least, count;
};

// What an input's position adds, a row for each of its tokens: to what an activation reads, or to its logits, beside its features.
struct Path {
  Table<Real> own;                            // of the pooled position, with all constants
  std::vector<std::vector<Table<Real>>> seen; // of each position that it sees, of each head: times its share
};
struct Folded {
  std::vector<TokenSpan> tokens; // of each position that is seen
  std::vector<Table<Real>> keys; // of these
  Table<Real> query;
  Path read, direct;
};

struct Features {
  FeaturesOf of;
  std::size_t parts;                      // of the readout, before the last maps
  Table<Weights> u;                       // [m x C] the last maps: U, transposed
  std::optional<Table<Weights>> residual; // (b) [d x C] those after the MLP's
  std::optional<Table<Real>> constant;    // [1 x C]
  std::optional<Folded> folded;           // (b)
};
// `tokens` of all positions: folded.
Features prepare_features(Kernel&, const Network&, FeaturesOf, const std::optional<std::vector<TokenSpan>>& tokens);

struct FeaturesOfInputs {
  Real h;                // [inputs x m]
  std::optional<Real> s; // [inputs x C] logits are h u + s
};
FeaturesOfInputs features(Kernel&, const Network&, const Features&, const std::vector<Tokens>& tokens);

} // namespace verifier::rules::any
