// The losses of a training run as CSV: a heading, then one line a step, each loss with as many digits as
// identify it.
#pragma once

#include "atomic_file.hpp"

#include <vector>

namespace proofmark {

void write_history(AtomicFile&, const std::vector<double>& losses); // commits the file; throws Error (io)

} // namespace proofmark
