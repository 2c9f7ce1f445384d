#include "margin_exponentials.hpp"

#include "../interval.hpp"

namespace verifier::attention_only {
namespace {

template <class Table>
void fill(Table& table, int places) {
  Real x;
  for (std::size_t i = 0; i < table.size(); ++i) {
    mpfr_set_si_2exp(x.get(), -static_cast<long>(i), -places, MPFR_RNDU); // exact
    mpfr_exp(x.get(), x.get(), MPFR_RNDD);
    mpfr_mul_2ui(x.get(), x.get(), 63, MPFR_RNDD); // exact
    table[i] = mpfr_get_uj(x.get(), MPFR_RNDD);
  }
}

constexpr std::uint64_t one = std::uint64_t{1} << exponential_places;

// ceil(x · y / 2^48), or one more
Uint128 scaled_from_above(Uint128 x, std::uint64_t y) {
  return ((x * y) >> margin_places) + 1; // x < 2^74, y < 2^22
}

} // namespace

MarginExponentials::MarginExponentials() {
  fill(coarse_, 5);
  fill(fine_, 15);
}

ExponentialSum MarginExponentials::terms(std::span<const std::int64_t> margins, std::int64_t highest) const {
  Uint128 sum = 0;
  for (const std::int64_t margin : margins) sum += (*this)(static_cast<std::uint64_t>(highest - margin));
  const Uint128 count = margins.size(), least = sum > count ? sum - count : 0;
  return {least - std::min(least, scaled_from_above(least, 2)), sum + 3 * count};
}

ExponentialSum MarginExponentials::sum(std::span<const std::int64_t> margins, std::int64_t highest,
                                       std::uint64_t error) const {
  auto [least, most] = terms(margins, highest);
  least -= std::min(least, scaled_from_above(least, error)); // what the margins may be off by
  most += scaled_from_above(most, error + 1);
  if (highest == 0) return {least + one, most + one}; // the label's own is exact
  const std::uint64_t label = (*this)(static_cast<std::uint64_t>(highest));
  return {least + (label - std::min(label, (label >> 47) + 2)), most + label + 3};
}

} // namespace verifier::attention_only
