// What each signal does to this program: docs/command-line.md has the table. A signal that asks it to end only raises a
// flag, and work stops at the next place that looks at it, so that no file is half written.
#pragma once

namespace proofmark {

// To be called first: whatever the program was started with, signals act from now on as the table says. The second
// signal of a kind ends the process at once.
void arrange_signals();

// Throws Error (interrupted) when a signal has arrived. Cheap enough for every turn of a loop that takes
// milliseconds.
void stop_if_interrupted();

} // namespace proofmark
