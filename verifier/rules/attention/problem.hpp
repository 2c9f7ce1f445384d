// What the rules of the family attention-only see: a typed problem, prepared once. Symbols as in docs/rules/attention/README.md;
// row q is a query, row t a token, row p a position, column w an output.
#pragma once

#include "kernel/integers.hpp"
#include "kernel/operations.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <vector>

namespace verifier::rules::attention {

using namespace kernel;
using Token = Index;
using Tokens = std::vector<Token>;

// Within their ranges every value is sound. A rule looks at its own only.
struct Witnesses {
  Tokens near;               // [V] how many tokens below the label are near
  std::vector<Tokens> heads; // [V] wrong outputs of the label, different ones, at most V-2
  std::vector<bool> joint;   // [V]
  Tokens filled;             // [V] up to how many near positions are filled in full, at most n-1
  Tokens gaps;               // [V x V x n] of label, query and number of positions; 0: nothing is to be shown
};

struct Problem {
  std::size_t V, n;
  Table<Real> EU, OV, PO;           // [V x V], [V x V], [n x V]
  Table<Real> EU_others, OV_others; // [V x V] column w: the largest entry of the row but that of w
  Table<Real> h;                    // [V x 1] max_w EU[q,w] - min_w EU[q,w]
  Table<Real> A, A_so_far;          // [V x V] scores; column t: max_{t' <= t} A[q,t']
  Table<Positive> b;                // [V x n] exp B, of each query times some number
  Table<Positive> T;                // [V x n] column x: the sum of b over any x of the free positions (L7)
  Witnesses witnesses;
  bool correct = true; // whether correct inputs, and margins, are to be found too
};

struct Tensors { // by the names of the README, without their leading 1
  const Weights &E, &P, &W_Q, &W_K, &W_V, &W_O, &U;
};
Problem prepare(Kernel&, const Tensors&, Witnesses);

// A rule is about the inputs of one label m, of at least two tokens.
using Rule = Result (*)(Kernel&, const Problem&, Token m);
Result band(Kernel&, const Problem&, Token m);
Result cubic(Kernel&, const Problem&, Token m);
Result enumeration(Kernel&, const Problem&, Token m);
Result near_far(Kernel&, const Problem&, Token m);
Result placements(Kernel&, const Problem&, Token m);
Result soft_near_far(Kernel&, const Problem&, Token m);
Result subcubic(Kernel&, const Problem&, Token m);

// By the rule; of one token alone, without any: its input is correct and costs nothing.
Result establish(Rule, Kernel&, const Problem&, Token m);

} // namespace verifier::rules::attention
