// The theorems of the rules of attention-only that count correct inputs, evaluated by their definitions, for numbers of any
// kind: rounded ones on ordinary models, 400 bits where an input ties.
#pragma once

#include "attention_models.hpp"

#include <bit>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace attention {

// Numbers that theorems are evaluated in, and what is nothing but rounding, relatively.
inline long double absolute(long double x) {
  return std::abs(x);
}
inline Big absolute(const Big& x) {
  return x < Big(0) ? Big(0) - x : x;
}
inline long double little(long double) {
  return 1e-12L;
}
inline Big little(const Big&) {
  return Big(mpq_class(1, mpz_class(1) << 300));
}
inline long double exponential(long double x) {
  return std::exp(x);
}
inline Big exponential(const Big& x) {
  return exp(x);
}
inline long double square_root(long double x) {
  return std::sqrt(x);
}
inline Big square_root(const Big& x) {
  return root(x, 2);
}
inline void assign(long double& x, const mpq_class& value) {
  x = static_cast<long double>(value.get_d());
}
inline void assign(Big& x, const mpq_class& value) {
  x = Big(value);
}

inline std::uint64_t choose(std::uint64_t n, std::uint64_t k) {
  std::uint64_t result = 1;
  for (std::uint64_t i = 0; i < k; ++i) result = result * (n - i) / (i + 1);
  return result;
}
inline std::uint64_t power(std::uint64_t x, std::uint64_t k) {
  return k == 0 ? 1 : x * power(x, k - 1);
}

// Terms of a cleared margin. Sums that are nothing but rounding are told apart: `slack` is -1 to call them negative, 1 not.
template <class Number>
struct Sum {
  Number value = 0, size = 0;
  Sum& operator+=(const Number& x) {
    value += x;
    size += absolute(x);
    return *this;
  }
  bool is_negative(int slack) const { return value + slack * little(value) * size < Number(0); }
};

// The witnesses.
struct Hints {
  std::vector<std::uint16_t> near, heads, joint, gaps;
  std::size_t head_count;
};

// A model, relative to a label, and how many of its inputs each theorem shows to be correct.
template <class Number>
struct Reference {
  using Row = std::vector<Number>;
  using Table = std::vector<Row>;

