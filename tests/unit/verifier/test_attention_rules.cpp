// The rules of attention-only that count correct inputs, on small models with random witnesses: against every input by
// definition, against each theorem evaluated by its definition, and their lengths against the closed formulas of
// docs/rules/attention/.
#include "attention_models.hpp"
#include "family.hpp"
#include "meter.hpp"
#include "reason.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace verifier;
using attention::Kind;
using attention::Model;

namespace {

using Number = long double;
using Row = std::vector<Number>;
using Table = std::vector<Row>;

Number choose(std::uint64_t n, std::uint64_t k) {
  Number result = 1;
  for (std::uint64_t i = 0; i < k; ++i) result = result * static_cast<Number>(n - i) / static_cast<Number>(i + 1);
  return std::round(result);
}

// Terms of a cleared margin. Sums that are nothing but rounding are told apart: `slack` is -1 to call them negative, 1 not.
struct Sum {
  Number value = 0, size = 0;
  Sum& operator+=(Number x) {
    value += x;
    size += std::abs(x);
    return *this;
  }
  bool is_negative(int slack) const { return value + slack * 1e-12L * size < 0; }
};

struct Hints {
  std::vector<std::uint16_t> near, heads, joint, gaps;
  std::size_t head_count;
};

// A model in floating point, relative to a label.
struct Reference {
  Reference(const Model& model, const Hints& hints)
      : V(model.V), n(model.n), EU(numbers(model.EU(), 1)), OV(numbers(model.OV(), 1)), PO(numbers(model.PO(), 1)),
        A(numbers(model.token_scores(), model.h)), B(numbers(model.position_scores(), model.h)), hints(hints) {}

  static Table numbers(const attention::Matrix& exact, std::size_t h) {
    Table table;
    for (const auto& row : exact) {
      auto& out = table.emplace_back();
      for (const mpq_class& x : row) out.push_back(static_cast<Number>(x.get_d()) / std::sqrt(static_cast<Number>(h)));
    }
    return table;
  }

  Number u(std::size_t q, std::size_t w) const { return EU[q][w] - EU[q][m]; }
  Number v(std::size_t t, std::size_t w) const { return OV[t][w] - OV[t][m]; }
  Number pi(std::size_t p, std::size_t w) const { return PO[p][w] - PO[p][m]; }
  Number r(std::size_t q, std::size_t t) const { return std::exp(A[q][t] - A[q][m]); }
  Number b(std::size_t q, std::size_t p) const { return std::exp(B[q][p]); }
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
  // The least and the largest sum of any x of the free slots, by going through their sets.
  std::pair<Number, Number> sums(std::size_t q, std::size_t x) const {
    Number least = INFINITY, most = -INFINITY;
    for (unsigned set = 0; set < 1u << (n - 1); ++set) {
      if (static_cast<std::size_t>(std::popcount(set)) != x) continue;
      Number sum = 0;
      for (std::size_t p = 0; p + 1 < n; ++p)
        if (set >> p & 1) sum += b(q, p);
      least = std::min(least, sum);
      most = std::max(most, sum);
    }
    return {least, most};
  }
  Number up(std::pair<Number, Number> interval, Number y) const {
    return y >= 0 ? interval.second * y : interval.first * y;
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
      Sum sum;
      sum += r(q, q) * b(q, n - 1) * (u(q, w) + v(q, w) + pi(n - 1, w));
      for (std::size_t p = 0; p + 1 < n; ++p) sum += b(q, p) * (u(q, w) + v(m, w) + pi(p, w));
      if (!sum.is_negative(slack)) return false;
    }
    return true;
  }

