// The operations that rules are written in. Each encloses every element of its result at once, outward, and charges one
// operation an element to its meter before it starts (charges.hpp). So a rule holds no end, no rounding direction and no
// count: it states which real numbers it means.
//
// Ends leave the kernel in three ways only: a `Total` or a `Least` (total.hpp), and what is certain of signs.
#pragma once

#include "tensor.hpp"

#include <gmpxx.h>

#include <numeric>
#include <optional>
#include <vector>

namespace verifier::kernel {

// ---- exact numbers ---------------------------------------------------------------------------------------------------

Positive number(Kernel& k, std::uint64_t x);                                // one entry
Positive decimal(Kernel& k, std::uint64_t a, unsigned b);                   // a / 10^b, b up to 18: one entry
Positive pi(Kernel& k);                                                     // one entry
Positive numbers(Kernel& k, Shape shape, std::span<const double> exact);    // row by row; none is negative
Real signed_numbers(Kernel& k, Shape shape, std::span<const double> exact); // row by row
Real any_number_in(const Real& x); // one exact number for each entry, no more said: for shifts that cancel

// ---- copies ----------------------------------------------------------------------------------------------------------

Real gather_rows(const Real& x, Indices at);
Real gather_columns(const Real& x, Indices at);
Real gather_entries(const Real& x, Indices rows, Indices columns);
Real join(const Real& left, const Real& right);
Real replaced(const Real& x, Indices rows, Indices columns,
              const Real& by); // entry i of `by`, a column, at (rows[i], columns[i])
template <std::derived_from<Real> T>
T rows_at(const T& x, Indices at) {
  return T(x.kernel(), gather_rows(x, at).view());
}
template <std::derived_from<Real> T>
T columns_at(const T& x, Indices at) {
  return T(x.kernel(), gather_columns(x, at).view());
}
template <std::derived_from<Real> T>
T entries_at(const T& x, Indices rows, Indices columns) { // entry (rows[i], columns[i]) for each i: a column
  return T(x.kernel(), gather_entries(x, rows, columns).view());
}
template <std::derived_from<Real> T>
T beside(const T& left, const T& right) {
  return T(left.kernel(), join(left, right).view());
}
template <std::derived_from<Real> T>
T above(const T& upper, const T& lower) {
  return transposed(beside(transposed(upper), transposed(lower)));
}

// ---- element by element; shapes are equal ----------------------------------------------------------------------------

Real operator+(const Real& x, const Real& y);
Real operator-(const Real& x, const Real& y);
Real operator*(const Positive& x, const Real& y);
Real operator*(const Real&, const Real&) = delete; // of any signs: product, which takes longer
Real product(const Real& x, const Real& y);
Positive operator+(const Positive& x, const Positive& y);
Positive operator*(const Positive& x, const Positive& y);
Positive exp(const Real& x);
Real log(const Positive& x);
Positive inverse(const Positive& x);
Positive root(const Positive& x, unsigned p = 2); // the p-th one, p > 0
Positive positive_part(const Real& x);            // max(0, x)
Positive absolute(const Real& x);
Positive square(const Real& x);
Positive normal_cdf(const Real& x); // the share of the normal distribution below x
Real larger(const Real& x, const Real& y);
Positive larger(const Positive& x, const Positive& y);
Positive smaller(const Positive& x, const Positive& y);
Share share(const Positive& part, const Positive& rest); // part / (part + rest)
Real near(const Real& x, const Positive& radius);        // some number within the radius of x: a set (as sums_of_any)
// `sum` was made by adding `term`, or a larger set, to others: with `other` in its place. No set becomes wider by it.
Real exchanged(const Real& sum, const Real& term, const Real& other);
// x moved by a share of the way to y, if y is larger; if y is smaller. Monotone in x, y and the share: ends come from ends.
Real raised(const Real& x, const Real& y, const Share& a);   // x + a max(0, y - x)
Real lowered(const Real& x, const Real& y, const Share& a);  // x + a min(0, y - x)
Real plus_rows_at(const Real& x, const Real& y, Indices at); // row i of x and row at[i] of y
Positive plus_rows_at(const Positive& x, const Positive& y, Indices at);
Real plus_rows_at(const Real& x, Indices x_rows, const Real& y,
                  Indices y_rows);                             // row x_rows[i] of x and y_rows[i] of y
Real minus_column(const Real& x, Indices at, std::size_t own); // of the columns at[k] alone: x[i,at[k]] - x[i,own]
Real minus_entries(const Real& x, Indices own);                // x[i,k] - x[i,own[i]], and exactly 0 where k = own[i]
Real minus_entries(const Real& x, const Real& of_own, Indices own); // the same with of_own[i] for x[i,own[i]]

// ---- along columns: one column is left -------------------------------------------------------------------------------

Real largest(const Real& x); // of one column at least
Real smallest(const Real& x);
Real sum(const Real& x); // of no columns: 0
Positive sum(const Positive& x);
Real log_sum_exp(const Real& x);              // of one column at least
Positive log_one_plus_sum_exp(const Real& x); // ln(1 + sum exp), relatively close however small it is
// Column j of the result is of columns 0 .. j; of all columns but j, of which there are two at least.
Real largest_so_far(const Real& x);
Real largest_of_others(const Real& x);
Real largest_without(const Real& x, Indices without); // of each row but the entry without[i]; two columns at least

inline std::vector<Index> each(std::size_t n) { // 0 .. n-1
  std::vector<Index> list(n);
  std::iota(list.begin(), list.end(), Index{0});
  return list;
}

// ---- rows with rows: entry i of a column is of row x_rows[i] of x and row y_rows[i] of y -----------------------------------
// Pairs that follow each other, of one row and of the next ones of y, cost the least time.

Positive dots(const Positive& x, Indices x_rows, const Positive& y, Indices y_rows); // sum_k x[.,k] y[.,k]
Real largest_sums(const Real& x, Indices x_rows, const Real& y, Indices y_rows,
                  Indices without); // max x[.,k] + y[.,k], k != without[row of x]

// Lists of columns: list i is members[ends[i-1] .. ends[i]-1].
struct Lists {
  std::vector<std::size_t> ends;
  std::vector<Index> members;
  void add(Indices list) {
    members.insert(members.end(), list.begin(), list.end());
    ends.push_back(members.size());
  }
  std::size_t size() const { return ends.size(); }
  Indices operator[](std::size_t i) const {
    const std::size_t from = i == 0 ? 0 : ends[i - 1];
    return Indices(members).subspan(from, ends[i] - from);
  }
};
// Entry i: sum of x[x_rows[i],k] y[y_rows[i],k] over the k of list i.
Positive dots(const Positive& x, Indices x_rows, const Positive& y, Indices y_rows, const Lists& at);

// ---- sums of rows ----------------------------------------------------------------------------------------------------

Positive sums_before(const Positive& x); // row i of R + 1: the sum of the rows of x before row i
Positive sums_by_label(const Positive& x, Indices labels, std::size_t count); // row i: the sum of the rows with label i
Real sums_by_label(const Real& x, Indices labels, std::size_t count);
// Row i: a set with all that the rows with label i may be, column by column. Each label occurs.
Real hulls_by_label(const Real& x, Indices labels, std::size_t count);

// A row of a table for each row of the result, and a number that it is multiplied with.
struct Multiple {
  Positive times; // one column
  Real table;
  Indices at;
};
Real sum_of_multiples(
    const std::vector<Multiple>& terms); // row i: of each term times[i] table[at[i],.]; one term at least

// ---- sums of any k ---------------------------------------------------------------------------------------------------

// Of each row of n numbers: column k of n + 1 is an interval with the sum of any k of them (a set, not a number: lemma L7).
Positive sums_of_any(const Positive& b);

// ---- what is certain of signs ----------------------------------------------------------------------------------------

std::vector<bool> negative(const Real& x); // row by row
std::vector<bool> not_negative(const Real& x);

// ---- weights ---------------------------------------------------------------------------------------------------------

Weights gather_rows(const Weights& x, Indices at);
inline Weights rows_at(const Weights& x, Indices at) {
  return gather_rows(x, at);
}
Weights operator+(const Weights& x, const Weights& y);
Weights operator-(const Weights& x, const Weights& y);
Weights add_to_rows(const Weights& x, const Weights& row);
Weights operator*(const Weights& x, const Weights& y); // the product of matrices
Weights shifted(const Weights& x, const Real& by);     // row i less one number, that is in entry i of a column
Real rounded(const Weights& x);
Real linear(const Real& x, const Weights& w); // the product of matrices
Real linear_at(const Real& x, const Weights& w,
               const Lists& at); // as if w had in each column j no other rows than the list at[j]
Real linear_entries(const Real& x, Indices rows, const Weights& w,
                    Indices columns); // entries of linear, in one column; of one term at least

} // namespace verifier::kernel
