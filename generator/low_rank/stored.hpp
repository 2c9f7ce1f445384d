// Matrices as witnesses hold them: in float32, unless that is too narrow for them.
#pragma once

#include "certificates/witness.hpp"
#include "numbers/product.hpp"

namespace proofmark::low_rank {

MatrixD as_stored(const MatrixD&);
Witness stored(const MatrixD&); // of numbers as they are stored

} // namespace proofmark::low_rank
