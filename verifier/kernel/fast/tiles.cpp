#include "tiles.hpp"

#include <algorithm>

namespace verifier::kernel::doubles {
namespace {

using v2 = double __attribute__((vector_size(16)));

struct Plus {
  static constexpr double start = 0;
  template <class Vector>
  static PROOFMARK_INLINE void take(Vector& sum, Vector x, double y) {
    sum += x * y;
  }
  template <class Vector>
  static PROOFMARK_INLINE Vector join(Vector a, Vector b) {
    return a + b;
  }
};
struct Largest { // sums in place of products, maxima in place of sums
  static constexpr double start = -infinity;
  template <class Vector>
  static PROOFMARK_INLINE void take(Vector& most, Vector x, double y) {
    most = join(most, x + y);
  }
  template <class Vector>
  static PROOFMARK_INLINE Vector join(Vector a, Vector b) {
    return a > b ? a : b;
  }
};

// A panel holds `vectors` registers of rows of x, interleaved; it meets four rows of y at a time. Accumulators have names, so that
// they stay in registers without unrolling.
template <class Ring, class Vector, std::size_t vectors>
PROOFMARK_INLINE void tile(const double* panel, const double* const* y, std::size_t K, double* to) {
  static_assert(vectors == 2 || vectors == 3);
  constexpr std::size_t panel_rows = vectors * sizeof(Vector) / sizeof(double);
  const Vector start = Vector{} + Ring::start;
  Vector total[4][3];
  for (auto& row : total) row[0] = row[1] = row[2] = start;
  const auto step = [](Vector& s0, Vector& s1, Vector& s2, const Vector* x, double y) PROOFMARK_LAMBDA {
    Ring::take(s0, x[0], y), Ring::take(s1, x[1], y);
    if constexpr (vectors > 2) Ring::take(s2, x[2], y);
  };
  for (std::size_t from = 0; from < K; from += block_terms) {
    const std::size_t end = std::min(K, from + block_terms);
    const double *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3];
    Vector a0 = start, a1 = start, a2 = start, b0 = start, b1 = start, b2 = start;
    Vector c0 = start, c1 = start, c2 = start, d0 = start, d1 = start, d2 = start;
    for (std::size_t k = from; k < end; ++k) {
      const auto* const x = reinterpret_cast<const Vector*>(panel + panel_rows * k);
      step(a0, a1, a2, x, y0[k]), step(b0, b1, b2, x, y1[k]), step(c0, c1, c2, x, y2[k]), step(d0, d1, d2, x, y3[k]);
    }
    const Vector block[4][3] = {{a0, a1, a2}, {b0, b1, b2}, {c0, c1, c2}, {d0, d1, d2}};
    for (std::size_t c = 0; c < 4; ++c)
      for (std::size_t v = 0; v < vectors; ++v) total[c][v] = Ring::join(total[c][v], block[c][v]);
  }
  for (std::size_t c = 0; c < 4; ++c) std::memcpy(to + c * panel_rows, total[c], vectors * sizeof(Vector));
}

using MakeTile = void (*)(const double* panel, const double* const* y, std::size_t K, double* to);
struct Tile {
  MakeTile products, largest;
  std::size_t panel_rows;
};
void narrow_products(const double* panel, const double* const* y, std::size_t K, double* to) {
  tile<Plus, v2, 2>(panel, y, K, to);
}
void narrow_largest(const double* panel, const double* const* y, std::size_t K, double* to) {
  tile<Largest, v2, 2>(panel, y, K, to);
}
constexpr Tile narrow{narrow_products, narrow_largest, 4};
#if defined __x86_64__ && !defined PROOFMARK_ONE_TARGET
__attribute__((target("avx2"))) void wide_products(const double* panel, const double* const* y, std::size_t K,
                                                   double* to) {
  tile<Plus, v4, 3>(panel, y, K, to);
}
__attribute__((target("avx2"))) void wide_largest(const double* panel, const double* const* y, std::size_t K,
                                                  double* to) {
  tile<Largest, v4, 3>(panel, y, K, to);
}
const Tile& best_tile() {
  static constexpr Tile wide{wide_products, wide_largest, 12};
  static const bool is_wide = __builtin_cpu_supports("avx2") > 0;
  return is_wide ? wide : narrow;
}
#else
const Tile& best_tile() {
  return narrow;
}
#endif
constexpr std::size_t most_panel_rows = 12;

// `without`: what each row of x leaves out, or nothing.
void rows_with_rows(MakeTile make, std::size_t panel_rows, Matrix x, Matrix y, const std::uint32_t* without,
                    double* to) {
  const std::size_t K = x.columns;
  const std::unique_ptr<v4[]> memory(new v4[panel_rows / 4 * K + 1]);
  double* const panel = reinterpret_cast<double*>(memory.get());
  for (std::size_t i = 0; i < x.rows; i += panel_rows) {
    const std::size_t some = std::min(panel_rows, x.rows - i);
    for (std::size_t r = 0; r < panel_rows; ++r) { // a last panel repeats its last row
      const double* const from = x.row(i + std::min(r, some - 1));
      for (std::size_t k = 0; k < K; ++k) panel[panel_rows * k + r] = from[k];
    }
    if (without != nullptr)
      for (std::size_t r = 0; r < some; ++r) panel[panel_rows * without[i + r] + r] = Largest::start;
    for (std::size_t j = 0; j < y.rows; j += 4) {
      const std::size_t n = std::min<std::size_t>(4, y.rows - j);
      const auto row = [&](std::size_t c) { return y.row(j + std::min(c, n - 1)); };
      const double* const four[4] = {row(0), row(1), row(2), row(3)};
      double entries[4 * most_panel_rows];
      make(panel, four, K, entries);
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t r = 0; r < some; ++r) to[(i + r) * y.rows + j + c] = entries[panel_rows * c + r];
    }
  }
}

} // namespace

void products(Matrix x, Matrix y, double* to) {
  const Tile& tile = best_tile();
  rows_with_rows(tile.products, tile.panel_rows, x, y, nullptr, to);
}
void largest_sums(Matrix x, Matrix y, std::span<const std::uint32_t> without, double* to) {
  const Tile& tile = best_tile();
  rows_with_rows(tile.largest, tile.panel_rows, x, y, without.data(), to);
}

} // namespace verifier::kernel::doubles
