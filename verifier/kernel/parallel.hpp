// Work on several threads, with results that do not depend on how many there are.
#pragma once

#include <cstddef>
#include <functional>

namespace verifier::kernel {

// work(i) once for each i below `count`, on so many threads at most, or on fewer where the system has no more; with one, on the
// caller's. Rethrows one exception if any call threw; the others stop after their current piece.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

// Whether MPFR, which the reference engine uses, keeps flags, exponent range and caches apart for each of several threads.
bool has_storage_by_thread();

// MPFR as the reference engine takes it, on this thread: exponents up to 2^30, as MPFR has them on every machine. What was set
// before comes back, and MPFR's constants are freed.
class ExponentRange {
public:
  ExponentRange();
  ~ExponentRange();
  ExponentRange(const ExponentRange&) = delete;
  ExponentRange& operator=(const ExponentRange&) = delete;

private:
  long least_, greatest_;
};

} // namespace verifier::kernel
