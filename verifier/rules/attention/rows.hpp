// The rows of a placement: in full, the fillings of its near positions; mixed, its near tokens (docs/rules/attention/placements.md).
#pragma once

#include "fillings.hpp"
#include "relative.hpp"

#include <optional>

namespace verifier::rules::attention {

// Cleared margins N and mass D of some positions, a row each.
struct Cleared {
  Cleared(const Positive& weight, const Real& y) : N(weighed(weight, y)), D(weight) {}
  Cleared(const Cleared& x, const Tokens& rows) : N(rows_at(x.N, rows)), D(rows_at(x.D, rows)) {}
  void add(const Cleared& x) { N = N + x.N, D = D + x.D; }
  void add(const Cleared& x, const Tokens& rows) { N = plus_rows_at(N, x.N, rows), D = plus_rows_at(D, x.D, rows); }
  Real N;     // [rows x W]
  Positive D; // [rows x 1]
};

struct Far { // what far positions add
  Far(const PositionWeights&, const Real& u, const Real& v, const Real& pi,
      const Tokens& positions); // v, π of these alone
  Positive R, mass;             // [Q x 1] R, R ρ
  Real most, least;             // [Q x W] Y, Y_lo
};

// Sums over the rows of each query [Q x 1]: of L(Δ), L(Δ⁺), L(Δ⁻), products with D, 1/D; and how many have Δ⁺ < 0.
struct Sums {
  Positive L, most, least, D_L, D_most, inverse_D;
  std::vector<std::uint64_t> passing;
};
Sums over_rows(const Queries&, Token c, bool full, const Cleared& base, const std::vector<Cleared>& near,
               const std::optional<Far>&);

} // namespace verifier::rules::attention
