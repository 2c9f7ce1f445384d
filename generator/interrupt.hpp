// Ctrl-C without half-written files: a signal only raises a flag, and work stops at the next place that looks
// at it.
#pragma once

namespace proofmark {

// Handles SIGINT, SIGTERM and SIGHUP from now on. The second signal of a kind ends the process at once, as
// usual.
void catch_interrupts();

// Throws Error (interrupted) when a signal has arrived. Cheap enough for every turn of a loop that takes
// milliseconds.
void stop_if_interrupted();

} // namespace proofmark
