#include "margin_loss.hpp"

#include <algorithm>

namespace verifier::attention_only {
namespace {

constexpr long grid_exponent = 13; // margins of 2^13 nats and more do without the grid

} // namespace

void set_loss(Real& loss, std::span<const Real> margins, Real& term, mpfr_rnd_t direction) {
  mpfr_set_zero(loss.get(), +1);
  for (const Real& margin : margins) {
    mpfr_exp(term.get(), margin.get(), direction);
    mpfr_add(loss.get(), loss.get(), term.get(), direction);
  }
  mpfr_log1p(loss.get(), loss.get(), direction);
}

bool MarginLoss::put_on_grid(std::span<const Real> margins, mpfr_rnd_t direction) {
  grid_.resize(margins.size());
  for (std::size_t i = 0; i < margins.size(); ++i) {
    const mpfr_srcptr margin = margins[i].get();
    if (mpfr_regular_p(margin) && mpfr_get_exp(margin) > grid_exponent) return false;
    mpfr_mul_2si(term_.get(), margin, margin_places, direction); // exact
    grid_[i] = mpfr_get_sj(term_.get(), direction);
  }
  return true;
}

void MarginLoss::set(Real& loss, std::span<const Real> margins, mpfr_rnd_t direction) {
  if (!put_on_grid(margins, direction)) return set_loss(loss, margins, term_, direction);
  const std::int64_t highest = *std::ranges::max_element(grid_);
  const ExponentialSum sum = exponentials_.terms(grid_, highest);
  const Uint128 end = direction == MPFR_RNDU ? sum.most : sum.least; // below 2^74, and at least 2^61
  mpfr_set_uj_2exp(loss.get(), static_cast<std::uint64_t>(end >> 32), 32, direction);
  mpfr_set_uj(term_.get(), static_cast<std::uint64_t>(end) & UINT32_MAX, direction);
  mpfr_add(loss.get(), loss.get(), term_.get(), direction);
  mpfr_div_2ui(loss.get(), loss.get(), exponential_places, direction); // exact
  mpfr_set_sj_2exp(term_.get(), highest, -margin_places, direction);   // exact
  mpfr_exp(term_.get(), term_.get(), direction);
  mpfr_mul(loss.get(), loss.get(), term_.get(), direction);
  mpfr_log1p(loss.get(), loss.get(), direction);
}

} // namespace verifier::attention_only
