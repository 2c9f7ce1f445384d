// The theorems of the rules of attention-only, evaluated as docs/rules/attention/ states them, one input's kind after the other and
// at 400 bits. Each gives what its rule should establish of a label: with numbers that are known exactly, no more and no less.
#pragma once

#include "models.hpp"

#include "rules/attention/problem.hpp"

#include <bit>
#include <functional>
#include <utility>
#include <vector>

namespace attention {

using verifier::rules::attention::Witnesses;

inline mpz_class choose(std::size_t n, std::size_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return result;
}
inline mpz_class power(std::size_t x, std::size_t k) {
  mpz_class result;
  mpz_ui_pow_ui(result.get_mpz_t(), x, k);
  return result;
}

// Terms of a cleared margin. What is nothing but rounding is a tie, and not negative.
struct Sum {
  Big value, size;
  Sum& operator+=(const Big& x) {
    value += x;
    size += abs(x);
    return *this;
  }
  bool is_negative() const { return value + Big(mpq_class(1, mpz_class(1) << 300)) * size < Big(0); }
};

// A model relative to a label m, of at least two outputs. q is a query, t a token, p a position, w an output.
class OfLabel {
public:
  using Row = std::vector<Big>;
  using Table = std::vector<Row>;
  using Outputs = std::vector<std::size_t>;
  using Ends = std::pair<Big, Big>; // the least and the largest

  OfLabel(const Model& model, const Witnesses& witnesses, std::size_t label)
      : V(model.V), n(model.n), m(label), c(witnesses.near[m]), f(m - c), witnesses(witnesses),
        EU(numbers(model.EU(), 1)), OV(numbers(model.OV(), 1)), PO(numbers(model.PO(), 1)),
        scores(numbers(model.token_scores(), model.h)), slot_weights(numbers(model.position_scores(), model.h)) {
    for (Row& row : slot_weights)
      for (Big& b : row) b = exp(b);
    for (const Row& row : scores) {
      token_weights.emplace_back();
      for (const Big& a : row) token_weights.back().push_back(exp(a - row[m]));
    }
    for (std::size_t q = 0; q < V; ++q) {
      slot_sums.emplace_back();
      for (std::size_t x = 0; x < n; ++x) slot_sums.back().push_back(sums_of(q, x));
    }
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) wrong.push_back(w);
    const auto& heads_of_label = witnesses.heads[m];
    for (const std::size_t w : wrong)
      (std::ranges::find(heads_of_label, w) != heads_of_label.end() ? heads : tail).push_back(w);
  }

  Big u(std::size_t q, std::size_t w) const { return EU[q][w] - EU[q][m]; }
  Big v(std::size_t t, std::size_t w) const { return OV[t][w] - OV[t][m]; }
  Big pi(std::size_t p, std::size_t w) const { return PO[p][w] - PO[p][m]; }
  const Big& r(std::size_t q, std::size_t t) const { return token_weights[q][t]; }
  const Big& b(std::size_t q, std::size_t p) const { return slot_weights[q][p]; }
  Big own(std::size_t q) const { return r(q, q) * b(q, n - 1); } // the query's slot weighs it
  Big rho(std::size_t q, std::size_t tokens) const {
    Big x;
    for (std::size_t t = 0; t < tokens; ++t) x = std::max(x, r(q, t));
    return x;
  }
  Big P(std::size_t w) const { // P*
    Big x = pi(0, w);
    for (std::size_t p = 1; p < n; ++p) x = std::max(x, pi(p, w));
    return x;
  }
  static Big largest(const Outputs& outputs, const std::function<Big(std::size_t)>& of) {
    Big x = of(outputs.front());
    for (const std::size_t w : outputs) x = std::max(x, of(w));
    return x;
  }
  static Big largest_product(const Ends& sums, const Big& y) { return (y < Big(0) ? sums.first : sums.second) * y; }
  // Of any x of the free slots' b.
  const Ends& T(std::size_t q, std::size_t x) const { return slot_sums[q][x]; }
  std::size_t first_query() const { return n == 1 ? m : 0; }

