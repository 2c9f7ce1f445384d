// The shapes of descriptions that rules are about (schema/FORMAT.md, section 5), and the matrices that they name.
#pragma once

#include "models/architecture.hpp"

#include <vector>

namespace verifier {

enum class ModelShape { token_sum, attention_only, other };
ModelShape shape_of(const Architecture&);

// A map's matrix, row by row; exact, since every float16 .. float64 is a double.
struct Matrix {
  std::size_t rows, columns;
  std::vector<double> entries;
};
Matrix matrix(const Map&, const Tensors&);                 // of a map with one head where it has heads
Matrix matrix(const std::string& tensor, const Tensors&);  // as stored

} // namespace verifier
