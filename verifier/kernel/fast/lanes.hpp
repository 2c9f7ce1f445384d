// Four doubles at a time, and how a rounded result is turned outward. u = 2^-53.
//
// The fast engine relies on IEEE 754 doubles, rounded to nearest, without excess precision, contraction or reassociation.
// Loops work on vectors of four and sum in a fixed order, so that AVX2, SSE2 and WebAssembly give the same bits. `tiny`
// covers whatever underflow can lose, and keeps results far from denormal numbers: a host that flushes them changes nothing.
//
// Stored ends are finite. Infinities and NaNs have no finite width: each operation looks at the widths of its results
// (`Widths`), and what is not finite throws OutOfRange: the reference decides. Maxima may drop a NaN, so none may pass before.
#pragma once

#include <array>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined __FAST_MATH__ || FLT_EVAL_METHOD != 0
#error                                                                                                                 \
    "the fast engine needs doubles as IEEE 754 has them: no fast mathematics, no excess precision (x87: -msse2 -mfpmath=sse)"
#endif

#define PROOFMARK_INLINE inline __attribute__((always_inline))
#define PROOFMARK_LAMBDA __attribute__((always_inline))
#if !defined __x86_64__ || defined __clang__ // clang 14 does not pass these vectors to what is inlined into a clone
#define PROOFMARK_ONE_TARGET 1
#endif
#if !defined PROOFMARK_ONE_TARGET
#define PROOFMARK_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define PROOFMARK_CLONES
#endif

namespace verifier::kernel::doubles {

using v8 = double __attribute__((vector_size(64)));
using v4 = double __attribute__((vector_size(32)));
using i4 = std::int64_t __attribute__((vector_size(32)));
using u4 = std::uint64_t __attribute__((vector_size(32)));

inline constexpr double u = 0x1p-53, tiny = 0x1p-900, infinity = __builtin_inf();

PROOFMARK_INLINE v4 all(double x) {
  return v4{x, x, x, x};
}
PROOFMARK_INLINE v4 max4(v4 x, v4 y) {
  return x > y ? x : y;
}
PROOFMARK_INLINE v4 min4(v4 x, v4 y) {
  return x < y ? x : y;
}
PROOFMARK_INLINE v4 abs4(v4 x) {
  return (v4)((u4)x & 0x7fffffffffffffffu);
}
PROOFMARK_INLINE double sum_of_lanes(v4 x) {
  return (x[0] + x[1]) + (x[2] + x[3]);
}
PROOFMARK_INLINE double max2(double x, double y) {
  return x > y ? x : y;
}
PROOFMARK_INLINE double largest_lane(v4 x) {
  return max2(max2(x[0], x[1]), max2(x[2], x[3]));
}

// ---- turning outward -------------------------------------------------------------------------------------------------
// x is an exact y, rounded to nearest: |y - x| <= u |x| + 2^-1075. The sum below, itself rounded, stays on the far side:
// (3 u |x| + tiny) (1 - u)^2 - u |x + ..| >= u |x| + 2^-1075.

PROOFMARK_INLINE v4 up(v4 x) {
  return x + (abs4(x) * (3 * u) + tiny);
}
PROOFMARK_INLINE v4 down(v4 x) {
  return x - (abs4(x) * (3 * u) + tiny);
}
// Of a sum of ends, none of which is next to 0 but not 0: it is computed as 0 only where it is 0.
PROOFMARK_INLINE v4 up_sum(v4 x) {
  return x == all(0) ? x : up(x);
}
PROOFMARK_INLINE v4 down_sum(v4 x) {
  return x == all(0) ? x : down(x);
}
PROOFMARK_INLINE double up(double x) {
  return x + (std::fabs(x) * (3 * u) + tiny);
}
PROOFMARK_INLINE double down(double x) {
  return x - (std::fabs(x) * (3 * u) + tiny);
}

// ---- loading and storing ---------------------------------------------------------------------------------------------

// Up to four entries, `count` of them in the row; in place of those that are missing stands `rest`. Arrays have room for a
// whole last vector.
PROOFMARK_INLINE v4 load(const double* p, std::size_t stride, std::size_t count, double rest) {
  if (stride == 1) [[likely]] {
    v4 x;
    std::memcpy(&x, p, sizeof x);
    if (count >= 4) [[likely]]
      return x;
    const auto n = static_cast<std::int64_t>(count);
    return i4{0, 1, 2, 3} < i4{n, n, n, n} ? x : all(rest);
  }
  if (stride == 0) {
    const auto n = static_cast<std::int64_t>(count);
    return count >= 4 ? all(*p) : i4{0, 1, 2, 3} < i4{n, n, n, n} ? all(*p) : all(rest);
  }
  if (count >= 4) return v4{p[0], p[stride], p[2 * stride], p[3 * stride]};
  return v4{count > 0 ? p[0] : rest, count > 1 ? p[stride] : rest, count > 2 ? p[2 * stride] : rest, rest};
}
PROOFMARK_INLINE void store(double* p, v4 x) {
  std::memcpy(p, &x, sizeof x);
}

// ---- what is not finite ----------------------------------------------------------------------------------------------

struct Widths {
  i4 finite = ~i4{};
  PROOFMARK_INLINE void see(v4 lower, v4 upper) { finite &= upper - lower < all(0x1p1020); } // false for NaN
  PROOFMARK_INLINE bool are_finite() const { return (finite[0] & finite[1] & finite[2] & finite[3]) != 0; }
};

} // namespace verifier::kernel::doubles
