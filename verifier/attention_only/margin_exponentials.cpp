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

} // namespace

MarginExponentials::MarginExponentials() {
  fill(coarse_, 5);
  fill(fine_, 15);
}

} // namespace verifier::attention_only
