// The losses of a training run as CSV: a heading, then one line a step, each loss with as many digits as
// identify it, and the objective: with head-tail the losses are bounds.
#pragma once

#include "files/atomic_file.hpp"
#include "training/training.hpp"

namespace proofmark {

void write_history(AtomicFile&, const std::vector<double>& losses, Objective); // commits the file; throws Error (io)

} // namespace proofmark
