// The bits of every operation of the fast engine. Compiled twice: as it is, and for a machine without AVX2 (namespace kernel_plain).
#include "expressions.hpp"
#include "kernel/bands.hpp"
#include "kernel/fast/storage.hpp"

#include <bit>

namespace verifier::kernel {

std::uint64_t digest(unsigned threads) {
  std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  const auto add = [&](const Real& x) {
    for (std::size_t i = 0; i < x.rows(); ++i)
      for (std::size_t j = 0; j < x.columns(); ++j) {
        double lo, hi;
        doubles::take(x.view(), i, j, &lo, &hi);
        for (const double end : {lo, hi}) hash = (hash ^ std::bit_cast<std::uint64_t>(end)) * 0x100000001b3;
      }
  };
  ::Random random(5);
  for (int round = 0; round < 60; ++round) {
    const ::Draws d(random, round);
    Budget budget(UINT64_MAX);
    Meter meter(budget);
    Kernel k{fast(), meter};
    for (const Real& x : expressions(k, d)) add(x);
    const Shape many{150, d.shape.columns};
    const auto L = in_bands<Real>(k, many, threads, [&](Kernel& k, std::size_t from, std::size_t to) {
      return rows_at(signed_numbers(k, d.shape, d.w),
                     std::vector<Index>(to - from, static_cast<Index>(from % d.shape.rows)));
    });
    const auto A = in_bands<Positive>(
        k, many, threads, [&](Kernel& k, std::size_t from, std::size_t to) { return exp(rows(with(k, L), from, to)); });
    add(with(k, A)), add(log(all_dots(rows(with(k, A), 3, 40), with(k, A)))), add(sum(transposed(with(k, A))));
  }
  return hash;
}

} // namespace verifier::kernel
