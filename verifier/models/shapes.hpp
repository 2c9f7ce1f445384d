// The shapes of descriptions that rules are about (schema/FORMAT.md, section 5), and the matrices that they name.
#pragma once

#include "models/architecture.hpp"

#include <string>
#include <vector>

namespace verifier {

enum class ModelShape { token_sum, attention_only, other };
ModelShape shape_of(const Architecture&);

// Row by row; exact, since a stored number of any type is a double.
struct Matrix {
  std::size_t rows, columns;
  std::vector<kernel::Stored> entries;
  bool operator==(const Matrix&) const = default;
};
// Of a description that fits its tensors.
Matrix matrix(const Map&, const Tensors&);
Matrix matrix(const std::string& tensor, const Tensors&); // of two dimensions, as stored

} // namespace verifier
