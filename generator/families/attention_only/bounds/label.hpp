// The tables relative to a label, and the arithmetic of tests that only pass when the verifier's pass, too
// (docs/rules/attention/README.md; docs/generator-numerics.md, "Transformers").
#pragma once

#include "families/attention_only/bounds/tables.hpp"
#include "strategies/label_sum.hpp"

#include <span>
#include <vector>

namespace proofmark::attention_only {

// Weights of positions for each query, in units of the query's largest: tests and shares do not depend on the unit.
struct Positions {
  explicit Positions(const Tables&);

  std::uint64_t n;
  MatrixD b;         // [V x n]
  MatrixD low, high; // [V x n], column x: the sums of the x smallest and of the x largest of b_0 .. b_(n-2)

  double last(std::uint64_t q) const { return b(static_cast<Eigen::Index>(q), b.cols() - 1); }
};

struct Label {
  Label(const Tables&, const Positions&, std::uint64_t m);

  const Tables& tables;
  const Positions& positions;
  std::uint64_t m;
  std::vector<double> top_position;         // [V]  P*, the largest of any position relative to the label; at w = m: 0
  std::vector<double> largest_u, largest_v; // [m+1]  maxima over w != m, by query and by token
  double largest_position;                  // the same of P*

  double u(std::uint64_t q, std::uint64_t w) const { return tables.EU(q, w) - tables.EU(q, m); }
  double v(std::uint64_t t, std::uint64_t w) const { return tables.OV(t, w) - tables.OV(t, m); }
  double y(std::uint64_t t, std::uint64_t w) const { return v(t, w) + top_position[w]; }
  double r(std::uint64_t q, std::uint64_t t) const; // exp(A[q,t] - A[q,m])

  double largest_y(std::uint64_t t) const; // over w != m

  // Whether the input of this query with the label in every free slot is shown to be correct, with the positions' own
  // weights.
  bool all_label_correct(const class Upper&, std::uint64_t q) const;

  std::uint64_t first_query() const { return tables.n == 1 ? m : 0; } // queries are first_query() .. m
};

// Upper ends with room. A test sums terms W y, W a weight and y a value of at most six table entries: where it sums what
// these return and finds less than 0, the exact sum and every enclosure of it that is 2^-32 tight are below 0.
class Upper {
public:
  explicit Upper(const Tables& tables) : of_value_(16 * tables.value_error) {}

  double times(double weight, double y) const { return times(weight, weight, y); }
  double times(double low, double high, double y) const {
    return y >= 0 ? high * (y * (1 + of_term) + of_value_) : low * y * (1 - of_term) + high * of_value_;
  }
  double value() const { return of_value_; }

private:
  static constexpr double of_term = 0x1p-30;
  double of_value_;
};

// How the sums were found, for the provenance.
inline constexpr const char* engine = "double, with room for its error";

// Runs work(m) for every label on several threads.
void for_each_label(const Task&, const LabelSumOptions&, const std::function<void(std::uint64_t)>& work);

} // namespace proofmark::attention_only