  Number near_far(int slack) const {
    const std::size_t c = hints.near[m], f = m - c;
    const Columns col = columns(f);
    Number count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q)
      for (std::size_t x = q < m ? 1 : 0; x < n; ++x)
        for (std::size_t s = 0; x + s < n; ++s) {
          const std::size_t others = n - 1 - x - s;
          if ((s > 0 && c == 0) || (others > 0 && f == 0)) continue;
          const auto passes = [&](std::size_t k) { // m: no near slot
            for (std::size_t j = 0; j < col.u[q].size(); ++j) {
              Sum sum;
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
          Number passing = 0;
          if (s == 0) passing = passes(m);
          for (std::size_t k = f; s > 0 && k < m; ++k) passing += passes(k);
          count += choose(n - 1, x) * choose(n - 1 - x, s) *
                   std::pow(passing, static_cast<Number>(std::max<std::size_t>(s, 1))) *
                   std::pow(static_cast<Number>(f), static_cast<Number>(others));
        }
    return count;
  }

  Number band(int slack) const {
    const std::size_t c = hints.near[m], f = m - c;
    const Columns col = columns(f);
    Number count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q) {
      const auto others = sums(q, q < m ? n - 2 : n - 1);
      enum class Which { label, far, near };
      const auto passes = [&](Which which, std::size_t k) {
        for (std::size_t j = 0; j < col.u[q].size(); ++j) {
          Sum sum;
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
      Number a = 1;
      if (f > 0 && passes(Which::far, 0)) a += static_cast<Number>(f);
      for (std::size_t k = f; k < m; ++k) a += passes(Which::near, k);
      const auto slots = static_cast<Number>(n - 1);
      count += std::pow(a, slots) - (q < m ? std::pow(a - 1, slots) : 0);
    }
    return count;
  }

  Number cubic(int slack) const {
    Number count = 0;
    const auto y = [&](std::size_t t) { return largest(wrong(), [&](std::size_t w) { return v(t, w) + highest(w); }); };
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q) {
      const Number query = largest(wrong(), [&](std::size_t w) { return u(q, w); }), all = sums(q, n - 1).first;
      for (std::size_t s = 1; s + (q < m ? 1 : 0) < n; ++s) {
        Number passing = 0;
        for (std::size_t k = 0; k < m; ++k) {
          bool passes = true;
          for (const Number S : {sums(q, s).first, sums(q, s).second}) {
            Sum sum;
            sum += all * (query + y(m));
            sum += r(q, q) * b(q, n - 1) * (query + y(q));
            sum += S * (r(q, k) * (query + y(k)));
            sum += -S * (query + y(m));
            passes = passes && sum.is_negative(slack);
          }
          passing += passes;
        }
        count += choose(n - 1, s) * std::pow(passing, static_cast<Number>(s));
      }
      count += alone(q, slack);
    }
    return count;
  }

  Number subcubic(int slack) const {
    Number count = 0;
    for (std::size_t q = n == 1 ? m : 0; q <= m; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const std::size_t gap = hints.gaps[(m * V + q) * n + s];
        if (gap == 0) continue;
        const auto [least, most] = std::ranges::minmax(EU[q]);
        const Number range = most - least;
        const Number last = b(q, n - 1), label = sums(q, n - 1 - s).first + (q == m ? last : 0),
                     others = sums(q, s).second + (q < m ? last : 0);
        Number rho = 0, highest_token = -INFINITY;
        for (std::size_t t = 0; t + gap <= m; ++t) {
          rho = std::max(rho, r(q, t));
          highest_token = std::max(highest_token, largest(wrong(), [&](std::size_t w) { return v(t, w); }));
        }
        Sum alpha, sum;
        alpha += range;
        alpha += largest(wrong(), [&](std::size_t w) { return v(m, w) + highest(w); });
        const Number Y = range + largest(wrong(), [&](std::size_t w) { return highest(w); }) + highest_token;
        sum += label * alpha.value;
        sum += others * rho * std::max<Number>(0, Y);
        if (alpha.is_negative(slack) && sum.is_negative(slack))
          count += choose(n - 1, s) * std::pow(static_cast<Number>(m - gap + 1), static_cast<Number>(s));
      }
    return count + alone(m, slack);
  }

  std::size_t V, n, m = 0;
  Table EU, OV, PO, A, B;
  const Hints& hints;
};

// The closed formulas.
struct Shape {
  std::uint64_t V, n, m, c, heads, joint;
  std::uint64_t gaps; // of the label, not 0
};

Operations columns_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, J = s.heads + 1, tail = s.V - 1 - s.heads, f = s.m - s.c;
  Operations cost;
  cost.add = s.n * W + 2 * W * (s.c + 1) + 2 * f * J + 2 * (s.m + 1) * J + s.joint * 2 * (s.m + 1) * tail + 3;
  cost.compare = (s.n - 1) * W + (W - 1) + (tail - 1) * (s.c + 1) + (f > 1 ? f - 1 : 0) * J +
                 s.joint * (s.m + 1) * (tail - 1) + 2 * (s.m + 1) * J + 1;
  cost.log = cost.mul = 1;
  return cost;
}

Operations near_far_cost(const Shape& s) {
  const std::uint64_t J = s.heads + 1, n = s.n, c = s.c, F = s.m > s.c;
  Operations cost = columns_cost(s);
  for (std::uint64_t q = n == 1 ? s.m : 0; q <= s.m; ++q) {
    const bool own = q == s.m;
    const std::uint64_t X = own ? n : n - 1, C_0 = F ? X : 1, C_1 = c == 0 ? 0 : F ? X * (X - 1) / 2 : X - 1;
    Operations one;
    one.add = (own ? 0 : J + 2) + c * (J + 2) + F * (J + 1) + C_0 * ((1 + F) * J + 1) + C_1 * ((1 + F + c) * J + 1);
    one.mul = (own ? J : J + 2) + (n - 1) * J + c * J * X + F * J * X + 3 * C_0 + 4 * C_1;
    one.compare = J + J + c * J + F * J + C_0 * J + c * C_1 * J;
    one.exp = (own ? 0 : 2) + 2 * c + F;
    cost += one;
  }
  return cost;
}

