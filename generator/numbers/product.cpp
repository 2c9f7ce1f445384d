#include "numbers/product.hpp"

#include "numbers/vectors.hpp"

#include <algorithm>
#include <cassert>

namespace proofmark {

namespace {

using Eigen::Index;

constexpr Index block_terms = 256; // decides how sums are rounded
constexpr Index block_rows = 128;  // decides nothing: what is packed stays in the caches

// tile = a b, where a has `rows` rows, and b is packed: a row after the other, each `vectors` vectors long.
template <int bytes, int rows, int vectors, class Scalar>
[[gnu::always_inline]] inline void multiply_tile(const Scalar* a, Index row_stride, Index column_stride,
                                                 const Scalar* b, Index terms, Scalar* tile) {
  typedef Scalar Vector __attribute__((vector_size(bytes), aligned(alignof(Scalar)), may_alias));
  constexpr int lanes = bytes / static_cast<int>(sizeof(Scalar));
  Vector sum[rows][vectors];
  for (auto& row : sum)
    for (Vector& x : row) x = Vector{};
  for (Index k = 0; k < terms; ++k) {
    const Vector* const right = reinterpret_cast<const Vector*>(b + k * vectors * lanes);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const Scalar left = a[i * row_stride + k * column_stride];
#pragma GCC unroll 2
      for (int j = 0; j < vectors; ++j) sum[i][j] += left * right[j];
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) reinterpret_cast<Vector*>(tile)[i * vectors + j] = sum[i][j];
}

// to  [terms x width]  = the first `columns` columns of b, then zeros
template <Index width, class Scalar>
[[gnu::always_inline]] inline void pack_columns(const Scalar* b, Index row_stride, Index column_stride, Index terms,
                                                Index columns, Scalar* to) {
  if (column_stride == 1 && columns == width) {
    for (Index k = 0; k < terms; ++k) std::copy_n(b + k * row_stride, width, to + k * width);
  } else if (columns == width) {
    for (Index k = 0; k < terms; ++k)
      for (Index j = 0; j < width; ++j) to[k * width + j] = b[k * row_stride + j * column_stride];
  } else {
    for (Index k = 0; k < terms; ++k)
      for (Index j = 0; j < width; ++j)
        to[k * width + j] = j < columns ? b[k * row_stride + j * column_stride] : Scalar(0);
  }
}

// to  [rows x terms], its columns one after the other, `height` rows at a time
template <Index height, class Scalar>
[[gnu::always_inline]] inline void pack_rows(const Scalar* a, Index row_stride, Index column_stride, Index rows,
                                             Index terms, Scalar* to) {
  for (Index i = 0; i + height <= rows; i += height)
    for (Index k = 0; k < terms; ++k)
      for (Index r = 0; r < height; ++r) to[i * terms + k * height + r] = a[(i + r) * row_stride + k * column_stride];
}

template <int bytes, class Scalar>
[[gnu::always_inline]] inline void multiply(const Strided<Scalar>& out, const Strided<const Scalar>& a,
                                            const Strided<const Scalar>& b, bool add) {
  constexpr int vectors = 2, lanes = bytes / static_cast<int>(sizeof(Scalar));
  constexpr Index height = bytes == 64 ? 8 : 4,
                  width = vectors * lanes; // of a tile: as many as there are registers for
  alignas(64) Scalar rows_of_a[block_rows * block_terms], columns_of_b[block_terms * width], tile[height * width];
  for (Index from = 0; from == 0 || from < a.columns; from += block_terms) {
    const Index terms = std::min(block_terms, a.columns - from);
    const bool sum = add || from > 0;
    for (Index top = 0; top < out.rows; top += block_rows) {
      const Index rows = std::min(block_rows, out.rows - top);
      const Scalar* const left = a.data + top * a.row_stride + from * a.column_stride;
      const bool packed = a.column_stride != 1;
      if (packed) pack_rows<height>(left, a.row_stride, a.column_stride, rows, terms, rows_of_a);
      for (Index column = 0; column < out.columns; column += width) {
        const Index columns = std::min(width, out.columns - column);
        pack_columns<width>(b.data + from * b.row_stride + column * b.column_stride, b.row_stride, b.column_stride,
                            terms, columns, columns_of_b);
        for (Index i = 0; i < rows; i += height) {
          const Index here = std::min(height, rows - i);
          if (here < height)
            for (Index r = 0; r < here; ++r)
              multiply_tile<bytes, 1, vectors>(left + (i + r) * a.row_stride, 0, a.column_stride, columns_of_b, terms,
                                               tile + r * width);
          else if (packed)
            multiply_tile<bytes, height, vectors>(rows_of_a + i * terms, 1, height, columns_of_b, terms, tile);
          else
            multiply_tile<bytes, height, vectors>(left + i * a.row_stride, a.row_stride, 1, columns_of_b, terms, tile);
          for (Index r = 0; r < here; ++r) {
            Scalar* const to = out.data + (top + i + r) * out.row_stride + column * out.column_stride;
            const Scalar* const row = tile + r * width;
            if (out.column_stride == 1 && columns == width)
              for (Index j = 0; j < width; ++j) to[j] = sum ? to[j] + row[j] : row[j];
            else
              for (Index j = 0; j < columns; ++j)
                to[j * out.column_stride] = sum ? to[j * out.column_stride] + row[j] : row[j];
          }
        }
      }
    }
  }
}

} // namespace

template <class Scalar>
void product(const Strided<Scalar>& out, const Strided<const Scalar>& a, const Strided<const Scalar>& b, bool add) {
  assert(out.rows == a.rows && out.columns == b.columns && a.columns == b.rows);
  with_longest_vectors([&](auto bytes) __attribute__((always_inline)) { multiply<bytes.value>(out, a, b, add); });
}

template void product(const Strided<float>&, const Strided<const float>&, const Strided<const float>&, bool);
template void product(const Strided<double>&, const Strided<const double>&, const Strided<const double>&, bool);

} // namespace proofmark