  std::size_t V, n, m, c, f;
  const Witnesses& witnesses;
  Outputs wrong, heads, tail;
  Table EU, OV, PO;

private:
  static Table numbers(const Matrix& exact, std::size_t h) {
    Table table;
    const Big scale = root(Big(static_cast<int>(h)), 2);
    for (const auto& row : exact) {
      table.emplace_back();
      for (const mpq_class& x : row) table.back().push_back(Big(x) / scale);
    }
    return table;
  }
  Ends sums_of(std::size_t q, std::size_t x) const { // by going through the sets of slots
    std::optional<Ends> ends;
    for (unsigned set = 0; set < 1u << (n - 1); ++set) {
      if (static_cast<std::size_t>(std::popcount(set)) != x) continue;
      Big sum;
      for (std::size_t p = 0; p + 1 < n; ++p)
        if (set >> p & 1) sum += b(q, p);
      ends = ends ? Ends{std::min(ends->first, sum), std::max(ends->second, sum)} : Ends{sum, sum};
    }
    return *ends;
  }

  Table scores, slot_weights, token_weights;
  std::vector<std::vector<Ends>> slot_sums;
};

// docs/rules/attention/README.md, Columns, of maxima.
struct HardColumns {
  OfLabel::Table u, y, main; // row q or t
  OfLabel::Row far;          // Y
  explicit HardColumns(const OfLabel& x) {
    const auto& wrong = x.wrong;
    for (std::size_t t = 0; t <= x.m; ++t) {
      OfLabel::Row of_u, of_y;
      for (const std::size_t w : x.heads) of_u.push_back(x.u(t, w)), of_y.push_back(x.v(t, w) + x.P(w));
      of_u.push_back(x.largest(wrong, [&](std::size_t w) { return x.u(t, w); }));
      of_y.push_back(t < x.f ? x.largest(wrong, [&](std::size_t w) { return x.v(t, w); }) +
                                   x.largest(wrong, [&](std::size_t w) { return x.P(w); })
                             : x.largest(x.tail, [&](std::size_t w) { return x.v(t, w) + x.P(w); }));
      u.push_back(of_u), y.push_back(of_y);
    }
    for (std::size_t q = 0; q <= x.m; ++q) {
      main.emplace_back();
      for (std::size_t j = 0; j < u[q].size(); ++j) main.back().push_back(u[q][j] + y[x.m][j]);
      if (x.witnesses.joint[x.m])
        main.back().back() = x.largest(x.tail, [&](std::size_t w) { return x.u(q, w) + x.v(x.m, w) + x.P(w); });
    }
    far = y[0];
    for (std::size_t t = 1; t < x.f; ++t)
      for (std::size_t j = 0; j < far.size(); ++j) far[j] = std::max(far[j], y[t][j]);
  }
};

// The input that holds the label in every free slot.
inline bool alone(const OfLabel& x, std::size_t q) {
  return std::ranges::all_of(x.wrong, [&](std::size_t w) {
    Sum sum;
    sum += x.own(q) * (x.u(q, w) + x.v(q, w) + x.pi(x.n - 1, w));
    for (std::size_t p = 0; p + 1 < x.n; ++p) sum += x.b(q, p) * (x.u(q, w) + x.v(x.m, w) + x.pi(p, w));
    return sum.is_negative();
  });
}

inline mpz_class near_far_correct(const OfLabel& x) {
  const HardColumns col(x);
  const std::size_t n = x.n, m = x.m;
  mpz_class count;
  for (std::size_t q = x.first_query(); q <= m; ++q)
    for (std::size_t label = q < m ? 1 : 0; label < n; ++label)
      for (std::size_t s = 0; label + s < n; ++s) {
        const std::size_t far = n - 1 - label - s;
        if ((s > 0 && x.c == 0) || (far > 0 && x.f == 0)) continue;
        const auto passes = [&](std::size_t k) { // m: no near slot
          for (std::size_t j = 0; j < col.u[q].size(); ++j) {
            Sum sum;
            sum += x.own(q) * (q == m ? col.main[q][j] : col.u[q][j] + col.y[q][j]);
            sum += x.largest_product(x.T(q, label), col.main[q][j]);
            if (far > 0) sum += x.T(q, far).second * x.rho(q, x.f) * std::max(Big(0), col.u[q][j] + col.far[j]);
            if (k < m) sum += x.r(q, k) * x.largest_product(x.T(q, s), col.u[q][j] + col.y[k][j]);
            if (!sum.is_negative()) return false;
          }
          return true;
        };
        std::size_t passing = s == 0 && passes(m);
        for (std::size_t k = x.f; s > 0 && k < m; ++k) passing += passes(k);
        count += choose(n - 1, label) * choose(n - 1 - label, s) * power(passing, std::max<std::size_t>(s, 1)) *
                 power(x.f, far);
      }
  return count;
}

