#include "head_tail_tables.hpp"

#include "../parallel.hpp"

namespace verifier::token_sum {
namespace {

std::vector<Real> reals(const std::vector<Dyadic>& values) {
  std::vector<Real> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    mpfr_set_sj_2exp(result[i].get(), values[i].mantissa, values[i].exponent, MPFR_RNDU); // exact: 53 bits
  return result;
}

// 1/x rounded up; 0 stays 0.
std::vector<Real> reciprocals(const std::vector<Real>& values) {
  std::vector<Real> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!mpfr_zero_p(values[i].get())) mpfr_ui_div(result[i].get(), 1, values[i].get(), MPFR_RNDU);
  return result;
}

void set_tail_levels(HeadTailTables& tables) {
  const HeadTailWitness& witness = tables.witness;
  const std::uint64_t V = witness.vocabulary;
  const std::size_t levels = witness.inexact_levels();
  tables.tail_levels.assign(V * V, static_cast<std::uint8_t>(levels));
  if (levels == 0) return;
  for (std::uint64_t a = 0; a < V; ++a) {
    const auto largest = witness.head(a, levels - 1);
    std::size_t level = 0; // the first whose head has more than i outputs
    for (std::size_t i = 0; i < largest.size(); ++i) {
      while (witness.sizes[level] <= i) ++level;
      tables.tail_levels[a * V + largest[i]] = static_cast<std::uint8_t>(level);
    }
  }
}

// T_y = sum_k ( P[y+1,k]^n - P[y,k]^n ) with P[y,k] = sum_{a<y} u_a A[a,k], without a subtraction. The columns are
// summed in a fixed number of parts, so that the result does not depend on the number of threads.
std::vector<Real> make_totals(const Tables& engine, const Task& task, const std::vector<Real>& u, unsigned threads) {
  const std::size_t V = task.vocabulary, parts = std::min<std::size_t>(V, 64);
  std::vector<std::vector<Real>> partial(parts, std::vector<Real>(V));
  for_each_index(parts, threads, [&] {
    return [&, before = Real(), after = Real(), x = Real(), q = Real(), h = Real()](std::size_t part) mutable {
      for (std::size_t k = part * V / parts; k < (part + 1) * V / parts; ++k) {
        mpfr_set_zero(before.get(), +1);
        for (std::size_t y = 0; y < V; ++y) {
          engine.entry_from_above(static_cast<Token>(y), k, x);
          mpfr_mul(x.get(), x.get(), u[y].get(), MPFR_RNDU);
          mpfr_add(after.get(), before.get(), x.get(), MPFR_RNDU);
          // q = after^i, h = sum_{j<=i} after^j before^(i-j), from i = 1
          mpfr_set(q.get(), after.get(), MPFR_RNDU); // exact
          mpfr_add(h.get(), before.get(), after.get(), MPFR_RNDU);
          for (std::uint64_t i = 2; i < task.context; ++i) {
            mpfr_mul(q.get(), q.get(), after.get(), MPFR_RNDU);
            mpfr_mul(h.get(), h.get(), before.get(), MPFR_RNDU);
            mpfr_add(h.get(), h.get(), q.get(), MPFR_RNDU);
          }
          mpfr_mul(x.get(), x.get(), h.get(), MPFR_RNDU);
          mpfr_add(partial[part][y].get(), partial[part][y].get(), x.get(), MPFR_RNDU);
          mpfr_swap(before.get(), after.get());
        }
      }
    };
  });
  std::vector<Real> totals(V);
  for (const auto& part : partial)
    for (std::size_t y = 0; y < V; ++y) mpfr_add(totals[y].get(), totals[y].get(), part[y].get(), MPFR_RNDU);
  return totals;
}

} // namespace

