// Maps as matrices: a tensor is cut, and its layout says how what is left is a matrix (schema/FORMAT.md, section 5).
#pragma once

#include "models/architecture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verifier {

struct MatrixShape {
  std::uint64_t rows, columns;
  bool operator==(const MatrixShape&) const = default;
};

bool has_heads(Layout);

// What a map takes of a tensor of a shape: nothing where it has another number of dimensions, or a cut is empty or lies beyond.
class Cut {
public:
  static std::optional<Cut> of(const Map&, const std::vector<std::uint64_t>& shape);
  MatrixShape shape() const;
  std::uint64_t heads() const { return size_[0]; } // slices, of a layout that has heads
  // How many elements a bias has for the matrix before it was cut.
  std::uint64_t elements_of_whole_bias() const;
  // Where the entry of a row and a column is stored; where the bias of a column is, of a whole one.
  std::size_t place(std::uint64_t row, std::uint64_t column) const;
  std::size_t place_of_bias(std::uint64_t column) const;

private:
  Layout layout_;
  std::uint64_t slice_ = 0, slices_ = 1;        // of a stack
  std::vector<std::uint64_t> from_, size_, of_; // of each dimension: what is taken, of how many
};

// Row by row; exact, since a stored number of any type is a double.
struct Matrix {
  std::size_t rows, columns;
  std::vector<kernel::Stored> entries;
  bool operator==(const Matrix&) const = default;
};
// Of a description that fits its tensors.
Matrix matrix(const Map&, const Tensors&);
std::optional<Matrix> bias(const Map&, const Tensors&);                                  // one row
Matrix first_rows(const std::string& tensor, std::size_t rows, const Tensors&);          // of two dimensions, as stored
std::optional<Matrix> one_row(const std::optional<std::string>& tensor, const Tensors&); // all elements

} // namespace verifier
