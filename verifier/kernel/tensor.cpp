#include "tensor.hpp"

#include <stdexcept>

namespace verifier::kernel {

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}
void require_same_engine(const Kernel& k, const View& x) {
  require(x.numbers && x.numbers->engine == &k.engine, "a table of another engine, or none");
}

View part(const View& x, std::size_t from_row, std::size_t to_row, std::size_t from_column, std::size_t to_column) {
  require(from_row <= to_row && to_row <= x.shape.rows, "no such rows");
  require(from_column <= to_column && to_column <= x.shape.columns, "no such columns");
  return {x.numbers,
          {to_row - from_row, to_column - from_column},
          x.offset + from_row * x.row_stride + from_column * x.column_stride,
          x.row_stride,
          x.column_stride};
}
View transpose(const View& x) {
  return {x.numbers, {x.shape.columns, x.shape.rows}, x.offset, x.column_stride, x.row_stride};
}
View repeat(const View& x, std::size_t rows, std::size_t columns) {
  require(x.shape.rows == rows || x.shape.rows == 1, "only one row can be repeated");
  require(x.shape.columns == columns || x.shape.columns == 1, "only one column can be repeated");
  return {x.numbers,
          {rows, columns},
          x.offset,
          x.shape.rows == rows ? x.row_stride : 0,
          x.shape.columns == columns ? x.column_stride : 0};
}
View reshape(const View& x, Shape shape) {
  const bool row_by_row =
      x.shape.rows <= 1 || x.shape.columns <= 1 || x.row_stride == x.shape.columns * x.column_stride;
  require(row_by_row && shape.size() == x.shape.size(),
          "entries that do not follow each other, or another number of them");
  const std::size_t stride = x.shape.columns > 1 ? x.column_stride : x.row_stride;
  return {x.numbers, shape, x.offset, shape.columns * stride, stride};
}
View diagonal(const View& x) {
  require(x.shape.rows == x.shape.columns, "not a square");
  return {x.numbers, {x.shape.rows, 1}, x.offset, x.row_stride + x.column_stride, 1};
}

} // namespace verifier::kernel
