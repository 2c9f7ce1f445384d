// Tensors: matrices of real numbers of which both ends are known, and the free views of them.
//
// Types keep apart what must not be mixed. `Real` may have any sign, `Positive` has none below zero, `Weights` are sums and
// products of stored weights, known to about twice the precision of a Real. Each belongs to the kernel whose meter pays for
// what is computed from it. A `Table` belongs to none and has no operations: `with(k, table)` lends it to a unit.
//
// There is no broadcasting: `repeat_rows` and `repeat_columns` say it, and copy nothing.
#pragma once

#include "meter.hpp"

#include <concepts>
#include <memory>
#include <span>

namespace verifier::kernel {

using Stored = double; // a number as stored: any float16, bfloat16, float32 or float64, exactly
using Index = std::uint32_t;
using Indices = std::span<const Index>; // which rows or columns: a list, that may be empty

struct Shape {
  std::size_t rows = 0, columns = 0;
  std::size_t size() const { return rows * columns; } // of what a meter holds: no overflow
  bool operator==(const Shape&) const = default;
};

class Engine; // how numbers are stored and rounded: engine.hpp

// An engine's array of enclosures.
struct Numbers {
  const Engine* engine = nullptr;
  Lease lease;
  Numbers() = default;
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  virtual ~Numbers() = default;
};

// A matrix within an array. A stride of 0 repeats.
struct View {
  std::shared_ptr<const Numbers> numbers;
  Shape shape;
  std::size_t offset = 0, row_stride = 0, column_stride = 1;
};

struct Kernel {
  const Engine& engine;
  Meter& meter;
};

// A rule's own mistake, no certificate's.
void require(bool holds, const char* what);

class Tensor {
public:
  Tensor(Kernel& kernel, View view) : view_(std::move(view)), kernel_(&kernel) {}
  std::size_t rows() const { return view_.shape.rows; }
  std::size_t columns() const { return view_.shape.columns; }
  Shape shape() const { return view_.shape; }
  const View& view() const { return view_; }
  Kernel& kernel() const { return *kernel_; }

private:
  View view_;
  Kernel* kernel_;
};
class Real : public Tensor {
  using Tensor::Tensor;
};
class Positive : public Real { // not negative, to be exact
  using Real::Real;
};
class Share : public Positive { // at most 1
  using Positive::Positive;
};
class Weights : public Tensor {
public:
  using Tensor::Tensor;
  // Row by row. float16, bfloat16, float32 and float64 are doubles, exactly.
  Weights(Kernel& kernel, Shape shape, std::span<const double> stored);
};

// What several units share, on any threads. It cannot be computed with before it is lent.
template <std::derived_from<Tensor> T>
class Table {
public:
  Table() = default;
  Table(const T& x) : view_(x.view()) {}
  std::size_t rows() const { return view_.shape.rows; }
  std::size_t columns() const { return view_.shape.columns; }
  const View& view() const { return view_; }

private:
  View view_;
};
void require_same_engine(const Kernel& k, const View& x);
template <class T>
T with(Kernel& k, const Table<T>& table) {
  require_same_engine(k, table.view());
  return T(k, table.view());
}

// ---- views: free of charge and of copying ----------------------------------------------------------------------------

View part(const View& x, std::size_t from_row, std::size_t to_row, std::size_t from_column, std::size_t to_column);
View transpose(const View& x);
View repeat(const View& x, std::size_t rows, std::size_t columns); // of one row, of one column, or of an entry
View reshape(const View& x, Shape shape); // the same entries row by row, of which none is skipped
View diagonal(const View& x);             // in one column

template <std::derived_from<Tensor> T>
T rows(const T& x, std::size_t from, std::size_t to) { // from .. to-1
  return T(x.kernel(), part(x.view(), from, to, 0, x.columns()));
}
template <std::derived_from<Tensor> T>
T columns(const T& x, std::size_t from, std::size_t to) {
  return T(x.kernel(), part(x.view(), 0, x.rows(), from, to));
}
template <std::derived_from<Tensor> T>
T row(const T& x, std::size_t i) {
  return rows(x, i, i + 1);
}
template <std::derived_from<Tensor> T>
T column(const T& x, std::size_t j) {
  return columns(x, j, j + 1);
}
template <std::derived_from<Tensor> T>
T entry(const T& x, std::size_t i, std::size_t j) {
  return row(column(x, j), i);
}
template <std::derived_from<Tensor> T>
T transposed(const T& x) {
  return T(x.kernel(), transpose(x.view()));
}
template <std::derived_from<Tensor> T>
T repeat_rows(const T& x, std::size_t n) { // x: one row
  return T(x.kernel(), repeat(x.view(), n, x.columns()));
}
template <std::derived_from<Tensor> T>
T repeat_columns(const T& x, std::size_t n) { // x: one column
  return T(x.kernel(), repeat(x.view(), x.rows(), n));
}
template <std::derived_from<Tensor> T>
T in_one_column(const T& x) { // row after row
  return T(x.kernel(), reshape(x.view(), {x.rows() * x.columns(), 1}));
}
template <std::derived_from<Tensor> T>
T in_rows_of(const T& x, std::size_t n) { // x: one column
  return T(x.kernel(), reshape(x.view(), {x.rows() / n, n}));
}
template <std::derived_from<Tensor> T>
T diagonal(const T& x) { // x: a square
  return T(x.kernel(), diagonal(x.view()));
}
template <std::derived_from<Tensor> T>
T spread(const T& x, Shape s) { // x: one entry
  return T(x.kernel(), repeat(x.view(), s.rows, s.columns));
}

} // namespace verifier::kernel
