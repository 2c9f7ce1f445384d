// What each operation is charged: as a rule one operation for each element of its result, or for each step that makes one. This
// file is schema/FORMAT.md's table, and no other charges. Operations call it before they do any work.
#pragma once

#include "engine.hpp"

namespace verifier::kernel::charges {

using Count = std::uint64_t;

inline void charge(Kernel& k, Operation kind, std::initializer_list<Count> factors) {
  k.meter.charge(kind, factors);
}
inline Count less_one(Count n) {
  return n == 0 ? 0 : n - 1;
} // steps of a sum or a maximum of n

// ---- numbers from outside, copies; weights that are stored, or rounded -----------------------------------------------

inline void copy(Kernel& k, Count rows, Count columns) {
  charge(k, Operation::read, {rows, columns});
}

// ---- element by element ----------------------------------------------------------------------------------------------

inline void elements(const Tensor& x, Operation kind) {
  charge(x.kernel(), kind, {x.rows(), x.columns()});
}
inline void elementwise(const Tensor& x, Binary op) {
  switch (op) {
  case Binary::add:
  case Binary::subtract:
  case Binary::near:
    return elements(x, Operation::add);
  case Binary::multiply:
  case Binary::product:
    return elements(x, Operation::mul);
  case Binary::larger:
  case Binary::smaller:
    return elements(x, Operation::compare);
  case Binary::share:
    return elements(x, Operation::add), elements(x, Operation::div);
  }
}
inline void elementwise(const Tensor& x, Unary op) {
  switch (op) {
  case Unary::exp:
  case Unary::normal_cdf:
    return elements(x, Operation::exp);
  case Unary::log:
    return elements(x, Operation::log);
  case Unary::inverse:
    return elements(x, Operation::div);
  case Unary::positive_part:
  case Unary::absolute:
    return elements(x, Operation::compare);
  case Unary::any_number_in:
    return elements(x, Operation::read);
  case Unary::square:
    return elements(x, Operation::mul);
  }
}
inline void root(const Tensor& x) {
  elements(x, Operation::sqrt);
} // of any degree
// Sums and differences of any kind, one for each element: of rows, of a column with others, of labels, of weights.
inline void sums(Kernel& k, Count rows, Count columns) {
  charge(k, Operation::add, {rows, columns});
}
inline void exchanged(const Tensor& x) { // one term goes, another one comes
  charge(x.kernel(), Operation::add, {2, x.rows(), x.columns()});
}
inline void moved(const Tensor& x) { // x + a max(0, y - x)
  charge(x.kernel(), Operation::add, {2, x.rows(), x.columns()});
  elements(x, Operation::mul), elements(x, Operation::compare);
}

// ---- along columns ---------------------------------------------------------------------------------------------------

inline void fold(const Tensor& x, Fold op) {
  const auto steps = [&](Operation kind) { charge(x.kernel(), kind, {x.rows(), less_one(x.columns())}); };
  switch (op) {
  case Fold::largest:
  case Fold::smallest:
    return steps(Operation::compare);
  case Fold::sum:
    return steps(Operation::add);
  case Fold::log_one_plus_sum_exp:
    charge(x.kernel(), Operation::add, {x.rows()});
    [[fallthrough]];
  case Fold::log_sum_exp:
    elements(x, Operation::exp), steps(Operation::add), charge(x.kernel(), Operation::log, {x.rows()});
  }
}
inline void scan(const Tensor& x, Scan op) {
  switch (op) {
  case Scan::largest_so_far:
    return charge(x.kernel(), Operation::compare, {x.rows(), less_one(x.columns())});
  case Scan::largest_of_others: // the two largest of a row, by two comparisons an entry
    return charge(x.kernel(), Operation::compare, {2, x.rows(), x.columns()});
  }
}
inline void largest_without(const Tensor& x) { // one column is left out
  charge(x.kernel(), Operation::compare, {x.rows(), x.columns() - 2});
}
inline void hulls(const Tensor& x) { // of rows
  elements(x, Operation::compare);
}
inline void sums_of_any(const Tensor& b) { // sorting, twice: not above n (n - 1) / 2 comparisons each
  charge(b.kernel(), Operation::compare, {b.rows(), b.columns(), less_one(b.columns())});
  elements(b, Operation::add);
}

// ---- rows with rows: `rows` times `others` pairs of `terms` each; products of matrices, one or both of weights --------

inline void dots(Kernel& k, Count rows, Count others, Count terms) {
  charge(k, Operation::mul, {rows, others, terms});
  charge(k, Operation::add, {rows, others, less_one(terms)});
}
inline void dots_of_lists(Kernel& k, Count rows, const Lists& lists) { // of each row, one for each list
  Count steps = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) steps += less_one(lists[i].size());
  charge(k, Operation::mul, {rows, lists.members.size()}), charge(k, Operation::add, {rows, steps});
}
inline void largest_sums(Kernel& k, Count rows, Count others, Count terms) { // one term is left out
  charge(k, Operation::add, {rows, others, terms - 1});
  charge(k, Operation::compare, {rows, others, terms - 2});
}

// ---- ends that leave the kernel --------------------------------------------------------------------------------------

inline void signs(Kernel& k, Count rows, Count columns) {
  charge(k, Operation::compare, {rows, columns});
}
inline void total(const Tensor& x) {
  elements(x, Operation::add);
}
inline void multiples_of_total(const Tensor& x) {
  total(x), charge(x.kernel(), Operation::mul, {1});
}
inline void total_of_multiples(const Tensor& x) {
  total(x), elements(x, Operation::mul);
}
inline void count(const Tensor& x) {
  elements(x, Operation::add);
} // besides the signs
inline void quotient(Kernel& k) {
  charge(k, Operation::div, {1});
}

} // namespace verifier::kernel::charges
