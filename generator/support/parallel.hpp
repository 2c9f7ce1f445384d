// Independent pieces of work on several threads. Pieces are numbered; which thread does which piece is left
// to chance, so a piece may only write where its number says. Then results do not depend on the number of
// threads.
#pragma once

#include <cstddef>
#include <functional>

namespace proofmark {

// Calls work(piece) once for every piece in 0 .. pieces-1, highest first (in our uses the costly ones), on at
// most so many threads. Stops early and throws when a piece throws or the user interrupts. `progress`, when
// given, is called on the calling thread from time to time with the number of pieces that are done.
void for_each_piece(std::size_t pieces, unsigned threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& progress = {});

} // namespace proofmark
