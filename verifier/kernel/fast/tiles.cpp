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

// A panel holds `vectors` registers of rows of x, interleaved: it meets four rows of y at a time.
template <class Vector, std::size_t vectors>
struct Tile {
  static constexpr std::size_t lanes = sizeof(Vector) / sizeof(double), panel_rows = vectors * lanes;

  template <class Ring>
  static PROOFMARK_INLINE void make(const double* panel, const double* const* y, std::size_t K, double* to) {
    const Vector start = Vector{} + Ring::start;
    Vector total[4 * vectors];
    for (auto& t : total) t = start;
    for (std::size_t from = 0; from < K; from += block_terms) {
      const std::size_t end = std::min(K, from + block_terms);
      const double *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3];
      Vector a[vectors], b[vectors], c[vectors], d[vectors];
      for (std::size_t v = 0; v < vectors; ++v) a[v] = b[v] = c[v] = d[v] = start;
      for (std::size_t k = from; k < end; ++k) {
        Vector x[vectors];
        std::memcpy(x, panel + panel_rows * k, sizeof x);
        for (std::size_t v = 0; v < vectors; ++v) {
          Ring::take(a[v], x[v], y0[k]), Ring::take(b[v], x[v], y1[k]);
          Ring::take(c[v], x[v], y2[k]), Ring::take(d[v], x[v], y3[k]);
        }
      }
      for (std::size_t v = 0; v < vectors; ++v) {
        total[v] = Ring::join(total[v], a[v]), total[vectors + v] = Ring::join(total[vectors + v], b[v]);
        total[2 * vectors + v] = Ring::join(total[2 * vectors + v], c[v]);
        total[3 * vectors + v] = Ring::join(total[3 * vectors + v], d[v]);
      }
    }
    std::memcpy(to, total, sizeof total);
  }

  // `without`: what each row of x leaves out, or nothing.
  template <class Ring>
  static PROOFMARK_INLINE void rows_with_rows(Matrix x, Matrix y, const std::uint32_t* without, double* to) {
    const std::size_t K = x.columns;
    const std::unique_ptr<double[]> panel(new double[panel_rows * K + 1]);
    for (std::size_t i = 0; i < x.rows; i += panel_rows) {
      const std::size_t some = std::min(panel_rows, x.rows - i);
      for (std::size_t r = 0; r < panel_rows; ++r) { // a last panel repeats its last row
        const double* const from = x.row(i + std::min(r, some - 1));
        for (std::size_t k = 0; k < K; ++k) panel[panel_rows * k + r] = from[k];
      }
      if (without != nullptr)
        for (std::size_t r = 0; r < some; ++r) panel[panel_rows * without[i + r] + r] = Ring::start;
      for (std::size_t j = 0; j < y.rows; j += 4) {
        const std::size_t n = std::min<std::size_t>(4, y.rows - j);
        const double* const rows[4] = {y.row(j), y.row(j + std::min<std::size_t>(1, n - 1)),
                                       y.row(j + std::min<std::size_t>(2, n - 1)), y.row(j + n - 1)};
        double entries[4 * panel_rows];
        make<Ring>(panel.get(), rows, K, entries);
        for (std::size_t c = 0; c < n; ++c)
          for (std::size_t r = 0; r < some; ++r) to[(i + r) * y.rows + j + c] = entries[panel_rows * c + r];
      }
    }
  }
};

#if defined __x86_64__ && !defined PROOFMARK_ONE_TARGET
using Wide = Tile<v4, 3>; // 12 accumulators, 3 + 1 operands: all 16 registers
using Narrow = Tile<v2, 2>;
__attribute__((target("avx2"))) void wide_products(Matrix x, Matrix y, double* to) {
  Wide::rows_with_rows<Plus>(x, y, nullptr, to);
}
__attribute__((target("avx2"))) void wide_largest(Matrix x, Matrix y, const std::uint32_t* without, double* to) {
  Wide::rows_with_rows<Largest>(x, y, without, to);
}
bool is_wide() {
  return __builtin_cpu_supports("avx2") > 0;
}
#else
using Narrow = Tile<v2, 2>;
void wide_products(Matrix, Matrix, double*) {}
void wide_largest(Matrix, Matrix, const std::uint32_t*, double*) {}
bool is_wide() {
  return false;
}
#endif

} // namespace

void products(Matrix x, Matrix y, double* to) {
  if (is_wide())
    wide_products(x, y, to);
  else
    Narrow::rows_with_rows<Plus>(x, y, nullptr, to);
}
void largest_sums(Matrix x, Matrix y, std::span<const std::uint32_t> without, double* to) {
  if (is_wide())
    wide_largest(x, y, without.data(), to);
  else
    Narrow::rows_with_rows<Largest>(x, y, without.data(), to);
}

} // namespace verifier::kernel::doubles
