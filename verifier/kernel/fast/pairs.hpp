// Weights to about twice the precision of a double: pairs hi + lo, |lo| <= u |hi|, up to one absolute error an array. What products
// make of them is found once, and kept.
#pragma once

#include "fast.hpp"
#include "tiles.hpp"

namespace verifier::kernel::doubles {

// Rows of K entries in three parts: `first` on a grid of its row, `rest`, and `whole`, the rounded entry.
struct Slices {
  Slices(std::size_t rows, std::size_t K) : first(rows * K), rest(rows * K), whole(rows * K) {}
  Buffer first, rest, whole;
  double most = 0x1p-200; // at least every |whole|
};

// Columns of a matrix, side by side in panels of so many as a tile takes; zeros where there are no more.
struct Panels {
  explicit Panels(const View& w);
  std::size_t columns; // of a panel, each of which has rows * columns numbers
  std::unique_ptr<v8[]> weights, magnitudes;
};

struct Pairs final : Numbers {
  explicit Pairs(Shape shape) : shape(shape), hi(shape.size()), lo(shape.size()) {}
  const Shape shape; // as stored
  Buffer hi, lo;
  double error = 0;
  // Of the whole array, as stored and transposed.
  mutable std::array<std::once_flag, 2> once, once_in_panels;
  mutable std::array<std::shared_ptr<const Slices>, 2> slices;
  mutable std::array<std::shared_ptr<const Panels>, 2> panels;
};
inline const Pairs& pairs(const View& v) {
  return static_cast<const Pairs&>(*v.numbers);
}

// Of the rows of a view, of which row `from` is the first; those of whole arrays are kept.
struct SlicedRows {
  std::shared_ptr<const Slices> s;
  std::size_t from;
  Matrix of(const Buffer& part, const View& v) const {
    return {part.get() + from * v.shape.columns, v.shape.rows, v.shape.columns};
  }
};
SlicedRows sliced_rows(const View& v);

} // namespace verifier::kernel::doubles