Operations band_cost(const Shape& s) {
  const std::uint64_t J = s.heads + 1, c = s.c, F = s.m > s.c;
  Operations cost = columns_cost(s);
  for (std::uint64_t q = s.n == 1 ? s.m : 0; q <= s.m; ++q) {
    const bool own = q == s.m;
    Operations one;
    one.add = (own ? 0 : 2 * J + 2) + J + c * (2 * J + 2) + F * (2 * J + 1) + c + 2;
    one.mul = (own ? J : 2 * J + 2) + J + 2 * c * J + F * 2 * J + 3;
    one.compare = J + 2 * J + 2 * c * J + F * 2 * J;
    one.exp = (own ? 0 : 2) + 2 * c + F;
    cost += one;
  }
  return cost;
}

Operations cubic_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, n = s.n, m = s.m;
  Operations cost;
  cost.add = n * W + 3 * (m + 1) * W + 3;
  cost.compare = (n - 1) * W + 2 * (m + 1) * (W - 1) + 2 * (m + 1) + 1;
  cost.mul = cost.log = 1;
  for (std::uint64_t q = n == 1 ? m : 0; q <= m; ++q) {
    const std::uint64_t most = q == m ? n - 1 : n - 2;
    Operations one;
    one.add = (q < m ? 5 : 2) + (most ? m * (4 + most) : 0) + most + W * (2 * n + 1) + 1;
    one.mul = (q < m ? 4 : 2) + (most ? m * (1 + most) : 0) + 3 * most + n * W;
    one.compare = 2 + (most ? m * (2 + most) : 0) + (n + 1) * W;
    one.exp = (q < m ? 2 : 0) + (most ? 2 * m : 0);
    cost += one;
  }
  return cost;
}

Operations subcubic_cost(const Shape& s) {
  const std::uint64_t W = s.V - 1, n = s.n, m = s.m;
  Operations cost;
  cost.add = n * W + 2 * W + m + 5 + W * (2 * n + 1) + 8 * s.gaps;
  cost.compare = (n - 1) * W + 2 * (W - 1) + (m > 1 ? m - 1 : 0) + m + 3 + (n + 1) * W + 2 * s.gaps;
  cost.mul = n * W + 1 + 6 * s.gaps;
  cost.log = 1;
  cost.exp = s.gaps;
  return cost;
}

struct Case {
  const char* rule;
  Number (Reference::*by_definition)(int slack) const;
  Operations (*cost)(const Shape&);
  bool columns, gaps;
};
constexpr Case cases[] = {{"near-far@1", &Reference::near_far, near_far_cost, true, false},
                          {"band@1", &Reference::band, band_cost, true, false},
                          {"cubic@1", &Reference::cubic, cubic_cost, false, false},
                          {"subcubic@1", &Reference::subcubic, subcubic_cost, false, true}};

Hints draw_hints(const Model& model, unsigned seed) {
  std::mt19937_64 random(seed);
  const std::size_t V = model.V, n = model.n;
  Hints hints{};
  hints.head_count = V > 2 ? random() % (V - 1) : 0;
  for (std::size_t m = 0; m < V; ++m) {
    hints.near.push_back(static_cast<std::uint16_t>(random() % (m + 1)));
    hints.joint.push_back(static_cast<std::uint16_t>(random() % 2));
    std::vector<std::uint16_t> outputs;
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) outputs.push_back(static_cast<std::uint16_t>(w));
    std::ranges::shuffle(outputs, random);
    hints.heads.insert(hints.heads.end(), outputs.begin(), outputs.begin() + static_cast<long>(hints.head_count));
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const bool open = q == m ? s >= 1 : q < m && s + 2 <= n;
        hints.gaps.push_back(open ? static_cast<std::uint16_t>(random() % ((q == m ? m : m - q) + 1)) : 0);
      }
  }
  return hints;
}

std::vector<Tensor> witnesses(const Model& model, const Hints& hints, const Case& of) {
  const std::uint64_t V = model.V;
  using attention::witness;
  if (of.gaps) return {witness("gaps", DType::uint16, {V, V, model.n}, hints.gaps)};
  if (!of.columns) return {};
  std::vector<Tensor> result;
  if (hints.head_count > 0) result.push_back(witness("heads", DType::uint16, {V, hints.head_count}, hints.heads));
  result.push_back(witness("joint", DType::uint8, {V}, hints.joint));
  result.push_back(witness("near", DType::uint16, {V}, hints.near));
  return result;
}

