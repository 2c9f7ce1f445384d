#include "fixed_outputs.hpp"

#include "../parallel.hpp"
#include "margin_exponentials.hpp"

#include <algorithm>

namespace verifier::attention_only {
namespace {

constexpr long entry_bits = 58;

// The least e >= 0 with |x| < 2^e for every entry.
long exponent_above(const ExactMatrix& matrix) {
  long exponent = 0;
  for (const Real& x : matrix.entries)
    if (mpfr_regular_p(x.get())) exponent = std::max(exponent, mpfr_get_exp(x.get()));
  return exponent;
}

std::vector<std::int64_t> on_grid(const ExactMatrix& matrix, long places, unsigned threads) {
  std::vector<std::int64_t> values(matrix.entries.size());
  for_each_index(matrix.rows, threads, [&] {
    return [&, scaled = Real()](std::size_t i) mutable {
      for (std::size_t j = 0; j < matrix.columns; ++j) {
        // Rounding down to 64 bits first changes no floor: a number of which an integer has fewer bits than that keeps its
        // integer part.
        mpfr_mul_2si(scaled.get(), matrix.at(i, j).get(), places, MPFR_RNDD);
        values[i * matrix.columns + j] = mpfr_get_sj(scaled.get(), MPFR_RNDD);
      }
    };
  });
  return values;
}

} // namespace

std::optional<FixedOutputs> make_fixed_outputs(const Tables& tables, unsigned threads) {
  const long places =
      entry_bits - std::max({exponent_above(tables.EU), exponent_above(tables.OV), exponent_above(tables.PO)});
  if (places < margin_places) return {};
  return FixedOutputs{places, on_grid(tables.EU, places, threads), on_grid(tables.OV, places, threads),
                      on_grid(tables.PO, places, threads)};
}

} // namespace verifier::attention_only
