#include "lanes.hpp"

#include "../engine.hpp"

namespace verifier::kernel {

// Sums that rounding down, up or to zero would change, of either sign, and a product that contraction or excess precision would.
// The operands are read when the program runs, in lanes and alone.
bool doubles_are_as_assumed() {
  using namespace doubles;
  const volatile double one = 1, half_unit = u, more = 1.5 * u, small = 0x1p-30;
  const double x = one, h = half_unit, m = more, s = one + small;
  const v4 lanes = v4{x, x, -x, -x} + v4{h, m, -h, -m};
  const v4 expected = v4{1, 1 + 2 * u, -1, -1 - 2 * u};
  bool good = x + h == 1 && x + m == 1 + 2 * u && -x - h == -1 && -x - m == -1 - 2 * u;
  for (int i = 0; i < 4; ++i) good = good && lanes[i] == expected[i];
  return good && s * s - (1 + 0x1p-29) == 0; // exactly it is 2^-60
}

} // namespace verifier::kernel
