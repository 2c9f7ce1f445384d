// Tensors of which only the shape is known, and who pays for what is done with them: FORMAT.md's table of charges (section 8) as the
// dry run has it. An operation charges and returns the shape of its result; views are free.
#pragma once

#include "lengths/operations.hpp"

#include <stdexcept>
#include <utility>

namespace proofmark::lengths {

inline Operations times(const Integer& factor, Operations count) {
  for (const auto& [kind, number] : kinds(count)) *number *= factor;
  return count;
}
// Charges so many times what `work` charges to this payer.
template <class Work>
void repeated(Operations& payer, const Integer& count, Work work) {
  const Operations before = std::exchange(payer, {});
  work();
  (payer = times(count, payer)) += before;
}

struct Tensor {
  Operations* payer;
  Integer rows, columns = 1;
};

inline void require(bool holds, const char* what) { // a mistake of a program, here
  if (!holds) throw std::logic_error(what);
}
inline void charge(const Tensor& x, Integer Operations::*kind, const Integer& count) {
  x.payer->*kind += count;
}
inline void elements(const Tensor& x, Integer Operations::*kind) {
  charge(x, kind, x.rows * x.columns);
}
inline Integer less_one(const Integer& n) {
  return n == 0 ? n : Integer(n - 1);
}

// ---- views: of any rows and columns; for another payer ---------------------------------------------------------------

inline Tensor rows(const Tensor& x, const Integer& count) {
  return {x.payer, count, x.columns};
}
inline Tensor columns(const Tensor& x, const Integer& count) {
  return {x.payer, x.rows, count};
}
inline Tensor row(const Tensor& x) {
  return rows(x, 1);
}
inline Tensor column(const Tensor& x) {
  return columns(x, 1);
}
inline Tensor transposed(const Tensor& x) {
  return {x.payer, x.columns, x.rows};
}
inline Tensor in_one_column(const Tensor& x) {
  return {x.payer, x.rows * x.columns, 1};
}
inline Tensor lent(const Tensor& x, Operations& payer) {
  return {&payer, x.rows, x.columns};
}

// ---- numbers from outside, copies, rounded weights -------------------------------------------------------------------

inline Tensor numbers(Operations& payer, const Integer& rows, const Integer& columns = 1) {
  const Tensor result{&payer, rows, columns};
  return elements(result, &Operations::read), result;
}
inline Tensor copied(const Tensor& x) {
  return numbers(*x.payer, x.rows, x.columns);
}
inline Tensor beside(const Tensor& x, const Tensor& y) {
  require(x.rows == y.rows, "rows differ");
  return numbers(*x.payer, x.rows, x.columns + y.columns);
}
inline Tensor above(const Tensor& x, const Tensor& y) {
  return transposed(beside(transposed(x), transposed(y)));
}

// ---- element by element; what is smaller is repeated ------------------------------------------------------------------

inline Tensor elementwise(const Tensor& x, Integer Operations::*kind) {
  return elements(x, kind), x;
}
inline Tensor elementwise(const Tensor& x, const Tensor& y, Integer Operations::*kind) {
  require((y.rows == x.rows || y.rows == 1) && (y.columns == x.columns || y.columns == 1), "shapes differ");
  return elementwise(x, kind);
}
inline Tensor operator+(const Tensor& x, const Tensor& y) {
  return elementwise(x, y, &Operations::add);
}
inline Tensor operator-(const Tensor& x, const Tensor& y) {
  return elementwise(x, y, &Operations::add);
}
inline Tensor operator*(const Tensor& x, const Tensor& y) {
  return elementwise(x, y, &Operations::mul);
}
inline Tensor larger(const Tensor& x, const Tensor& y) { // or the smaller
  return elementwise(x, y, &Operations::compare);
}
inline Tensor sums(const Tensor& x) { // each element is added to something
  return elementwise(x, &Operations::add);
}
inline Tensor products(const Tensor& x) { // each element is multiplied by something
  return elementwise(x, &Operations::mul);
}
inline Tensor exp(const Tensor& x) {
  return elementwise(x, &Operations::exp);
}
inline Tensor log(const Tensor& x) {
  return elementwise(x, &Operations::log);
}
inline Tensor inverse(const Tensor& x) {
  return elementwise(x, &Operations::div);
}
inline Tensor root(const Tensor& x) {
  return elementwise(x, &Operations::sqrt);
}
inline Tensor positive_part(const Tensor& x) {
  return elementwise(x, &Operations::compare);
}
inline Tensor share(const Tensor& part, const Tensor& rest) {
  return inverse(part + rest);
}
inline Tensor moved(const Tensor& x, const Tensor& y, const Tensor& share) { // x + a max(0, y - x), or min
  return x + larger(y - x, x) * share;
}

// ---- along columns ---------------------------------------------------------------------------------------------------

inline void steps(const Tensor& x, Integer Operations::*kind) {
  charge(x, kind, x.rows * less_one(x.columns));
}
inline Tensor largest(const Tensor& x) { // or the smallest
  return steps(x, &Operations::compare), column(x);
}
inline Tensor largest_so_far(const Tensor& x) {
  return steps(x, &Operations::compare), x;
}
inline Tensor largest_of_others(const Tensor& x) {
  charge(x, &Operations::compare, 2 * x.rows * x.columns);
  return x;
}
inline Tensor sum(const Tensor& x) {
  return steps(x, &Operations::add), column(x);
}
inline Tensor log_sum_exp(const Tensor& x) {
  return log(sum(exp(x)));
}
inline Tensor log_one_plus_sum_exp(const Tensor& x) {
  return log(sums(sum(exp(x))));
}
inline Tensor sums_of_any(const Tensor& x) {
  charge(x, &Operations::compare, x.rows * x.columns * less_one(x.columns));
  return columns(sums(x), x.columns + 1);
}

// ---- rows with rows --------------------------------------------------------------------------------------------------

inline Tensor dots(const Tensor& x, const Tensor& y) {
  require(x.columns == y.columns, "rows of different lengths");
  charge(x, &Operations::mul, x.rows * y.rows * x.columns);
  charge(x, &Operations::add, x.rows * y.rows * less_one(x.columns));
  return columns(x, y.rows);
}
inline Tensor product(const Tensor& x, const Tensor& y) { // of matrices
  return dots(x, transposed(y));
}
inline Tensor dots_of_pairs(const Tensor& x) { // rows of x with as many others
  return dots(x, row(x));
}
inline Tensor dots_of_lists(const Tensor& lists, const Integer& terms, const Integer& additions) {
  charge(lists, &Operations::mul, terms), charge(lists, &Operations::add, additions);
  return lists;
}
inline Tensor largest_sums_of_pairs(const Tensor& x) { // one column is left out
  return largest(sums(columns(x, x.columns - 1)));
}

// ---- ends that leave the kernel --------------------------------------------------------------------------------------

inline void signs(const Tensor& x) { // what is certain of them; or the least element
  elements(x, &Operations::compare);
}
inline void count_signs(const Tensor& x) {
  signs(sums(x));
}
inline void add_to_total(const Tensor& x) {
  sums(x);
}
inline void add_to_total_each_times(const Tensor& x) {
  sums(products(x));
}
inline void add_to_total_all_times(const Tensor& x, Operations& once) {
  sums(x), once.mul += 1;
}
inline void most_of_ln_2(Operations& payer) {
  payer.div += 1;
}

} // namespace proofmark::lengths
