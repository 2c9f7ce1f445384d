// The truth, by definition: losses of single inputs from the exact rational logits, at 400 bits. No rule, no
// shift, no shared exponential.
#pragma once

#include "token_sum/packed_reals.hpp"
#include "token_sum/tables.hpp"

#include <gmpxx.h>
#include <mpfr.h>

#include <cstdint>
#include <random>
#include <vector>

namespace truth {

using verifier::Dyadic;
using verifier::token_sum::Weights;

inline mpq_class rational(const Dyadic& x) {
  mpq_class value(mpz_class(static_cast<long>(x.mantissa)));
  if (x.exponent >= 0)
    mpq_mul_2exp(value.get_mpq_t(), value.get_mpq_t(), static_cast<mp_bitcnt_t>(x.exponent));
  else
    mpq_div_2exp(value.get_mpq_t(), value.get_mpq_t(), static_cast<mp_bitcnt_t>(-x.exponent));
  return value;
}

inline mpq_class entry(const verifier::token_sum::PackedReals& numbers, std::size_t i) {
  mpfr_t view;
  numbers.view(i, view);
  mpq_class value;
  mpfr_get_q(value.get_mpq_t(), view);
  return value;
}

// M = E W U [V x V], exactly.
inline std::vector<std::vector<mpq_class>> logit_table(const Weights& w) {
  const std::size_t V = w.vocabulary, d = w.width;
  std::vector<std::vector<mpq_class>> m(V, std::vector<mpq_class>(V));
  for (std::size_t a = 0; a < V; ++a) {
    std::vector<mpq_class> p(d);
    for (std::size_t j = 0; j < d; ++j)
      for (std::size_t i = 0; i < d; ++i) p[j] += rational(w.embedding[i * V + a]) * rational(w.linear[j * d + i]);
    for (std::size_t k = 0; k < V; ++k)
      for (std::size_t j = 0; j < d; ++j) m[a][k] += p[j] * rational(w.unembedding[k * d + j]);
  }
  return m;
}

struct InputTruth {
  mpq_class loss; // to about 390 bits
  bool correct;
};

// The input with `counts[a]` copies of token a (fractions are allowed: mixtures), and the label y.
inline InputTruth input(const std::vector<std::vector<mpq_class>>& m, const std::vector<mpq_class>& counts,
                        std::size_t y) {
  const std::size_t V = m.size();
  mpfr_t sum, term;
  mpfr_inits2(400, sum, term, nullptr);
  mpfr_set_zero(sum, 1);
  InputTruth result{0, true};
  for (std::size_t k = 0; k < V; ++k) {
    if (k == y) continue;
    mpq_class relative = 0; // logit relative to the label's
    for (std::size_t a = 0; a < V; ++a) relative += counts[a] * (m[a][k] - m[a][y]);
    mpfr_set_q(term, relative.get_mpq_t(), MPFR_RNDN);
    mpfr_exp(term, term, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
    result.correct = result.correct && relative < 0;
  }
  mpfr_log1p(sum, sum, MPFR_RNDN); // ln(1 + sum over the wrong outputs)
  mpfr_get_q(result.loss.get_mpq_t(), sum);
  mpfr_clears(sum, term, nullptr);
  return result;
}

struct LabelTruth {
  mpq_class loss; // the summed loss of the inputs with this label
  std::uint64_t correct = 0;
};

// The next of all inputs of tokens below V, from all zeros on; false when there is none.
template <class Token>
bool next_input(std::vector<Token>& t, std::size_t V) {
  for (Token& token : t) {
    if (++token < V) return true;
    token = 0;
  }
  return false;
}

// One entry for each label, over all V^n inputs.
inline std::vector<LabelTruth> by_label(const Weights& w, std::uint64_t n) {
  const std::size_t V = w.vocabulary;
  const auto m = logit_table(w);
  std::vector<LabelTruth> labels(V);
  std::vector<std::size_t> t(n, 0);
  do {
    std::size_t y = 0;
    std::vector<mpq_class> counts(V);
    for (const auto token : t) {
      y = std::max(y, token);
      counts[token] += 1;
    }
    const InputTruth found = input(m, counts, y);
    labels[y].loss += found.loss;
    labels[y].correct += found.correct;
  } while (next_input(t, V));
  return labels;
}

// A real number to 400 bits, with what the rules' definitions need: comparing against it needs no tolerance.
class Big {
public:
  Big(int x = 0) {
    mpfr_init2(x_, 400);
    mpfr_set_si(x_, x, MPFR_RNDN);
  }
  explicit Big(const mpq_class& x) : Big() { mpfr_set_q(x_, x.get_mpq_t(), MPFR_RNDN); }
  Big(const Big& other) : Big() { mpfr_set(x_, other.x_, MPFR_RNDN); }
  Big& operator=(const Big& other) {
    mpfr_set(x_, other.x_, MPFR_RNDN);
    return *this;
  }
  ~Big() { mpfr_clear(x_); }
  Big& operator+=(const Big& y) { return mpfr_add(x_, x_, y.x_, MPFR_RNDN), *this; }
  Big& operator-=(const Big& y) { return mpfr_sub(x_, x_, y.x_, MPFR_RNDN), *this; }
  Big& operator*=(const Big& y) { return mpfr_mul(x_, x_, y.x_, MPFR_RNDN), *this; }
  Big& operator/=(const Big& y) { return mpfr_div(x_, x_, y.x_, MPFR_RNDN), *this; }
  friend Big operator+(Big x, const Big& y) { return x += y; }
  friend Big operator-(Big x, const Big& y) { return x -= y; }
  friend Big operator*(Big x, const Big& y) { return x *= y; }
  friend Big operator/(Big x, const Big& y) { return x /= y; }
  friend bool operator<(const Big& x, const Big& y) { return mpfr_less_p(x.x_, y.x_); }
  friend bool operator<=(const Big& x, const Big& y) { return mpfr_lessequal_p(x.x_, y.x_); }
  friend Big exp(Big x) { return mpfr_exp(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big log(Big x) { return mpfr_log(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big root(Big x, unsigned long k) { return mpfr_rootn_ui(x.x_, x.x_, k, MPFR_RNDN), x; }
  mpq_class rational() const {
    mpq_class value;
    mpfr_get_q(value.get_mpq_t(), x_);
    return value;
  }

private:
  mpfr_t x_;
};

// Weights mantissa · 2^exponent with exponents drawn from [lowest, highest].
inline Weights random_weights(std::size_t V, std::size_t d, int mantissa_bits, int lowest, int highest, unsigned seed) {
  std::mt19937_64 random(seed);
  const auto tensor = [&](std::size_t count) {
    std::vector<Dyadic> values(count);
    for (Dyadic& x : values) {
      const auto magnitude = static_cast<std::int64_t>(random() >> (64 - mantissa_bits));
      x = {random() & 1 ? -magnitude : magnitude,
           lowest + static_cast<int>(random() % static_cast<std::uint64_t>(highest - lowest + 1))};
    }
    return values;
  };
  return {V, d, tensor(d * V), tensor(d * d), tensor(V * d)};
}

} // namespace truth
