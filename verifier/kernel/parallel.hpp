// Work on several threads, with results that do not depend on how many there are.
#pragma once

#include <cstddef>
#include <functional>

namespace verifier::kernel {

// work(i) once for each i below `count`, on so many threads at most; with one, on the caller's. Rethrows one exception if any call
// threw; the others stop after their current piece.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

} // namespace verifier::kernel