std::string exact_text(const Established& found) {
  return found.correct.get_str() + " " + found.undecided.get_str() + " " + exact(found.upper.hi).get_str();
}

// Inputs shown correct, of all labels.
Number check_rule(const Model& model, const Hints& hints, const Case& of,
                  const std::vector<attention::LabelTruth>& truths) {
  const Certificate certificate = attention::certificate(model, of.rule, witnesses(model, hints, of));
  require_witnesses(certificate);
  start_rounding_on_this_thread();
  const auto prover = make_prover(certificate, {.threads = 1}), by_three = make_prover(certificate, {.threads = 3});
  const auto worker = prover->worker(), other = by_three->worker();
  Reference reference(model, hints);
  Number shown = 0;
  for (std::uint64_t m = 0; m < model.V; ++m) {
    CAPTURE(std::string(of.rule));
    CAPTURE(m);
    Budget unlimited{.declared = UINT64_MAX};
    Meter meter(unlimited);
    const Established found = worker->close(of.rule, {m, m + 1}, true, meter);
    meter.checkpoint();
    Meter again(unlimited);
    CHECK(exact_text(other->close(of.rule, {m, m + 1}, true, again)) == exact_text(found));

    // The truth, and the theorem.
    CHECK(found.correct <= truths[m].correct);
    CHECK(found.correct + found.undecided == truths[m].inputs);
    CHECK(exact(found.lower.lo) == 0);
    CHECK(exact(found.upper.hi) >= truths[m].loss.rational());
    CHECK(exact(found.upper.lo) <= exact(found.upper.hi));
    CHECK(exact(found.upper.hi) - exact(found.upper.lo) <= mpq_class(truths[m].inputs) / (mpz_class(1) << 35));
    if (model.V == 1) continue;
    reference.m = m;
    CHECK(static_cast<Number>(found.correct.get_d()) >= (reference.*of.by_definition)(1));
    CHECK(static_cast<Number>(found.correct.get_d()) <= (reference.*of.by_definition)(-1));
    shown += static_cast<Number>(found.correct.get_d());

    const auto first = hints.gaps.begin() + static_cast<long>(m * model.V * model.n);
    const Shape shape{
        model.V,
        model.n,
        m,
        hints.near[m],
        hints.head_count,
        hints.joint[m],
        static_cast<std::uint64_t>(model.V * model.n) -
            static_cast<std::uint64_t>(std::count(first, first + static_cast<long>(model.V * model.n), 0))};
    const Operations expected = of.cost(shape);
    for (std::size_t i = 0; i < Operations::kinds.size(); ++i) {
      CAPTURE(Operations::names[i]);
      CHECK(meter.operations.*Operations::kinds[i] == expected.*Operations::kinds[i]);
    }
    Budget too_small{.declared = expected.total() - 1};
    Meter short_of(too_small);
    CHECK_THROWS_AS((worker->close(of.rule, {m, m + 1}, true, short_of), short_of.checkpoint()), BudgetExceeded);
  }
  CHECK(rounding_was_clean_on_this_thread());
  return shown;
}

} // namespace

TEST_CASE("attention-only: counts are sound, those of the theorems, and cost what the pages say") {
  unsigned seed = 0;
  std::map<std::string, Number> shown;
  for (const Kind kind : {Kind::trained, Kind::random, Kind::wild, Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4})
      for (std::size_t V = 1; V <= (n == 4 ? 4u : 6u); ++V)
        for (int draw = 0; draw < 3; ++draw) {
          const Model model = attention::draw(kind, V, n, ++seed);
          const auto truths = attention::by_label(model);
          const Hints hints = draw_hints(model, seed);
          CAPTURE(seed);
          for (const Case& of : cases) {
            const Number count = check_rule(model, hints, of, truths);
            if (kind == Kind::trained && n >= 3) shown[of.rule] += count;
          }
        }
  for (const Case& of : cases) {
    INFO(std::string(of.rule));
    CHECK(shown[of.rule] > 100); // the tests above are of rules that show something
  }
}

TEST_CASE("attention-only: a label may be the only thing that is shown, and a tie never is") {
  const Model model = attention::draw(Kind::ties, 4, 3, 5);
  const auto truths = attention::by_label(model);
  CHECK(truths[3].correct == 0); // outputs 0 and 3 tie
  CHECK(truths[0].correct == 0);
  for (const Case& of : cases) check_rule(model, draw_hints(model, 9), of, truths);
}
