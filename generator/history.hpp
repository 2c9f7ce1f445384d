// The losses of a training run as CSV: a heading, then one line a step, each loss with as many digits as
// identify it, and the objective that the loss is of: a bound where the step minimised a bound.
#pragma once

#include "atomic_file.hpp"
#include "training.hpp"

namespace proofmark {

void write_history(AtomicFile&, const Training&); // commits the file; throws Error (io)

} // namespace proofmark