inline mpz_class band_correct(const OfLabel& x) {
  const HardColumns col(x);
  const std::size_t n = x.n, m = x.m;
  mpz_class count;
  for (std::size_t q = x.first_query(); q <= m; ++q) {
    const auto& T = x.T(q, q < m ? n - 2 : n - 1);
    const auto passes = [&](const std::function<Big(std::size_t)>& rest) { // of a column
      for (std::size_t j = 0; j < col.u[q].size(); ++j) {
        Sum sum;
        sum += x.own(q) * (q == m ? col.main[q][j] : col.u[q][j] + col.y[q][j]);
        if (q < m) sum += x.largest_product(x.T(q, 1), col.main[q][j]);
        sum += rest(j);
        if (!sum.is_negative()) return false;
      }
      return true;
    };
    if (!passes([&](std::size_t j) { return x.largest_product(T, col.main[q][j]); })) continue;
    std::size_t a = 1;
    if (x.f > 0 &&
        passes([&](std::size_t j) { return T.second * x.rho(q, x.f) * std::max(Big(0), col.u[q][j] + col.far[j]); }))
      a += x.f;
    for (std::size_t k = x.f; k < m; ++k)
      a += passes([&](std::size_t j) { return x.r(q, k) * x.largest_product(T, col.u[q][j] + col.y[k][j]); });
    count += power(a, n - 1);
    if (q < m) count -= power(a - 1, n - 1);
  }
  return count;
}

inline mpz_class cubic_correct(const OfLabel& x) {
  const std::size_t n = x.n, m = x.m;
  OfLabel::Row y;
  for (std::size_t t = 0; t <= m; ++t)
    y.push_back(x.largest(x.wrong, [&](std::size_t w) { return x.v(t, w) + x.P(w); }));
  mpz_class count;
  for (std::size_t q = x.first_query(); q <= m; ++q) {
    const Big u = x.largest(x.wrong, [&](std::size_t w) { return x.u(q, w); });
    for (std::size_t s = 1; s + (q < m ? 1 : 0) < n; ++s) {
      std::size_t passing = 0;
      for (std::size_t k = 0; k < m; ++k) {
        bool passes = true;
        for (const Big& T : {x.T(q, s).first, x.T(q, s).second}) {
          Sum sum;
          sum += x.T(q, n - 1).first * (u + y[m]);
          sum += x.own(q) * (u + y[q]);
          sum += T * (x.r(q, k) * (u + y[k]));
          sum += Big(0) - T * (u + y[m]);
          passes = passes && sum.is_negative();
        }
        passing += passes;
      }
      count += choose(n - 1, s) * power(passing, s);
    }
    count += alone(x, q);
  }
  return count;
}

inline mpz_class subcubic_correct(const OfLabel& x) {
  const std::size_t n = x.n, m = x.m;
  const Big P = x.largest(x.wrong, [&](std::size_t w) { return x.P(w); }),
            y = x.largest(x.wrong, [&](std::size_t w) { return x.v(m, w) + x.P(w); });
  mpz_class count;
  for (std::size_t q = x.first_query(); q <= m; ++q)
    for (std::size_t s = 0; s < n; ++s) {
      const std::size_t gap = x.witnesses.gaps[(m * x.V + q) * n + s];
      if (gap == 0) continue;
      const auto [least, most] = std::minmax_element(x.EU[q].begin(), x.EU[q].end());
      const Big h = *most - *least;
      const Big label = x.T(q, n - 1 - s).first + (q == m ? x.b(q, n - 1) : Big(0)),
                others = x.T(q, s).second + (q < m ? x.b(q, n - 1) : Big(0));
      Big W = x.largest(x.wrong, [&](std::size_t w) { return x.v(0, w); });
      for (std::size_t t = 1; t + gap <= m; ++t)
        W = std::max(W, x.largest(x.wrong, [&](std::size_t w) { return x.v(t, w); }));
      Sum alpha, sum;
      alpha += h, alpha += y;
      sum += label * alpha.value;
      sum += others * x.rho(q, m - gap + 1) * std::max(Big(0), h + P + W);
      if (alpha.is_negative() && sum.is_negative()) count += choose(n - 1, s) * power(m - gap + 1, s);
    }
  return count + alone(x, m);
}

} // namespace attention
