// The reference engine: every operation is one MPFR call with an explicit direction, both ends computed
// separately. Slow and plain: it is the oracle of the exact engine, and takes over where that one cannot
// represent the weights.
#include "packed_reals.hpp"
#include "tables.hpp"

#include "../exact_sums.hpp"
#include "../limits.hpp"
#include "../parallel.hpp"
#include "../reason.hpp"

#include <algorithm>
#include <numeric>

namespace verifier::token_sum {
namespace {

std::vector<Real> exact_reals(const std::vector<Dyadic>& values) {
  std::vector<Real> reals(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) set_exactly(reals[i], values[i]);
  return reals;
}

class ReferenceTables final : public Tables {
public:
  ReferenceTables(const Weights& weights, unsigned threads);
  std::unique_ptr<Rows> rows() const override;
  Interval label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const override;
  std::string_view engine() const override { return "reference"; }
  void entry_from_above(Token a, std::size_t k, Real& x) const override {
    mpfr_t entry; // a view
    a_hi.view(std::size_t{a} * vocabulary + k, entry);
    mpfr_set(x.get(), entry, MPFR_RNDU); // exact
  }

  std::size_t vocabulary;                         // V
  PackedReals deficit_lo, deficit_hi, a_lo, a_hi; // ends of D and A [V x V]
};

ReferenceTables::ReferenceTables(const Weights& weights, unsigned threads)
    : vocabulary(weights.vocabulary), deficit_lo(vocabulary * vocabulary), deficit_hi(deficit_lo), a_lo(deficit_lo),
      a_hi(deficit_lo) {
  const std::size_t V = vocabulary, d = weights.width;
  const std::vector<Real> linear = exact_reals(weights.linear), unembedding = exact_reals(weights.unembedding);
  const Span products = span_of_products(span_of(weights.embedding), span_of(weights.linear), d);
  const Span logits = span_of_products(products, span_of(weights.unembedding), d);
  Real range_limit;
  mpfr_set_ui_2exp(range_limit.get(), 1, limits::logit_range_log2, MPFR_RNDD); // exact
  const auto make_work = [&] {
    return [&, e = std::vector<Real>(d), p = std::vector<Real>(d, Real(bits(products))),
            m = std::vector<Real>(V, Real(bits(logits))), p_term = Real(bits(products)), m_term = Real(bits(logits)),
            lo = Real(), hi = Real()](std::size_t a) mutable {
      for (std::size_t i = 0; i < d; ++i) set_exactly(e[i], weights.embedding[i * V + a]);
      multiply_exactly(p, e, linear, p_term);
      multiply_exactly(m, p, unembedding, m_term);
      const Real& shift = *std::max_element(m.begin(), m.end(),
                                            [](const Real& x, const Real& y) { return mpfr_less_p(x.get(), y.get()); });
      for (std::size_t k = 0; k < V; ++k) {
        const std::size_t i = a * V + k;
        mpfr_sub(lo.get(), shift.get(), m[k].get(), MPFR_RNDD);
        mpfr_sub(hi.get(), shift.get(), m[k].get(), MPFR_RNDU);
        if (!mpfr_lessequal_p(hi.get(), range_limit.get()))
          fail(Reason::limit_logit_range, "/model/tensors",
               "logits of one token within 2^" + std::to_string(limits::logit_range_log2) + " nats",
               "more for token " + std::to_string(a));
        deficit_lo.set(i, lo);
        deficit_hi.set(i, hi);
        mpfr_neg(lo.get(), lo.get(), MPFR_RNDU); // exact
        mpfr_neg(hi.get(), hi.get(), MPFR_RNDD); // exact
        mpfr_exp(lo.get(), lo.get(), MPFR_RNDU);
        mpfr_exp(hi.get(), hi.get(), MPFR_RNDD);
        a_hi.set(i, lo);
        a_lo.set(i, hi);
      }
    };
  };
  for_each_index(V, threads, make_work);
}

// Ends of a vector over the outputs k.
struct PackedEnds {
  explicit PackedEnds(std::size_t count) : lo(count), hi(count) {}
  PackedReals lo, hi;
};

class ReferenceRows final : public Rows {
public:
  explicit ReferenceRows(const ReferenceTables& tables) : tables_(tables) {
    // The empty product and the empty sum.
    PackedEnds ones(tables.vocabulary), zeros(tables.vocabulary);
    const Interval one = exactly(1);
    for (std::size_t k = 0; k < tables.vocabulary; ++k) {
      ones.lo.set(k, one.lo);
      ones.hi.set(k, one.hi);
    }
    all_columns_.resize(tables.vocabulary);
    std::iota(all_columns_.begin(), all_columns_.end(), Column{0});
    products_.push_back(std::move(ones));
    deficits_.push_back(std::move(zeros));
  }

