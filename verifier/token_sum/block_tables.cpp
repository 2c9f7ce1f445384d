#include "block_tables.hpp"

#include "../parallel.hpp"

namespace verifier::token_sum {

BlockTables make_block_tables(const Tables& engine, const Task& task, BlockWitness witness, unsigned threads) {
  const std::size_t V = task.vocabulary, blocks = witness.starts.size() - 1;
  BlockTables tables{std::move(witness), PackedReals(blocks * V), std::vector<Real>(blocks), std::vector<Real>(blocks)};
  std::vector<Real> factors(V);
  for (std::size_t a = 0; a < V; ++a) {
    const Dyadic one{1, 0}, &u = tables.witness.factors.empty() ? one : tables.witness.factors[a];
    mpfr_set_sj_2exp(factors[a].get(), u.mantissa, u.exponent, MPFR_RNDU); // exact: 53 bits
  }
  for_each_index(V, threads, [&] {
    return [&, x = Real(), sum = Real()](std::size_t k) mutable {
      for (std::size_t i = 0; i < blocks; ++i) {
        mpfr_set_zero(sum.get(), +1);
        for (std::size_t a = tables.witness.starts[i]; a < tables.witness.starts[i + 1]; ++a) {
          engine.entry_from_above(static_cast<Token>(a), k, x);
          mpfr_mul(x.get(), x.get(), factors[a].get(), MPFR_RNDU);
          mpfr_add(sum.get(), sum.get(), x.get(), MPFR_RNDU);
        }
        tables.sums.set(i * V + k, sum);
      }
    };
  });
  Real logarithm;
  for (std::size_t i = 0; i < blocks; ++i) {
    for (std::size_t a = tables.witness.starts[i]; a < tables.witness.starts[i + 1]; ++a) {
      mpfr_log(logarithm.get(), factors[a].get(), MPFR_RNDD);
      mpfr_add(tables.logarithms[i].get(), tables.logarithms[i].get(), logarithm.get(), MPFR_RNDD);
    }
    if (i + 1 < blocks)
      mpfr_add(tables.logarithms_before[i + 1].get(), tables.logarithms_before[i].get(), tables.logarithms[i].get(),
               MPFR_RNDD);
  }
  return tables;
}

} // namespace verifier::token_sum
