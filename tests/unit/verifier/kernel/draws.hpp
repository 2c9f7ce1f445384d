// Random tensors with a bias to the nasty: zeros, equal values, spreads, short and long rows.
#pragma once

#include "kernel/engine.hpp"

#include <cmath>
#include <random>

namespace verifier::kernel {

// Of all rows of x and all of y: entry (i, j) is of row i of x and row j of y.
template <class T, class Operation>
T of_all_rows(const T& x, const T& y, Operation of_pairs) {
  std::vector<Index> x_rows, y_rows;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < y.rows(); ++j) x_rows.push_back(i), y_rows.push_back(j);
  return y.rows() == 0 ? columns(T(x), 0, 0) : in_rows_of(of_pairs(x_rows, y_rows), y.rows());
}
inline Positive all_dots(const Positive& x, const Positive& y) {
  return of_all_rows(x, y, [&](Indices i, Indices j) { return dots(x, i, y, j); });
}
inline Real all_largest_sums(const Real& x, const Real& y, Indices without) {
  return of_all_rows(x, y, [&](Indices i, Indices j) { return largest_sums(x, i, y, j, without); });
}

} // namespace verifier::kernel

class Random {
public:
  explicit Random(unsigned seed) : bits_(seed) {}
  std::uint64_t below(std::uint64_t n) { return bits_() % n; }
  double between(double a, double b) { return a + (b - a) * static_cast<double>(bits_() >> 11) * 0x1p-53; }

private:
  std::mt19937_64 bits_;
};

struct Draws {
  Draws(Random& random, int round) {
    const std::size_t columns = 1 + random.below(round % 10 == 0 ? 300 : 17);
    shape = {1 + random.below(14), columns}, other = {1 + random.below(14), columns};
    const double range = std::ldexp(1.0, static_cast<int>(random.below(4)) - 1);
    a.resize(shape.size()), b.resize(shape.size()), c.resize(other.size());
    w.resize(shape.size()), v.resize(other.size());
    for (auto* x : {&a, &b, &c})
      for (double& y : *x) y = random.below(9) > 0 ? random.between(0, range) : 0;
    for (auto* x : {&w, &v})
      for (double& y : *x)
        y = static_cast<float>(std::ldexp(random.between(-1, 1), -static_cast<int>(random.below(12))));
    for (std::size_t i = 0; i < shape.rows; ++i)
      this->columns.push_back(static_cast<verifier::kernel::Index>(random.below(columns)));
    for (std::size_t i = 0; i < shape.rows; ++i)
      labels.push_back(static_cast<verifier::kernel::Index>(random.below(3)));
    for (std::size_t i = 0; i < 2 * shape.rows; ++i) {
      x_rows.push_back(static_cast<verifier::kernel::Index>(random.below(shape.rows)));
      y_rows.push_back(static_cast<verifier::kernel::Index>(random.below(other.rows)));
      entry_columns.push_back(static_cast<verifier::kernel::Index>(random.below(columns)));
      std::vector<verifier::kernel::Index> list;
      for (verifier::kernel::Index k = 0; k < columns; ++k)
        if (random.below(3) == 0) list.push_back(k);
      lists.add(list);
    }
  }
  verifier::kernel::Shape shape, other; // rows of the same length
  std::vector<double> a, b, c, w, v;
  std::vector<verifier::kernel::Index> columns;                       // one a row of `shape`
  std::vector<verifier::kernel::Index> labels;                        // one a row of `shape`, below 3
  std::vector<verifier::kernel::Index> x_rows, y_rows, entry_columns; // pairs of rows, and entries
  verifier::kernel::Lists lists;                                      // one a pair
};
