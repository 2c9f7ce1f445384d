// The reference engine: every operation is one MPFR call with an explicit direction, both ends computed
// separately. Slow and plain: it is the oracle of the exact engine, and takes over where that one cannot
// represent the weights.
#include "packed_reals.hpp"
#include "tables.hpp"

#include "../limits.hpp"
#include "../parallel.hpp"
#include "../reason.hpp"

#include <algorithm>

namespace verifier::token_sum {
namespace {

// Bits of E W and of (E W) U. With float32 weights of ordinary range both products are exact, and then one
// pass gives both ends.
constexpr mpfr_prec_t product_bits = 128, logit_bits = 192;

void set(Real& x, const Dyadic& value) {
  mpfr_set_sj_2exp(x.get(), value.mantissa, value.exponent, MPFR_RNDU);
} // exact: 53 bits

// Ends of a vector of enclosures. When `same` is set the two are equal and only `hi` is filled.
struct Ends {
  Ends(std::size_t count, mpfr_prec_t bits) : lo(count, Real(bits)), hi(count, Real(bits)) {}
  std::vector<Real> lo, hi;
  bool same = false;
  const std::vector<Real>& low() const { return same ? hi : lo; }
};

// sum_j x_j · y_j into `sum`, rounded in one direction; y_j exact. Returns whether no operation rounded.
// The end of x_j that gives the wanted end of the product depends on the sign of y_j.
bool inner_product(Real& sum, Real& term, const Ends& x, const Real* y, mpfr_rnd_t direction) {
  bool exact = true;
  mpfr_set_zero(sum.get(), +1);
  for (std::size_t j = 0; j < x.hi.size(); ++j) {
    const bool larger = (direction == MPFR_RNDU) == (mpfr_sgn(y[j].get()) >= 0);
    const Real& end = larger ? x.hi[j] : x.low()[j];
    exact &= mpfr_mul(term.get(), end.get(), y[j].get(), direction) == 0;
    exact &= mpfr_add(sum.get(), sum.get(), term.get(), direction) == 0;
  }
  return exact && x.same;
}

// out_k = sum_j x_j · y[k,j] for every row k of y, as enclosures.
void multiply(Ends& out, const Ends& x, const std::vector<Real>& y) {
  Real term(mpfr_get_prec(out.hi.front().get()));
  out.same = true;
  for (std::size_t k = 0; k < out.hi.size(); ++k)
    out.same &= inner_product(out.hi[k], term, x, &y[k * x.hi.size()], MPFR_RNDU);
  if (out.same)
    return;
  for (std::size_t k = 0; k < out.hi.size(); ++k)
    inner_product(out.lo[k], term, x, &y[k * x.hi.size()], MPFR_RNDD);
}

std::vector<Real> exact_reals(const std::vector<Dyadic>& values) {
  std::vector<Real> reals(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    set(reals[i], values[i]);
  return reals;
}

class ReferenceTables final : public Tables {
public:
  ReferenceTables(const Weights& weights, unsigned threads);
  std::unique_ptr<Rows> rows() const override;
  Interval label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const override;
  std::string_view engine() const override { return "reference"; }

  std::size_t vocabulary;                         // V
  PackedReals deficit_lo, deficit_hi, a_lo, a_hi; // ends of D and A [V x V]
};

ReferenceTables::ReferenceTables(const Weights& weights, unsigned threads)
    : vocabulary(weights.vocabulary), deficit_lo(vocabulary * vocabulary), deficit_hi(deficit_lo),
      a_lo(deficit_lo), a_hi(deficit_lo) {
  const std::size_t V = vocabulary, d = weights.width;
  const std::vector<Real> linear = exact_reals(weights.linear),
                          unembedding = exact_reals(weights.unembedding);
  Real range_limit;
  mpfr_set_ui_2exp(range_limit.get(), 1, limits::logit_range_log2, MPFR_RNDD); // exact
  for_each_index(V, threads, [&] {
    return [&, e = Ends(d, precision), p = Ends(d, product_bits), m = Ends(V, logit_bits), lo = Real(),
            hi = Real()](std::size_t a) mutable {
      for (std::size_t i = 0; i < d; ++i)
        set(e.hi[i], weights.embedding[i * V + a]);
      e.same = true;
      multiply(p, e, linear);
      multiply(m, p, unembedding);
      const Real& shift = *std::max_element(m.hi.begin(), m.hi.end(), [](const Real& x, const Real& y) {
        return mpfr_less_p(x.get(), y.get());
      });
      for (std::size_t k = 0; k < V; ++k) {
        const std::size_t i = a * V + k;
        mpfr_sub(lo.get(), shift.get(), m.hi[k].get(), MPFR_RNDD);
        mpfr_sub(hi.get(), shift.get(), m.low()[k].get(), MPFR_RNDU);
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
  });
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
      inner_product(z_.lo, tables_.a_lo, products_.back().lo, a, MPFR_RNDD);
      inner_product(z_.hi, tables_.a_hi, products_.back().hi, a, MPFR_RNDU);
      multiply_nonnegative(result.product, z_);
      if (count)
        classify(a, label, result);
    }
    return result;
  }

private:
  void inner_product(Real& sum, const PackedReals& table, const PackedReals& vector, Token a,
                     mpfr_rnd_t direction) {
    const std::size_t V = tables_.vocabulary, offset = std::size_t{a} * V;
    mpfr_set_zero(sum.get(), +1);
    for (std::size_t k = 0; k < V; ++k) {
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
      if (k == label)
        continue;
      if (mpfr_greater_p(deficit(other_, tables_.deficit_lo, sum.lo, a, k, MPFR_RNDD), label_hi_.get()))
        continue;
      correct = false;
      if (mpfr_lessequal_p(deficit(other_, tables_.deficit_hi, sum.hi, a, k, MPFR_RNDU), label_lo_.get()))
        return; // surely wrong
    }
    ++(correct ? result.correct : result.undecided);
  }

  const ReferenceTables& tables_;
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
