// What the rules of models that sum one embedding a token see: docs/rules/README.md has the notation.
//
// Everything was read, checked and computed before: witnesses lie within their ranges, tables were made and charged once. A
// rule takes any range of labels; what it establishes, and what it is charged, is the same however labels are divided.
#pragma once

#include "rules/result.hpp"

#include <optional>
#include <vector>

namespace verifier::rules::token_sum {

using namespace kernel;
using Token = Index;

struct Labels {
  Token from, to; // from .. to-1
};

// Of block-jensen@1.
struct Blocks {
  std::vector<Token> starts; // [B + 1] ascending from 0; the last is V
  Table<Positive> means;     // [B x V] B_I[k] = sum_{a in I} u_a A[a,k] / |I|
  Table<Real> logarithms;    // [V x 1] ln u_a
};

// Of head-tail@1, as decoded. The head of token a at level l is the first sizes[l] outputs of row a.
struct HeadTailWitness {
  std::size_t longest;              // m
  std::vector<Index> heads;         // [V x m] outputs, different ones in a row
  std::vector<Index> sizes;         // [K] ascending, 1 .. m; the last may be V: that level is exact
  std::vector<std::uint8_t> levels; // [C(V+n-1, n)] of each sorted input, below K; empty: all 0
  std::vector<Index> groups;        // [V] of each output, below V; empty: all 0
  std::vector<Stored> weights;      // [V] w > 0; empty: 1
  std::vector<Stored> token_multipliers, label_multipliers; // [V] u, v >= 0; empty: 0
};
// Its tables.
struct HeadTail {
  HeadTailWitness witness;
  Table<Positive> first, other; // n >= 3: [V x V] A^p w and A^p / w, of which each label's tails are made
  std::vector<Table<Positive>> first_tails, other_tails; // n = 2: tails of all labels (tails.hpp)
  Table<Positive> token_multipliers;                     // [V x 1] u; like the next two, only if there are some
  Table<Positive> label_multipliers;                     // [V x 1] v
  Table<Positive> totals;                                // [V x 1] T
};

struct Problem {
  std::size_t V, n;
  bool correct;      // count correct inputs, and find the least margin where the rule can
  Table<Real> L;     // [V x V] M[a,k] - s_a; row a = token, column k = output
  Table<Positive> A; // [V x V] exp L
  std::optional<Table<Real>> logarithms_of_squares; // [V x 1] ln Q_a: of convexity@1, n = 2
  std::optional<Blocks> blocks;
  std::optional<HeadTail> head_tail;
};

Result enumeration(Kernel& k, const Problem& problem, Labels labels);
Result symmetry(Kernel& k, const Problem& problem, Labels labels);
Result convexity(Kernel& k, const Problem& problem, Labels labels);
Result block_jensen(Kernel& k, const Problem& problem, Labels labels); // whole blocks
Result head_tail(Kernel& k, const Problem& problem, Labels labels);    // n >= 2

} // namespace verifier::rules::token_sum
