// What the rules of attention-only have in common, on shapes: queries, relative outputs, columns, weights of slots. Symbols as in
// docs/rules/attention/README.md.
//
// Queries below a label are alike, so that a program runs once for all of them: a tensor of theirs is what one query has, and the
// query pays for it. What a batch of queries computes once, the batch pays for.
#pragma once

#include "families/attention_only/lengths/rules.hpp"
#include "lengths/tensor.hpp"

#include <algorithm>

namespace proofmark::lengths::attention {

struct Queries {
  bool below; // the label; or the label alone
  Operations *batch, *query;

  Tensor of(const Tensor& x) const { return lent(row(x), *query); }
};

inline constexpr std::uint64_t most_entries = std::uint64_t{1} << 14;

// Runs a program for the queries below m, and for m alone, that charges what a batch takes and what one of its queries takes. A batch
// has so many queries that tensors with so many entries for each stay small.
template <class Program>
void for_queries(Operations& payer, const Task& task, std::uint64_t m, const Integer& entries_each, Program program) {
  const Integer most = std::max<Integer>(1, most_entries / std::max<Integer>(1, entries_each));
  for (const bool below : {true, false}) {
    const Integer count = below ? Integer(m) : Integer(1);
    if (below && (task.context == 1 || m == 0)) continue;
    Operations batch, query;
    program(Queries{below, &batch, &query});
    payer += times((count + most - 1) / most, batch);
    payer += times(count, query);
  }
}

template <class Work>
void repeated(const Queries& q, const Integer& count, Work work) {
  lengths::repeated(*q.batch, count, [&] { lengths::repeated(*q.query, count, work); });
}

// ---- outputs ---------------------------------------------------------------------------------------------------------

// u, v or π of so many wrong outputs: less the label's. [rows x outputs]
inline Tensor relative(Operations& payer, const Integer& rows, const Integer& outputs) {
  return sums({&payer, rows, outputs});
}
inline Tensor weighed(const Tensor& weight, const Tensor& x) {
  return x * weight;
}
inline Tensor highest(const Tensor& x) { // or the lowest entry of each column
  return transposed(largest(transposed(x)));
}
struct Outputs {
  Outputs(Operations& payer, const Task& task) : payer(&payer), n(task.context), wrong(task.vocabulary - 1) {}
  Operations* payer;
  Integer n, wrong; // positions; all outputs but the label

  Tensor u(const Integer& outputs, const Integer& rows) const { return relative(*payer, rows, outputs); }
  Tensor v(const Integer& outputs, const Integer& rows) const { return relative(*payer, rows, outputs); }
  Tensor pi(const Integer& outputs) const { return relative(*payer, n, outputs); }
  Tensor P(const Integer& outputs) const { return highest(pi(outputs)); }
  Tensor y(const Integer& outputs, const Integer& rows) const { return v(outputs, rows) + P(outputs); }
  Tensor largest_u(const Integer& rows) const { return sums({payer, rows, 1}); }
  Tensor largest_v(const Integer& rows) const { return sums({payer, rows, 1}); }
};

// ---- weights of slots, of one query ----------------------------------------------------------------------------------

struct SlotWeights {
  explicit SlotWeights(const Queries& q) : queries(q) {
    if (q.below) products(exp(sums(own())));
  }
  Tensor own() const { return {queries.query, 1}; }
  Tensor b() const { return own(); }
  Tensor sum_of_b(const Integer& slots) const { return sum(numbers(*queries.query, 1, slots)); }
  Tensor T() const { return own(); }
  Tensor r(const Integer& tokens) const { return exp(sums(columns(own(), tokens))); }
  Tensor rho() const { return r(1); }
  Tensor mean_r(const Integer& tokens) const;

  Queries queries;
};

// Of each query's rows in a column.
inline Tensor sums_of(const Tensor& x) {
  return sum(transposed(x));
}
inline Tensor times_inverse_of_number(const Tensor& x, Operations& batch) {
  inverse(numbers(batch, 1));
  return products(x);
}
inline Tensor means(const Tensor& x, Operations& batch) {
  return times_inverse_of_number(sums_of(x), batch);
}
inline Tensor SlotWeights::mean_r(const Integer& tokens) const {
  return means(in_one_column(r(tokens)), *queries.batch);
}

// How many rows hold nothing but negative numbers.
inline void passing(const Tensor& x) {
  signs(largest(x));
}
inline void is_label_alone_correct(const Outputs& of, const SlotWeights& weights) {
  const Queries& q = weights.queries;
  const Tensor u = relative(*q.query, 1, of.wrong), label = relative(*q.batch, 1, of.wrong);
  relative(*q.batch, of.n, of.wrong); // π
  const Tensor own = u + relative(*q.query, 1, of.wrong);
  Tensor sum = weighed(weights.own(), sums(own));
  for (Integer p = 0; p + 1 < of.n; ++p) {
    sums(label);
    sum = sum + weighed(weights.b(), sums(u));
  }
  passing(sum);
}

// ---- columns: heads one by one, and one for all other wrong outputs ---------------------------------------------------

struct Columns {
  Integer c, f, J;
  Tensor u, y, main, Y; // [m+1 x J]; Y: [1 x J], if f > 0
  Integer entries_each() const { return c * J; }
};
Columns hard_columns(const Outputs&, const Hints&, std::uint64_t m);
Columns soft_columns(const Outputs&, const Hints&, std::uint64_t m);

// What each slot of a query adds to the columns, and weighs.
struct Slots {
  Slots(const Columns&, const SlotWeights&);
  Tensor main, own;         // [1 x J]
  Tensor near, r, far, rho; // [c x J], [c x 1], [1 x J], [1 x 1]
};

// Free slots by what they hold, the label, near and far tokens: cells that cost the same are one.
struct Cells {
  std::uint64_t near; // 0, 1, or 2: more
  bool far;
  Integer count;
};
std::vector<Cells> cells(const Task&, const Queries&, const Columns&);

// Runs a program for all cells of some queries, once for those that cost the same.
template <class Program>
void for_cells(const Task& task, const Queries& q, const Columns& columns, Program program) {
  for (const Cells& some : cells(task, q, columns)) repeated(q, some.count, [&] { program(some); });
}

} // namespace proofmark::lengths::attention