HeadTailTables make_head_tail_tables(const Tables& engine, const Task& task, HeadTailWitness witness,
                                     unsigned threads) {
  const std::size_t V = task.vocabulary;
  HeadTailTables tables;
  tables.witness = std::move(witness);
  tables.exponent = std::max<std::uint64_t>(2, task.context - 1);
  tables.sides = tables.witness.weights.empty() ? 1 : 2;
  set_tail_levels(tables);

  const std::vector<Real> weights = reals(tables.witness.weights), inverse_weights = reciprocals(weights);
  // x = A[a,k]^p times the side's weight
  const auto power = [&](Token a, std::size_t k, std::size_t side, Real& x, Real& entry) {
    engine.entry_from_above(a, k, entry);
    mpfr_pow_ui(x.get(), entry.get(), tables.exponent, MPFR_RNDU);
    if (!weights.empty()) mpfr_mul(x.get(), x.get(), (side == 0 ? weights : inverse_weights)[k].get(), MPFR_RNDU);
  };
  if (task.context == 2)
    tables.norms.assign(tables.sides, PackedReals(V * tables.norms_of_token()));
  else
    tables.powers.assign(tables.sides, PackedReals(V * V));
  for_each_index(V, threads, [&] {
    return [&, x = Real(), entry = Real(), roots = TailRoots(tables)](std::size_t i) mutable {
      const auto a = static_cast<Token>(i);
      const TailLevels levels = tables.tail_levels_of(a);
      for (std::size_t side = 0; side < tables.sides; ++side) {
        for (std::size_t k = 0; k < V; ++k) {
          if (task.context == 2 && levels[k] == 0) continue; // in every head
          power(a, k, side, x, entry);
          if (task.context == 2)
            roots.add(k, levels[k], x);
          else
            tables.powers[side].set(i * V + k, x);
        }
        if (task.context == 2) roots.take(tables.norms[side], i * tables.norms_of_token());
      }
    };
  });

  if (tables.witness.has_multipliers()) {
    const std::vector<Real> u = reals(tables.witness.token_factors), v = reals(tables.witness.label_factors);
    for (std::size_t a = 0; a < V; ++a) {
      tables.token_factors.push_back({u[a], u[a]});
      tables.label_factors.push_back({v[a], v[a]});
    }
    tables.reciprocals = reciprocals(u);
    tables.totals = make_totals(engine, task, u, threads);
  }
  return tables;
}

TailRoots::TailRoots(const HeadTailTables& tables)
    : tables_(tables), sums_(tables.witness.inexact_levels() * tables.witness.group_count) {}

void TailRoots::add(std::size_t k, std::size_t levels, const Real& x) {
  if (levels == 0) return;
  Real& sum = sums_[tables_.norm_index(levels - 1, tables_.witness.group(k))];
  mpfr_add(sum.get(), sum.get(), x.get(), MPFR_RNDU);
}

void TailRoots::take(PackedReals& roots, std::size_t first) {
  const std::size_t groups = tables_.witness.group_count;
  for (std::size_t i = sums_.size(); i-- > groups;) {
    Real& below = sums_[i - groups]; // the level before: its tail has what this one's has, and more
    mpfr_add(below.get(), below.get(), sums_[i].get(), MPFR_RNDU);
  }
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    mpfr_rootn_ui(sums_[i].get(), sums_[i].get(), tables_.exponent, MPFR_RNDU);
    roots.set(first + i, sums_[i]);
    mpfr_set_zero(sums_[i].get(), +1);
  }
}

LabelNorms::LabelNorms(const Tables& engine, const HeadTailTables& tables, Token y)
    : engine_(engine), tables_(tables), y_(y), roots_(tables) {}

void LabelNorms::make(std::size_t side, Token a, PackedReals& norms, std::size_t first) {
  const std::size_t V = tables_.witness.vocabulary;
  const TailLevels own = tables_.tail_levels_of(y_), levels = tables_.tail_levels_of(a);
  Real label_entry, x;
  mpfr_t power; // a view
  for (std::size_t k = 0; k < V; ++k) {
    engine_.entry_from_above(y_, k, label_entry);
    tables_.powers[side].view(a * V + k, power);
    mpfr_mul(x.get(), label_entry.get(), power, MPFR_RNDU);
    roots_.add(k, std::min(own[k], levels[k]), x); // in the tail while in neither head
  }
  roots_.take(norms, first);
}

} // namespace verifier::token_sum
