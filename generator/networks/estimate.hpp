// A double with a radius: about what is lost where the same is computed with intervals whose ends are doubles, as the
// verifier's fast engine does. Nothing rests on it: it decides what is worth declaring. Each rounding counts twice.
#pragma once

namespace proofmark::networks {

struct Estimate {
  double middle = 0, radius = 0;

  double lower() const { return middle - radius; }
  double upper() const { return middle + radius; }
};

} // namespace proofmark::networks
