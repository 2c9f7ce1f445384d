// Family "token-sum": what its rules ask of an engine.
//
// Symbols as in docs/rules/enumeration.md. M = E W U [V x V]; s_a any shift; D[a,k] = s_a - M[a,k]; A[a,k] =
// exp(-D[a,k]); Z(t) = sum_k prod_i A[t_i, k]. Two engines implement this: exact_tables.cpp and
// reference_tables.cpp. Rules never know which.
#pragma once

#include "../interval.hpp"
#include "../tensor.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace verifier::token_sum {

using Token = std::uint32_t;
using Column = std::uint16_t; // an output k

// The exact weights, as stored (schema/FORMAT.md, section 5).
struct Weights {
  std::size_t vocabulary;          // V
  std::size_t width;               // d
  std::vector<Dyadic> embedding;   // [d x V], E = its transpose
  std::vector<Dyadic> linear;      // [d x d], W = its transpose
  std::vector<Dyadic> unembedding; // [V x d], U = its transpose
};

// What an engine finds for the inputs (a, rest) with first <= a < last.
struct Row {
  Interval product;            // encloses prod_a Z(a, rest)
  std::uint64_t correct = 0;   // of these inputs, surely classified correctly
  std::uint64_t undecided = 0; // neither surely correct nor surely wrong
};

// One thread's place in the tree of inputs: a stack of tokens, `rest`, with the products of their rows.
class Rows {
public:
  virtual ~Rows() = default;
  virtual void push(Token) = 0;
  virtual void pop() = 0;
  // The inputs (a, rest), first <= a < last. When `count` is set they all have the label `label`, and are
  // classified.
  virtual Row row(Token first, Token last, Token label, bool count) = 0;
  // `part` encloses sum_{k in columns} A[a,k] · prod A[rest_i,k], a part of Z(a, rest). At least one column, none twice.
  virtual void part(Token a, std::span<const Column> columns, Interval& part) = 0;
};

class Tables {
public:
  virtual ~Tables() = default;
  virtual std::unique_ptr<Rows> rows() const = 0;
  // Encloses c_1 · sum_{a<y} D[a,y] + c_2 · D[y,y].
  virtual Interval label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const = 0;
  virtual std::string_view engine() const = 0;
  // x >= A[a,k], as close as the engine's enclosures are.
  virtual void entry_from_above(Token a, std::size_t k, Real& x) const = 0;
};

// Null when the exact engine cannot represent the weights well enough (docs/numerics.md says when): then use
// the reference.
std::unique_ptr<Tables> make_exact_tables(const Weights&, std::uint64_t context, unsigned threads);
// Fails with limit-logit-range.
std::unique_ptr<Tables> make_reference_tables(const Weights&, std::uint64_t context, unsigned threads);

} // namespace verifier::token_sum
