#include "tiles.hpp"

#include <algorithm>
#include <array>
#include <vector>

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
template <class Ring, class Vector, std::size_t vectors, std::size_t block_terms>
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

template <class Ring, std::size_t block>
void narrow(const double* panel, const double* const* y, std::size_t K, double* to) {
  tile<Ring, v2, 2, block>(panel, y, K, to);
}
#if !defined PROOFMARK_ONE_TARGET
template <class Ring, std::size_t block>
__attribute__((target("avx2"))) void wide(const double* panel, const double* const* y, std::size_t K, double* to) {
  tile<Ring, v4, 3, block>(panel, y, K, to);
}
template <class Ring, std::size_t block>
__attribute__((target("avx512f"))) void widest(const double* panel, const double* const* y, std::size_t K, double* to) {
  tile<Ring, v8, 2, block>(panel, y, K, to);
}
template <class Ring, std::size_t block = block_terms>
Tile best_tile() {
  static const bool is_wide = __builtin_cpu_supports("avx2") > 0, is_widest = __builtin_cpu_supports("avx512f") > 0;
  if (is_widest) return {widest<Ring, block>, 16};
  return is_wide ? Tile{wide<Ring, block>, 12} : Tile{narrow<Ring, block>, 4};
}
#else
template <class Ring, std::size_t block = block_terms>
Tile best_tile() {
  return {narrow<Ring, block>, 4};
}
#endif

// The rows of y from j on, n of them; the last stands for those that are missing.
std::array<const double*, 4> four_rows(const Matrix& y, std::size_t j, std::size_t n) {
  const auto row = [&](std::size_t c) { return y.row(j + std::min(c, n - 1)); };
  return {row(0), row(1), row(2), row(3)};
}

// Pairs from `at` on of one row of x, and of the rows y .. y + count - 1 of y.
struct Run {
  std::size_t at, count;
  std::uint32_t x, y;
};
std::vector<Run> runs_of(Indices x_rows, Indices y_rows) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < x_rows.size(); ++i) {
    if (!runs.empty() && runs.back().x == x_rows[i] && runs.back().y + runs.back().count == y_rows[i])
      ++runs.back().count;
    else
      runs.push_back({i, 1, x_rows[i], y_rows[i]});
  }
  return runs;
}

// A row with four rows, in the order of a tile.
template <class Ring>
void row_with_rows(const double* x, const double* const* y, std::size_t K, double* to) {
  double total[4] = {Ring::start, Ring::start, Ring::start, Ring::start};
  for (std::size_t from = 0; from < K; from += block_terms) {
    const std::size_t end = std::min(K, from + block_terms);
    const double *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3];
    double a = Ring::start, b = a, c = a, d = a;
    for (std::size_t k = from; k < end; ++k)
      Ring::take(a, x[k], y0[k]), Ring::take(b, x[k], y1[k]), Ring::take(c, x[k], y2[k]), Ring::take(d, x[k], y3[k]);
    total[0] = Ring::join(total[0], a), total[1] = Ring::join(total[1], b);
    total[2] = Ring::join(total[2], c), total[3] = Ring::join(total[3], d);
  }
  std::copy(total, total + 4, to);
}

// Runs, as many as a panel has rows at a time: in tiles where their rows of y are common enough, else one by one. `without`: what
// each row of x leaves out, or nothing.
template <class Ring>
void runs_with_rows(std::span<const Run> runs, Matrix x, Matrix y, const std::uint32_t* without, double* to) {
  const auto [make, panel_rows] = best_tile<Ring>();
  const std::size_t K = x.columns;
  const std::unique_ptr<v8[]> memory(new v8[panel_rows * K / 8 + 1]);
  double* const panel = reinterpret_cast<double*>(memory.get());
  double entries[4 * most_panel_rows];
  for (std::size_t i = 0; i < runs.size(); i += panel_rows) {
    const auto some = runs.subspan(i, std::min(panel_rows, runs.size() - i));
    std::size_t from = some[0].y, end = from, pairs = 0;
    for (const Run& run : some)
      from = std::min<std::size_t>(from, run.y), end = std::max(end, run.y + run.count), pairs += run.count;
    if (4 * pairs >= panel_rows * (end - from)) {
      for (std::size_t r = 0; r < panel_rows; ++r) { // a last panel repeats its last row
        const Run& run = some[std::min(r, some.size() - 1)];
        const double* const row = x.row(run.x);
        for (std::size_t k = 0; k < K; ++k) panel[panel_rows * k + r] = row[k];
        if (without != nullptr) panel[panel_rows * without[run.x] + r] = Ring::start;
      }
      for (std::size_t j = from; j < end; j += 4) {
        const std::size_t n = std::min<std::size_t>(4, end - j);
        make(panel, four_rows(y, j, n).data(), K, entries);
        for (std::size_t r = 0; r < some.size(); ++r) {
          const Run& run = some[r];
          const std::size_t first = std::max<std::size_t>(j, run.y), last = std::min(j + n, run.y + run.count);
          for (std::size_t c = first; c < last; ++c) to[run.at + c - run.y] = entries[panel_rows * (c - j) + r];
        }
      }
    } else {
      for (const Run& run : some) {
        std::copy(x.row(run.x), x.row(run.x) + K, panel);
        if (without != nullptr) panel[without[run.x]] = Ring::start;
        for (std::size_t j = 0; j < run.count; j += 4) {
          const std::size_t n = std::min<std::size_t>(4, run.count - j);
          row_with_rows<Ring>(panel, four_rows(y, run.y + j, n).data(), K, entries);
          std::copy(entries, entries + n, to + run.at + j);
        }
      }
    }
  }
}

} // namespace

Tile tile_in_short_blocks() {
  return best_tile<Plus, short_block_terms>();
}
void products(Matrix x, Matrix y, double* to) {
  const auto [make, panel_rows] = best_tile<Plus>();
  const std::size_t K = x.columns;
  const std::unique_ptr<v8[]> memory(new v8[panel_rows * K / 8 + 1]);
  double* const panel = reinterpret_cast<double*>(memory.get());
  double entries[4 * most_panel_rows];
  for (std::size_t i = 0; i < x.rows; i += panel_rows) {
    const std::size_t some = std::min(panel_rows, x.rows - i);
    for (std::size_t r = 0; r < panel_rows; ++r) { // a last panel repeats its last row
      const double* const from = x.row(i + std::min(r, some - 1));
      for (std::size_t k = 0; k < K; ++k) panel[panel_rows * k + r] = from[k];
    }
    for (std::size_t j = 0; j < y.rows; j += 4) {
      const std::size_t n = std::min<std::size_t>(4, y.rows - j);
      make(panel, four_rows(y, j, n).data(), K, entries);
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t r = 0; r < some; ++r) to[(i + r) * y.rows + j + c] = entries[panel_rows * c + r];
    }
  }
}
void products(Matrix x, Indices x_rows, Matrix y, Indices y_rows, double* to) {
  runs_with_rows<Plus>(runs_of(x_rows, y_rows), x, y, nullptr, to);
}
void largest_sums(Matrix x, Indices x_rows, Matrix y, Indices y_rows, Indices without, double* to) {
  runs_with_rows<Largest>(runs_of(x_rows, y_rows), x, y, without.data(), to);
}

} // namespace verifier::kernel::doubles
