// Large tables, made in bands of rows on several threads: never more of their intermediate results than a few bands is alive, and
// the fast engine keeps one end of an entry and one gap a row. Bands do not depend on the number of threads, nor do charges.
#pragma once

#include "making.hpp"
#include "parallel.hpp"

#include <algorithm>
#include <mutex>

namespace verifier::kernel {

inline constexpr std::size_t band_rows = 64;

// Rows from .. to-1 of the table are what band(k, from, to) returns, a tensor of type T with shape.columns columns. Each band has
// a meter of its own; what it performed is added to the meter of `k`.
template <class T, class F>
Table<T> in_bands(Kernel& k, Shape shape, unsigned threads, F band) {
  Made table;
  const T result = made<T>(k, shape, [&](auto& engine) { return table = engine.table(shape, sign_of<T>); });
  std::mutex mutex; // of k's meter
  in_parallel((shape.rows + band_rows - 1) / band_rows, threads, [&](std::size_t i) {
    const std::size_t from = i * band_rows, to = std::min(shape.rows, from + band_rows);
    Meter meter(k.meter.budget());
    {
      Kernel own{k.engine, meter};
      const T part = band(own, from, to);
      require(part.shape() == Shape{to - from, shape.columns}, "a band of another shape");
      k.engine.fill(*table, from, part.view());
    }
    const std::lock_guard lock(mutex);
    k.meter.add(meter.performed());
  });
  return result;
}

} // namespace verifier::kernel