  void push(Token a) override {
    const std::size_t V = tables_.vocabulary, offset = std::size_t{a} * V;
    PackedEnds product(V), deficit(V);
    const auto combine = [&](PackedReals& out, const PackedReals& x, const PackedReals& row, auto operation,
                             mpfr_rnd_t direction) {
      for (std::size_t k = 0; k < V; ++k) {
        x.view(k, x_);
        row.view(offset + k, y_);
        operation(term_.get(), x_, y_, direction);
        out.set(k, term_);
      }
    };
    combine(product.lo, products_.back().lo, tables_.a_lo, mpfr_mul, MPFR_RNDD);
    combine(product.hi, products_.back().hi, tables_.a_hi, mpfr_mul, MPFR_RNDU);
    combine(deficit.lo, deficits_.back().lo, tables_.deficit_lo, mpfr_add, MPFR_RNDD);
    combine(deficit.hi, deficits_.back().hi, tables_.deficit_hi, mpfr_add, MPFR_RNDU);
    products_.push_back(std::move(product));
    deficits_.push_back(std::move(deficit));
  }
  void pop() override {
    products_.pop_back();
    deficits_.pop_back();
  }

  Row row(Token first, Token last, Token label, bool count) override {
    Row result{exactly(1)};
    for (Token a = first; a < last; ++a) {
      part(a, all_columns_, z_);
      multiply_nonnegative(result.product, z_);
      if (count) classify(a, label, result);
    }
    return result;
  }

  void part(Token a, std::span<const Column> columns, Interval& part) override {
    inner_product(part.lo, tables_.a_lo, products_.back().lo, a, columns, MPFR_RNDD);
    inner_product(part.hi, tables_.a_hi, products_.back().hi, a, columns, MPFR_RNDU);
  }

private:
  void inner_product(Real& sum, const PackedReals& table, const PackedReals& vector, Token a,
                     std::span<const Column> columns, mpfr_rnd_t direction) {
    const std::size_t offset = std::size_t{a} * tables_.vocabulary;
    mpfr_set_zero(sum.get(), +1);
    for (const Column k : columns) {
      table.view(offset + k, x_);
      vector.view(k, y_);
      mpfr_mul(term_.get(), x_, y_, direction);
      mpfr_add(sum.get(), sum.get(), term_.get(), direction);
    }
  }

  // D[a,k] + sum_i D[rest_i,k], one end.
  mpfr_srcptr deficit(Real& out, const PackedReals& table, const PackedReals& vector, Token a, std::size_t k,
                      mpfr_rnd_t direction) {
    table.view(std::size_t{a} * tables_.vocabulary + k, x_);
    vector.view(k, y_);
    mpfr_add(out.get(), x_, y_, direction);
    return out.get();
  }

  // The larger logit has the smaller deficit: correct when sum_i D[t_i,k] > sum_i D[t_i,y] for every k != y.
  // Two sufficient tests: the label has more than half of the probability (most inputs of a good model, at no
  // cost), or every deficit is compared.
  void classify(Token a, Token label, Row& result) {
    const PackedEnds &product = products_.back(), &sum = deficits_.back();
    tables_.a_lo.view(std::size_t{a} * tables_.vocabulary + label, x_);
    product.lo.view(label, y_);
    mpfr_mul(term_.get(), x_, y_, MPFR_RNDD);
    mpfr_mul_2ui(term_.get(), term_.get(), 1, MPFR_RNDD);
    if (mpfr_less_p(z_.hi.get(), term_.get())) {
      ++result.correct;
      return;
    }
    deficit(label_lo_, tables_.deficit_lo, sum.lo, a, label, MPFR_RNDD);
    deficit(label_hi_, tables_.deficit_hi, sum.hi, a, label, MPFR_RNDU);
    bool correct = true;
    for (std::size_t k = 0; k < tables_.vocabulary; ++k) {
      if (k == label) continue;
      if (mpfr_greater_p(deficit(other_, tables_.deficit_lo, sum.lo, a, k, MPFR_RNDD), label_hi_.get())) continue;
      correct = false;
      if (mpfr_lessequal_p(deficit(other_, tables_.deficit_hi, sum.hi, a, k, MPFR_RNDU), label_lo_.get()))
        return; // surely wrong
    }
    ++(correct ? result.correct : result.undecided);
  }

  const ReferenceTables& tables_;
  std::vector<Column> all_columns_;
  std::vector<PackedEnds> products_, deficits_; // of the first 0, 1, 2, .. tokens of `rest`
  Interval z_;
  Real term_, label_lo_, label_hi_, other_;
  mpfr_t x_, y_; // views only: own nothing
};

std::unique_ptr<Rows> ReferenceTables::rows() const {
  return std::make_unique<ReferenceRows>(*this);
}

Interval ReferenceTables::label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const {
  const auto end = [&](Real& out, const PackedReals& deficits, mpfr_rnd_t direction) {
    Real own;
    mpfr_t entry;
    for (Token a = 0; a < y; ++a) {
      deficits.view(std::size_t{a} * vocabulary + y, entry);
      mpfr_add(out.get(), out.get(), entry, direction);
    }
    mpfr_mul_z(out.get(), out.get(), c_1.get_mpz_t(), direction);
    deficits.view(std::size_t{y} * vocabulary + y, entry);
    mpfr_mul_z(own.get(), entry, c_2.get_mpz_t(), direction);
    mpfr_add(out.get(), out.get(), own.get(), direction);
  };
  Interval term;
  end(term.lo, deficit_lo, MPFR_RNDD);
  end(term.hi, deficit_hi, MPFR_RNDU);
  return term;
}

} // namespace

std::unique_ptr<Tables> make_reference_tables(const Weights& weights, std::uint64_t, unsigned threads) {
  return std::make_unique<ReferenceTables>(weights, threads);
}

} // namespace verifier::token_sum
