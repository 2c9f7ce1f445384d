// The truth, by definition: real numbers to 400 bits, and losses of single inputs from exact rational logits. No rule, no shift,
// no shared exponential.
#pragma once

#include <gmpxx.h>
#include <mpfr.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace truth {

using Matrix = std::vector<std::vector<mpq_class>>;

inline Matrix operator*(const Matrix& x, const Matrix& y) {
  Matrix product(x.size(), std::vector<mpq_class>(y.front().size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t k = 0; k < y.size(); ++k)
      for (std::size_t j = 0; j < y.front().size(); ++j) product[i][j] += x[i][k] * y[k][j];
  return product;
}
inline Matrix transposed(const Matrix& x) {
  Matrix result(x.front().size(), std::vector<mpq_class>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < x.front().size(); ++j) result[j][i] = x[i][j];
  return result;
}

// A real number to 400 bits, with what the rules' definitions need: comparing against it needs no tolerance but that of its own
// roundings.
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
  friend Big abs(Big x) { return mpfr_abs(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big exp(Big x) { return mpfr_exp(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big log(Big x) { return mpfr_log(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big tanh(Big x) { return mpfr_tanh(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big normal_cdf(const Big& x) { // erfc(-x / sqrt 2) / 2
    Big y = (Big(0) - x) / root(Big(2), 2);
    mpfr_erfc(y.x_, y.x_, MPFR_RNDN);
    return y / Big(2);
  }
  friend Big log1p(Big x) { return mpfr_log1p(x.x_, x.x_, MPFR_RNDN), x; }
  friend Big root(Big x, unsigned long k) { return mpfr_rootn_ui(x.x_, x.x_, k, MPFR_RNDN), x; }
  static Big pi() {
    Big x;
    mpfr_const_pi(x.x_, MPFR_RNDN);
    return x;
  }
  mpq_class rational() const {
    mpq_class value;
    mpfr_get_q(value.get_mpq_t(), x_);
    return value;
  }

private:
  mpfr_t x_;
};

// ln(1 + sum of exponentials of the margins).
inline Big loss(const std::vector<Big>& margins) {
  Big sum;
  for (const Big& margin : margins) sum += exp(margin);
  return log1p(sum);
}

// What 400 bits of a sum of some thousand terms leave open, with room.
inline mpq_class blur(const mpq_class& x) {
  return abs(x) / mpq_class(mpz_class(1) << 300) + mpq_class(1, mpz_class(1) << 380);
}

struct InputTruth {
  mpq_class loss; // to about 390 bits
  bool correct;
};

// The input with `counts[a]` copies of token a (fractions are allowed: mixtures), and the label y. m: logits of each token.
inline InputTruth input(const Matrix& m, const std::vector<mpq_class>& counts, std::size_t y) {
  std::vector<Big> margins;
  InputTruth result{0, true};
  for (std::size_t k = 0; k < m.size(); ++k) {
    if (k == y) continue;
    mpq_class relative = 0; // logit relative to the label's
    for (std::size_t a = 0; a < m.size(); ++a) relative += counts[a] * (m[a][k] - m[a][y]);
    margins.push_back(Big(relative));
    result.correct = result.correct && relative < 0;
  }
  result.loss = loss(margins).rational();
  return result;
}

// The next of all inputs of tokens below V, from all zeros on; false when there is none.
template <class Token>
bool next_input(std::vector<Token>& t, std::size_t V) {
  for (Token& token : t) {
    if (++token < V) return true;
    token = 0;
  }
  return false;
}

} // namespace truth