  Reference(const Model& model, const Hints& hints)
      : V(model.V), n(model.n), EU(numbers(model.EU(), 1)), OV(numbers(model.OV(), 1)), PO(numbers(model.PO(), 1)),
        A(numbers(model.token_scores(), model.h)), position_weights(numbers(model.position_scores(), model.h)),
        position_sums(V), weights(A), hints(hints) {
    for (std::size_t q = 0; q < V; ++q) {
      for (Number& b : position_weights[q]) b = exponential(b);
      for (std::size_t x = 0; x < n; ++x) position_sums[q].push_back(sums_of(q, x));
    }
  }
  void set_label(std::size_t label) {
    m = label;
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t t = 0; t < V; ++t) weights[q][t] = exponential(A[q][t] - A[q][m]);
  }

  // By going through the sets of slots.
  std::pair<Number, Number> sums_of(std::size_t q, std::size_t x) const {
    Number least = 0, most = 0;
    bool first = true;
    for (unsigned set = 0; set < 1u << (n - 1); ++set) {
      if (static_cast<std::size_t>(std::popcount(set)) != x) continue;
      Number sum = 0;
      for (std::size_t p = 0; p + 1 < n; ++p)
        if (set >> p & 1) sum += b(q, p);
      least = first ? sum : std::min(least, sum);
      most = first ? sum : std::max(most, sum);
      first = false;
    }
    return {least, most};
  }
  static Table numbers(const Matrix& exact, std::size_t h) {
    Table table;
    const Number scale = square_root(Number(static_cast<int>(h)));
    for (const auto& row : exact) {
      auto& out = table.emplace_back();
      for (const mpq_class& x : row) {
        assign(out.emplace_back(), x);
        out.back() = out.back() / scale;
      }
    }
    return table;
  }

  Number u(std::size_t q, std::size_t w) const { return EU[q][w] - EU[q][m]; }
  Number v(std::size_t t, std::size_t w) const { return OV[t][w] - OV[t][m]; }
  Number pi(std::size_t p, std::size_t w) const { return PO[p][w] - PO[p][m]; }
  const Number& r(std::size_t q, std::size_t t) const { return weights[q][t]; }
  const Number& b(std::size_t q, std::size_t p) const { return position_weights[q][p]; }
  Number highest(std::size_t w) const { // P*
    Number x = pi(0, w);
    for (std::size_t p = 1; p < n; ++p) x = std::max(x, pi(p, w));
    return x;
  }
  Number largest(const std::vector<std::size_t>& outputs, const std::function<Number(std::size_t)>& of) const {
    Number x = of(outputs.front());
    for (const std::size_t w : outputs) x = std::max(x, of(w));
    return x;
  }
  std::vector<std::size_t> wrong() const {
    std::vector<std::size_t> outputs;
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) outputs.push_back(w);
    return outputs;
  }
  // The least and the largest sum of any x of the free slots.
  const std::pair<Number, Number>& sums(std::size_t q, std::size_t x) const { return position_sums[q][x]; }
  Number up(std::pair<Number, Number> interval, Number y) const {
    return y < Number(0) ? interval.first * y : interval.second * y;
  }

  // docs/rules/attention/README.md, Columns.
  struct Columns {
    Table u, y, main; // row q or t
    Row far;          // Y
  };
  Columns columns(std::size_t f) const {
    std::vector<std::size_t> heads, tail;
    for (const std::size_t w : wrong()) {
      const auto first = hints.heads.begin() + static_cast<long>(m * hints.head_count);
      const bool is_head = std::find(first, first + static_cast<long>(hints.head_count), w) !=
                           first + static_cast<long>(hints.head_count);
      (is_head ? heads : tail).push_back(w);
    }
    const bool joint = !hints.joint.empty() && hints.joint[m] == 1;
    Columns c;
    for (std::size_t t = 0; t <= m; ++t) {
      Row u_row, y_row;
      for (const std::size_t w : heads) {
        u_row.push_back(u(t, w));
        y_row.push_back(v(t, w) + highest(w));
      }
      u_row.push_back(largest(wrong(), [&](std::size_t w) { return u(t, w); }));
      y_row.push_back(t < f ? largest(wrong(), [&](std::size_t w) { return v(t, w); }) +
                                  largest(wrong(), [&](std::size_t w) { return highest(w); })
                            : largest(tail, [&](std::size_t w) { return v(t, w) + highest(w); }));
      c.u.push_back(u_row);
      c.y.push_back(y_row);
    }
    for (std::size_t q = 0; q <= m; ++q) {
      Row row;
      for (std::size_t j = 0; j < c.u[q].size(); ++j) row.push_back(c.u[q][j] + c.y[m][j]);
      if (joint) row.back() = largest(tail, [&](std::size_t w) { return u(q, w) + v(m, w) + highest(w); });
      c.main.push_back(row);
    }
    c.far = c.y[0];
    for (std::size_t t = 1; t < f; ++t)
      for (std::size_t j = 0; j < c.far.size(); ++j) c.far[j] = std::max(c.far[j], c.y[t][j]);
    return c;
  }

  bool alone(std::size_t q, int slack) const { // the label in every free slot
    for (const std::size_t w : wrong()) {
      Sum<Number> sum;
      sum += r(q, q) * b(q, n - 1) * (u(q, w) + v(q, w) + pi(n - 1, w));
      for (std::size_t p = 0; p + 1 < n; ++p) sum += b(q, p) * (u(q, w) + v(m, w) + pi(p, w));
      if (!sum.is_negative(slack)) return false;
    }
    return true;
  }

  std::uint64_t near_far(int slack) const {
    const std::size_t c = hints.near[m], f = m - c;
    const Columns col = columns(f);
    std::uint64_t count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q)
      for (std::size_t x = q < m ? 1 : 0; x < n; ++x)
        for (std::size_t s = 0; x + s < n; ++s) {
          const std::size_t others = n - 1 - x - s;
          if ((s > 0 && c == 0) || (others > 0 && f == 0)) continue;
          const auto passes = [&](std::size_t k) { // m: no near slot
            for (std::size_t j = 0; j < col.u[q].size(); ++j) {
              Sum<Number> sum;
              sum += q == m ? b(q, n - 1) * col.main[q][j] : r(q, q) * b(q, n - 1) * (col.u[q][j] + col.y[q][j]);
              sum += up(sums(q, x), col.main[q][j]);
              if (others > 0) {
                Number rho = 0;
                for (std::size_t t = 0; t < f; ++t) rho = std::max(rho, r(q, t));
                sum += sums(q, others).second * rho * std::max<Number>(0, col.u[q][j] + col.far[j]);
              }
              if (k < m) sum += r(q, k) * up(sums(q, s), col.u[q][j] + col.y[k][j]);
              if (!sum.is_negative(slack)) return false;
            }
            return true;
          };
          std::uint64_t passing = 0;
          if (s == 0) passing = passes(m);
          for (std::size_t k = f; s > 0 && k < m; ++k) passing += passes(k);
          count +=
              choose(n - 1, x) * choose(n - 1 - x, s) * power(passing, std::max<std::size_t>(s, 1)) * power(f, others);
        }
    return count;
  }

  std::uint64_t band(int slack) const {
    const std::size_t c = hints.near[m], f = m - c;
    const Columns col = columns(f);
    std::uint64_t count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q) {
      const auto others = sums(q, q < m ? n - 2 : n - 1);
      enum class Which { label, far, near };
      const auto passes = [&](Which which, std::size_t k) {
        for (std::size_t j = 0; j < col.u[q].size(); ++j) {
          Sum<Number> sum;
          sum += q == m ? b(q, n - 1) * col.main[q][j] : r(q, q) * b(q, n - 1) * (col.u[q][j] + col.y[q][j]);
          if (q < m) sum += up(sums(q, 1), col.main[q][j]);
          if (which == Which::label) sum += up(others, col.main[q][j]);
          if (which == Which::near) sum += r(q, k) * up(others, col.u[q][j] + col.y[k][j]);
          if (which == Which::far) {
            Number rho = 0;
            for (std::size_t t = 0; t < f; ++t) rho = std::max(rho, r(q, t));
            sum += others.second * rho * std::max<Number>(0, col.u[q][j] + col.far[j]);
          }
          if (!sum.is_negative(slack)) return false;
        }
        return true;
      };
      if (!passes(Which::label, m)) continue;
      std::uint64_t a = 1;
      if (f > 0 && passes(Which::far, 0)) a += f;
      for (std::size_t k = f; k < m; ++k) a += passes(Which::near, k);
      count += power(a, n - 1) - (q < m ? power(a - 1, n - 1) : 0);
    }
    return count;
  }

  std::uint64_t cubic(int slack) const {
    std::uint64_t count = 0;
    const auto y = [&](std::size_t t) { return largest(wrong(), [&](std::size_t w) { return v(t, w) + highest(w); }); };
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q) {
      const Number query = largest(wrong(), [&](std::size_t w) { return u(q, w); }), all = sums(q, n - 1).first;
      for (std::size_t s = 1; s + (q < m ? 1 : 0) < n; ++s) {
        std::uint64_t passing = 0;
        for (std::size_t k = 0; k < m; ++k) {
          bool passes = true;
          for (const Number& S : {sums(q, s).first, sums(q, s).second}) {
            Sum<Number> sum;
            sum += all * (query + y(m));
            sum += r(q, q) * b(q, n - 1) * (query + y(q));
            sum += S * (r(q, k) * (query + y(k)));
            sum += Number(0) - S * (query + y(m));
            passes = passes && sum.is_negative(slack);
          }
          passing += passes;
        }
        count += choose(n - 1, s) * power(passing, s);
      }
      count += alone(q, slack);
    }
    return count;
  }

  std::uint64_t subcubic(int slack) const {
    std::uint64_t count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const std::size_t gap = hints.gaps[(m * V + q) * n + s];
        if (gap == 0) continue;
        const auto [least, most] = std::minmax_element(EU[q].begin(), EU[q].end());
        const Number range = *most - *least;
        const Number last = b(q, n - 1), label = sums(q, n - 1 - s).first + (q == m ? last : Number(0)),
                     others = sums(q, s).second + (q < m ? last : Number(0));
        Number rho = 0, highest_token = 0;
        for (std::size_t t = 0; t + gap <= m; ++t) {
          rho = std::max(rho, r(q, t));
          const Number highest_value = largest(wrong(), [&](std::size_t w) { return v(t, w); });
          highest_token = t == 0 ? highest_value : std::max(highest_token, highest_value);
        }
        Sum<Number> alpha, sum;
        alpha += range;
        alpha += largest(wrong(), [&](std::size_t w) { return v(m, w) + highest(w); });
        const Number Y = range + largest(wrong(), [&](std::size_t w) { return highest(w); }) + highest_token;
        sum += label * alpha.value;
        sum += others * rho * std::max<Number>(0, Y);
        if (alpha.is_negative(slack) && sum.is_negative(slack)) count += choose(n - 1, s) * power(m - gap + 1, s);
      }
    return count + alone(m, slack);
  }

  std::size_t V, n, m = 0;
  Table EU, OV, PO, A;
  Table position_weights;                                            // b
  std::vector<std::vector<std::pair<Number, Number>>> position_sums; // [V][n]
  Table weights;                                                     // r, of the label
  const Hints& hints;
};

} // namespace attention
