// The rules of attention-only that bound the loss, on small models with random witnesses: against every input by definition,
// against each theorem evaluated by its definition, and their lengths against the closed formulas of docs/rules/attention/.
#include "attention_models.hpp"
#include "attention_only/loss_sum.hpp"
#include "attention_only/margin_loss.hpp"
#include "family.hpp"
#include "meter.hpp"
#include "number.hpp"
#include "parallel.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numeric>

using namespace verifier;
using namespace verifier::attention_only;
using attention::Kind;
using attention::Matrix;
using attention::Model;

namespace {

using Number = long double;
using Row = std::vector<Number>;

struct Closed {
  Established found;
  Operations operations;
};

std::vector<Closed> close_all(const Certificate& certificate, Engine engine) {
  start_rounding_on_this_thread();
  Options options;
  options.engine = engine;
  const auto prover = make_prover(certificate, options);
  const auto worker = prover->worker();
  std::vector<Closed> labels;
  for (const Step& step : certificate.steps) {
    Budget budget{.declared = UINT64_MAX, .performed = 0};
    Meter meter(budget);
    Established found = worker->close(step.rule, {step.from, step.to}, certificate.states_correct(), meter);
    labels.push_back({std::move(found), meter.operations});
  }
  return labels;
}

// x <= truth, or truth <= x, for a truth that is known to within 2^-300 relatively and 2^-380: its inputs' losses are logarithms
// of numbers of 400 bits.
mpq_class slack(const attention::Big& truth) {
  return abs(truth.rational()) / mpq_class(mpz_class(1) << 300) + mpq_class(1, mpz_class(1) << 380);
}
bool at_most(const Real& x, const attention::Big& truth) {
  return exact(x) <= truth.rational() + slack(truth);
}
bool at_least(const Real& x, const attention::Big& truth) {
  return exact(x) >= truth.rational() - slack(truth);
}

void check_sound(const Established& found, const attention::LabelTruth& truth) {
  CHECK(at_most(found.lower.lo, truth.loss));
  CHECK(at_least(found.upper.hi, truth.loss));
  CHECK(found.correct <= truth.correct);
  CHECK(found.correct + found.undecided >= truth.correct);
  CHECK(found.correct + found.undecided <= truth.inputs);
}

Number number(const Real& x) {
  const mpq_class value = exact(x);
  const double high = value.get_d();
  return static_cast<Number>(high) + static_cast<Number>(mpq_class(value - mpq_class(high)).get_d());
}

bool is_near(Number found, Number expected) {
  return std::abs(found - expected) <= 1e-11L * std::abs(expected);
}

// A model in floating point, relative to a label.
struct Numbers {
  explicit Numbers(const Model& model)
      : V(model.V), n(model.n), EU(rows(model.EU(), 1)), OV(rows(model.OV(), 1)), PO(rows(model.PO(), 1)),
        A(rows(model.token_scores(), model.h)), B(rows(model.position_scores(), model.h)) {}
  static std::vector<Row> rows(const Matrix& matrix, std::size_t h) {
    std::vector<Row> result;
    for (const auto& row : matrix) {
      auto& out = result.emplace_back();
      for (const mpq_class& x : row) out.push_back(static_cast<Number>(x.get_d()) / std::sqrt(static_cast<Number>(h)));
    }
    return result;
  }
  Number y(std::size_t q, std::size_t t, std::size_t p, std::size_t w) const { // u + v + π
    return EU[q][w] - EU[q][m] + OV[t][w] - OV[t][m] + pi(p, w);
  }
  Number pi(std::size_t p, std::size_t w) const { return PO[p][w] - PO[p][m]; }
  Number r(std::size_t q, std::size_t t) const { return std::exp(A[q][t] - A[q][m]); }
  Number b(std::size_t q, std::size_t p) const { return std::exp(B[q][p]); }
  std::vector<std::size_t> wrong() const {
    std::vector<std::size_t> outputs;
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) outputs.push_back(w);
    return outputs;
  }
  std::size_t V, n;
  std::vector<Row> EU, OV, PO, A, B;
  std::size_t m = 0;
};

Number loss(const Row& margins) {
  Number top = 0, sum = 0;
  for (const Number x : margins) top = std::max(top, x);
  for (const Number x : margins) sum += std::exp(x - top);
  return top > 0 ? top + std::log(std::exp(-top) + sum) : std::log1p(sum);
}

Number mean(const Row& row) {
  Number sum = 0;
  for (const Number x : row) sum += x;
  return sum / static_cast<Number>(row.size());
}
template <class Of>
Row each(const Row& row, Of of) {
  Row result;
  for (std::size_t i = 0; i < row.size(); ++i) result.push_back(of(i));
  return result;
}

Number choose(std::size_t n, std::size_t k) {
  Number result = 1;
  for (std::size_t i = 0; i < k; ++i) result = result * static_cast<Number>(n - i) / static_cast<Number>(i + 1);
  return std::round(result);
}

struct Hints {
  std::vector<std::uint16_t> near, heads, joint, filled;
  std::size_t head_count = 0;
};

Hints draw_hints(const Model& model, unsigned seed) {
  std::mt19937_64 random(seed);
  Hints hints;
  hints.head_count = model.V >= 3 ? random() % (model.V - 1) : 0;
  for (std::size_t m = 0; m < model.V; ++m) {
    hints.near.push_back(static_cast<std::uint16_t>(random() % (m + 1)));
    hints.joint.push_back(static_cast<std::uint16_t>(random() % 2));
    hints.filled.push_back(static_cast<std::uint16_t>(random() % model.n));
    std::vector<std::uint16_t> outputs;
    for (std::size_t w = 0; w < model.V; ++w)
      if (w != m) outputs.push_back(static_cast<std::uint16_t>(w));
    std::ranges::shuffle(outputs, random);
    hints.heads.insert(hints.heads.end(), outputs.begin(), outputs.begin() + static_cast<long>(hints.head_count));
  }
  return hints;
}

std::vector<Tensor> soft_witnesses(const Model& model, const Hints& hints) {
  std::vector<Tensor> result;
  if (hints.head_count > 0)
    result.push_back(attention::witness("heads", DType::uint16, {model.V, hints.head_count}, hints.heads));
  result.push_back(attention::witness("joint", DType::uint8, {model.V}, hints.joint));
  result.push_back(attention::witness("near", DType::uint16, {model.V}, hints.near));
  return result;
}

std::vector<Tensor> placement_witnesses(const Model& model, const Hints& hints) {
  return {attention::witness("filled", DType::uint8, {model.V}, hints.filled),
          attention::witness("near", DType::uint16, {model.V}, hints.near)};
}

// Every cell of soft-near-far@1 by its theorem.
Number soft_by_definition(const Numbers& x, const Hints& hints) {
  const std::size_t n = x.n, m = x.m, c = hints.near[m], f = m - c;
  std::vector<std::size_t> heads, tail;
  for (const std::size_t w : x.wrong()) {
    const auto first = hints.heads.begin() + static_cast<long>(m * hints.head_count),
               last = first + static_cast<long>(hints.head_count);
    (std::find(first, last, w) != last ? heads : tail).push_back(w);
  }
  const auto highest = [&](std::size_t w) {
    Number top = x.pi(0, w);
    for (std::size_t p = 1; p < n; ++p) top = std::max(top, x.pi(p, w));
    return top;
  };
  const auto log_sum = [&](const std::function<Number(std::size_t)>& of) {
    Number top = of(tail.front()), sum = 0;
    for (const std::size_t w : tail) top = std::max(top, of(w));
    for (const std::size_t w : tail) sum += std::exp(of(w) - top);
    return top + std::log(sum);
  };
  const auto u = [&](std::size_t q, std::size_t w) { return x.EU[q][w] - x.EU[q][m]; };
  const auto v = [&](std::size_t t, std::size_t w) { return x.OV[t][w] - x.OV[t][m] + highest(w); };
  std::vector<Row> query(m + 1), value(m + 1);
  for (std::size_t t = 0; t <= m; ++t) {
    Number top = u(t, tail.front());
    for (const std::size_t w : tail) top = std::max(top, u(t, w));
    for (const std::size_t w : heads) query[t].push_back(u(t, w)), value[t].push_back(v(t, w));
    query[t].push_back(top);
    value[t].push_back(log_sum([&](std::size_t w) { return v(t, w); }));
  }
  const std::size_t J = heads.size() + 1;
  Number total = 0;
  for (std::size_t q = n == 1 ? m : 0; q <= m; ++q) {
    Row b;
    for (std::size_t p = 0; p + 1 < n; ++p) b.push_back(x.b(q, p));
    std::ranges::sort(b);
    const auto smallest = [&](std::size_t k) {
      return std::accumulate(b.begin(), b.begin() + static_cast<long>(k), Number(0));
    };
    const auto largest = [&](std::size_t k) {
      return std::accumulate(b.end() - static_cast<long>(k), b.end(), Number(0));
    };
    const Number last = x.r(q, q) * x.b(q, n - 1);
    Row main;
    for (std::size_t j = 0; j < J; ++j) main.push_back(query[q][j] + value[m][j]);
    if (hints.joint[m] == 1) main.back() = log_sum([&](std::size_t w) { return u(q, w) + v(m, w); });
    Row farthest(J, -INFINITY);
    Number rho = 0, attended = 0;
    for (std::size_t t = 0; t < f; ++t) {
      rho = std::max(rho, x.r(q, t));
      attended += x.r(q, t) / static_cast<Number>(f);
      for (std::size_t j = 0; j < J; ++j) farthest[j] = std::max(farthest[j], query[q][j] + value[t][j]);
    }
    for (std::size_t label = q < m ? 1 : 0; label < n; ++label)
      for (std::size_t s = 0; label + s < n; ++s) {
        const std::size_t far = n - 1 - label - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        Row pure, worst, low, high;
        for (std::size_t i = 0; i < (s > 0 ? c : 1); ++i) {
          struct Part {
            Number lo, hi;
            Row value;
          };
          const Number own = q == m ? last : 0;
          std::vector<Part> parts{{smallest(label) + own, largest(label) + own, {}}};
          if (q < m) parts.push_back({last, last, value[q]});
          if (s > 0) parts.push_back({x.r(q, f + i) * smallest(s), x.r(q, f + i) * largest(s), value[f + i]});
          Row margins = main;
          for (std::size_t part = 1; part < parts.size(); ++part) {
            Number others_lo = 0, others_hi = 0;
            for (std::size_t other = 0; other < parts.size(); ++other)
              if (other != part) others_lo += parts[other].lo, others_hi += parts[other].hi;
            const Number lo = parts[part].lo / (parts[part].lo + others_hi),
                         hi = parts[part].hi / (parts[part].hi + others_lo);
            for (std::size_t j = 0; j < J; ++j) {
              const Number difference = query[q][j] + parts[part].value[j] - main[j];
              margins[j] += (difference >= 0 ? hi : lo) * difference;
            }
          }
          low.push_back(0);
          high.push_back(0);
          for (const Part& part : parts) low.back() += part.lo, high.back() += part.hi;
          pure.push_back(loss(margins));
          const Number mass = largest(far) * rho, share = mass / (low.back() + mass);
          for (std::size_t j = 0; j < J; ++j) margins[j] += share * std::max<Number>(0, farthest[j] - margins[j]);
          worst.push_back(loss(margins));
        }
        const Number reciprocal = mean(each(low, [&](std::size_t i) { return 1 / low[i]; }));
        const auto mix = [&](const Row& losses) {
          const Number apart = mean(each(losses, [&](std::size_t i) { return high[i] * losses[i]; })) * reciprocal;
          return s <= 1 ? mean(losses) : std::max(mean(losses), apart);
        };
        Number bound = mix(pure);
        if (far > 0) bound = std::min(mix(worst), bound + largest(far) * attended * reciprocal * loss(farthest));
        total += choose(n - 1, label) * choose(n - 1 - label, s) *
                 std::pow(static_cast<Number>(c), static_cast<Number>(s)) *
                 std::pow(static_cast<Number>(f), static_cast<Number>(far)) * bound;
      }
  }
  return total;
}

struct Bounds {
  Number lower = 0, upper = 0, correct = 0;
};

// Every placement of placements@1 by its theorem. An input whose margins are nothing but rounding is not counted.
Bounds placements_by_definition(const Numbers& x, const Hints& hints) {
  const std::size_t n = x.n, m = x.m, c = hints.near[m], f = m - c;
  const std::vector<std::size_t> outputs = x.wrong();
  Bounds total;
  std::size_t kinds = 1;
  for (std::size_t p = 0; p + 1 < n; ++p) kinds *= 3;
  for (std::size_t q = n == 1 ? m : 0; q <= m; ++q)
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      std::vector<std::size_t> slots[3]; // label, near, far
      for (std::size_t p = 0, rest = kind; p + 1 < n; ++p, rest /= 3) slots[rest % 3].push_back(p);
      const auto& [label, near, far] = slots;
      if ((q < m && label.empty()) || (c == 0 && !near.empty()) || (f == 0 && !far.empty())) continue;
      const std::size_t s = near.size();
      const bool full = s <= hints.filled[m];
      Number rho = 0, attended = 0, R = 0, near_weight = 0, squares = 0;
      for (std::size_t t = 0; t < f; ++t)
        rho = std::max(rho, x.r(q, t)), attended += x.r(q, t) / static_cast<Number>(f);
      for (const std::size_t p : far) R += x.b(q, p);
      for (const std::size_t p : near) near_weight += x.b(q, p), squares += x.b(q, p) * x.b(q, p);
      Row most, least; // Y, Y_lo
      for (const std::size_t w : outputs) {
        most.push_back(-INFINITY), least.push_back(INFINITY);
        for (std::size_t t = 0; t < f; ++t)
          for (const std::size_t p : far)
            most.back() = std::max(most.back(), x.y(q, t, p, w)),
            least.back() = std::min(least.back(), x.y(q, t, p, w));
      }
      Row pure, highest, masses;
      Number lowest = 0, passing = 0;
      const auto count = static_cast<std::size_t>(std::pow(static_cast<Number>(c), static_cast<Number>(full ? s : 1)));
      for (std::size_t filling = 0; filling < count; ++filling) {
        Row margins(outputs.size(), 0);
        Number mass = 0;
        const auto add = [&](Number weight, const std::function<Number(std::size_t)>& y) {
          mass += weight;
          for (std::size_t i = 0; i < outputs.size(); ++i) margins[i] += weight * y(outputs[i]);
        };
        add(x.r(q, q) * x.b(q, n - 1), [&](std::size_t w) { return x.y(q, q, n - 1, w); });
        for (const std::size_t p : label) add(x.b(q, p), [&](std::size_t w) { return x.y(q, m, p, w); });
        if (full) {
          std::size_t rest = filling;
          for (const std::size_t p : near) {
            const std::size_t k = f + rest % c;
            rest /= c;
            add(x.b(q, p) * x.r(q, k), [&](std::size_t w) { return x.y(q, k, p, w); });
          }
        } else {
          const std::size_t k = f + filling;
          add(near_weight * x.r(q, k), [&](std::size_t w) {
            Number top = x.y(q, k, near.front(), w);
            for (const std::size_t p : near) top = std::max(top, x.y(q, k, p, w));
            return top;
          });
        }
        for (Number& margin : margins) margin /= mass;
        Row high = margins, low = margins;
        if (!far.empty()) {
          const Number a = R * rho / (mass + R * rho);
          for (std::size_t i = 0; i < margins.size(); ++i) {
            high[i] += a * std::max<Number>(0, most[i] - margins[i]);
            low[i] += a * std::min<Number>(0, least[i] - margins[i]);
          }
        }
        pure.push_back(loss(margins));
        highest.push_back(loss(high));
        masses.push_back(mass);
        lowest += loss(low);
        passing += std::ranges::all_of(high, [](Number margin) { return margin < -1e-13L; });
      }
      const Number reciprocal = mean(each(masses, [&](std::size_t i) { return 1 / masses[i]; }));
      const auto mix = [&](const Row& losses, bool beside) {
        if (full) return mean(losses);
        const Number equal = squares / (near_weight * near_weight);
        Number apart = mean(each(losses, [&](std::size_t i) { return masses[i] * losses[i]; })) * reciprocal;
        if (beside) apart = std::max(apart, mean(losses));
        return equal * mean(losses) + (1 - equal) * apart;
      };
      Number bound = mix(highest, !far.empty());
      if (!far.empty()) bound = std::min(bound, mix(pure, false) + R * attended * reciprocal * loss(most));
      const Number of_far = std::pow(static_cast<Number>(f), static_cast<Number>(far.size()));
      total.lower += full ? of_far * lowest : 0;
      total.upper += std::pow(static_cast<Number>(c), static_cast<Number>(s)) * of_far * bound;
      total.correct += of_far * (full ? passing : std::pow(passing, static_cast<Number>(s)));
    }
  return total;
}

std::uint64_t power_of(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  while (exponent-- > 0) result *= base;
  return result;
}

// docs/rules/attention/enumeration.md
Operations enumeration_formula(std::uint64_t V, std::uint64_t n, std::uint64_t m) {
  Operations o;
  if (V == 1) return o.add = 2, o;
  const std::uint64_t W = V - 1, slots = (m + 1) * (n - 1) + 1;
  o.add = 2 * (m + 1) * W + n * W + 2;
  o.log = 2;
  for (std::uint64_t q = n == 1 ? m : 0; q <= m; ++q) {
    std::uint64_t prefixes = 0;
    for (std::uint64_t i = 1; i + 2 <= n; ++i) prefixes += power_of(m + 1, i);
    const std::uint64_t inputs = power_of(m + 1, n - 1) - (q < m ? power_of(m, n - 1) : 0);
    o.add += 2 * m + 2 * W * slots + 2 * V * prefixes + (n >= 2 ? 2 * V * inputs : 0) + 2 * W * inputs;
    o.exp += 2 * m + 2 * W * inputs;
    o.mul += 2 * (m + 1) * (n - 1) + (q < m ? 2 : 0) + 2 * W * slots + (2 * W + 2) * inputs;
    o.div += 2 * inputs;
    o.compare += W * slots + 2 * W * inputs;
  }
  return o;
}

// docs/rules/attention/soft-near-far.md
Operations soft_formula(std::uint64_t V, std::uint64_t n, std::uint64_t m, std::uint64_t c, std::uint64_t heads,
                        bool is_joint) {
  Operations o;
  if (V == 1) return o.add = 1, o;
  const std::uint64_t W = V - 1, J = heads + 1, tail = W - heads, f = m - c, joint = is_joint ? 1 : 0, T = m + 1;
  o.add = n * W + 2 * T * W + (tail - 1) * T + T * W + J * T + joint * T * (2 * tail - 1) + 1 + 1;
  o.compare = (n - 1) * W + (tail - 1) * T + (f > 0 ? (f - 1) * J : 0) + 1;
  o.exp = T * tail * (1 + joint);
  o.log = T * (1 + joint);
  o.div = 1;
  for (std::uint64_t q = n == 1 ? m : 0; q <= m; ++q) {
    const std::uint64_t below = q < m ? 1 : 0;
    o.add += below * (2 + 2 * J) + (1 - below) * 2 * n + c * (2 + 2 * J);
    o.mul += below * 2;
    o.exp += below * 2 + 2 * c;
    if (f > 0) o.add += 2 + 2 * J, o.mul += 1, o.div += 1, o.exp += 2 + J, o.log += 1;
    for (std::uint64_t x = below; x < n; ++x)
      for (std::uint64_t s = 0; x + s < n; ++s) {
        const std::uint64_t far = n - 1 - x - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        const std::uint64_t K = s > 0 ? c : 1, P = below + (s > 0), M = s >= 2;
        o.add += K * (6 * P + (P + 1) * J + 1) + K * M * 2 + 1;
        o.mul += K * (2 * (s > 0) + P * J) + K * M + 3 + M;
        o.div += K * 2 * P + K * M + 1 + M;
        o.exp += K * J;
        o.log += K;
        o.compare += K * P * J + M;
        if (far == 0) continue;
        o.add += K * (3 * J + 2) + K + 1;
        o.mul += K * J + K * M + 4 + M;
        o.div += K + K * (1 - M) + 2 + M;
        o.exp += K * J;
        o.log += K;
        o.compare += K * J + 1 + M;
      }
  }
  return o;
}

// docs/rules/attention/placements.md, by how many slots hold what: placements with the same numbers cost the same.
Operations placements_formula(std::uint64_t V, std::uint64_t n, std::uint64_t m, std::uint64_t c, std::uint64_t e) {
  Operations o;
  if (V == 1) return o.add = 2, o;
  const std::uint64_t W = V - 1, f = m - c;
  o.add = (2 * (m + 1) + n) * W + 2;
  o.compare = f > 0 ? 2 * (f - 1) * W : 0;
  for (std::uint64_t q = n == 1 ? m : 0; q <= m; ++q) {
    if (q < m) o.add += 2, o.mul += 2, o.exp += 2;
    o.add += 2 * c;
    o.exp += 2 * c;
    if (f > 0) o.add += 2, o.mul += 1, o.div += 1, o.exp += 2;
    for (std::uint64_t x = q < m ? 1 : 0; x < n; ++x)
      for (std::uint64_t s = 0; x + s < n; ++s) {
        const std::uint64_t far = n - 1 - x - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        const bool full = s <= e;
        const std::uint64_t K = full ? power_of(c, s) : c, parts = full ? s : 1, G = far > 0 ? 1 : 0;
        Operations one;
        one.add = (1 + x) * (4 * W + 2) + G * (5 * W + far - 1) + K * parts * (4 * W + 2) + K * (W + 1) +
                  K * G * (3 * W + 3) + 1;
        one.mul = (1 + x) * 2 * W + G + K * parts * (2 * W + 2) + K * G * W + 3;
        one.div = K * 2 * W + K * G * 2;
        one.exp = G * W + K * W + K * G * W;
        one.log = G + K + K * G;
        one.compare = (1 + x) * W + G * 2 * (far - 1) * W + K * parts * W + K * 2 * W + K * G * W + K * W;
        if (full) {
          one.add += K * G * 2 * W + K * (W + 1) + 2 + 2 * G;
          one.mul += K * G * W + 1 + 5 * G;
          one.div += 2 * G;
          one.exp += K * W;
          one.log += K;
          one.compare += K * G * W + G;
        } else {
          one.add += 3 * (s - 1) + 2 * K + 2 + 3 * G;
          one.mul += s + 1 + K * (1 + G) + 4 + 6 * G;
          one.div += 1 + K * (1 - G) + 2 + 2 * G;
          one.compare += (s - 1) * W + 3 * G;
        }
        const auto times = static_cast<std::uint64_t>(choose(n - 1, x) * choose(n - 1 - x, s));
        for (const auto kind : Operations::kinds) o.*kind += times * (one.*kind);
      }
  }
  return o;
}

// The same function, with scores of all positions so large that their weights are enclosed within some 2^-44 only: ends that
// are mixed up show.
Model with_wide_weights(Model model) {
  constexpr int large = 700;
  for (Matrix* matrix : {&model.W_Q, &model.W_K}) {
    for (auto& row : *matrix) row.emplace_back(0);
    matrix->emplace_back(model.h + 1).back() = large;
  }
  model.W_V.emplace_back(model.h);
  for (auto& row : model.W_V) row.emplace_back(0);
  model.W_O.emplace_back(model.d);
  for (auto& row : model.W_O) row.emplace_back(0);
  model.U.emplace_back(model.V);
  for (auto& row : model.E) row.emplace_back(0);
  for (auto& row : model.P) row.emplace_back(1);
  ++model.d;
  ++model.h;
  return model;
}

template <class Check>
void for_each_model(Check check) {
  unsigned seed = 100;
  for (const Kind kind : {Kind::trained, Kind::random, Kind::wild, Kind::ties})
    for (const std::size_t n : {1, 2, 3, 4})
      for (std::size_t V = 1; V <= (n == 4 ? 4u : n == 3 ? 5u : 7u); ++V) {
        const Model model = attention::draw(kind, V, n, ++seed);
        CAPTURE(seed);
        check(kind, model, seed);
      }
}

} // namespace

TEST_CASE(
    "attention-only: enumeration encloses the truth by both engines, counts every input and costs what its page says") {
  for_each_model([](Kind kind, const Model& model, unsigned) {
    const auto truths = attention::by_label(model);
    const auto certificate = attention::certificate(model, "enumeration@1");
    const auto fast = close_all(certificate, Engine::exact), slow = close_all(certificate, Engine::reference);
    for (std::size_t m = 0; m < model.V; ++m) {
      CAPTURE(m);
      for (const auto* found : {&fast[m], &slow[m]}) {
        check_sound(found->found, truths[m]);
        CHECK(found->operations == enumeration_formula(model.V, model.n, m));
        if (kind != Kind::ties) CHECK(found->found.correct == truths[m].correct);
      }
      const mpq_class width = exact(fast[m].found.upper.hi) - exact(fast[m].found.lower.lo);
      if (kind != Kind::wild) // scores of hundreds of nats: weights are known to fewer bits
        CHECK(width <= exact(fast[m].found.upper.hi) / mpq_class(mpz_class(1) << 40) +
                           mpq_class(truths[m].inputs, mpz_class(1) << 44));
    }
  });
}

TEST_CASE("attention-only: a tie is wrong, not undecided, where the numbers are exact") {
  const Model model = attention::draw(Kind::ties, 4, 2, 3);
  const auto truths = attention::by_label(model);
  for (const Engine engine : {Engine::exact, Engine::reference}) {
    const auto found = close_all(attention::certificate(model, "enumeration@1"), engine);
    CHECK(truths[3].correct == 0);
    CHECK(found[3].found.correct == 0);
    CHECK(found[0].found.correct == 0);
  }
}

TEST_CASE("attention-only: logits that cancel to a tie are not counted as correct, and both engines see them") {
  std::uint64_t ties = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Model model = attention::draw(Kind::ties, 4, 2 + seed % 2, seed);
    for (auto& row : model.W_Q)
      for (mpq_class& x : row) x = 0; // every slot is attended to alike
    const auto truths = attention::by_label(model);
    for (const Engine engine : {Engine::exact, Engine::reference}) {
      const auto found = close_all(attention::certificate(model, "enumeration@1"), engine);
      for (std::size_t m = 0; m < model.V; ++m) {
        check_sound(found[m].found, truths[m]);
        CHECK(found[m].found.correct + found[m].found.undecided - truths[m].correct <= truths[m].inputs / 2);
        ties += truths[m].inputs - truths[m].correct;
      }
    }
    const Model wide = with_wide_weights(model); // weights that integers do not hold: what cancels leaves a rest
    const auto found = close_all(attention::certificate(wide, "enumeration@1"), Engine::exact);
    for (std::size_t m = 0; m < model.V; ++m) check_sound(found[m].found, truths[m]);
  }
  CHECK(ties > 1000);
}

TEST_CASE("attention-only: soft-near-far is an upper bound, the theorem's, and costs what its page says") {
  for_each_model([](Kind kind, const Model& model, unsigned seed) {
    const auto truths = attention::by_label(model);
    Numbers numbers(model);
    for (unsigned draw = 0; draw < 3; ++draw) {
      CAPTURE(draw);
      const Hints hints = draw_hints(model, 10 * seed + draw);
      const auto found =
          close_all(attention::certificate(model, "soft-near-far@1", soft_witnesses(model, hints)), Engine::exact);
      for (std::size_t m = 0; m < model.V; ++m) {
        CAPTURE(m);
        check_sound(found[m].found, truths[m]);
        CHECK(found[m].operations ==
              soft_formula(model.V, model.n, m, hints.near[m], hints.head_count, hints.joint[m] == 1));
        numbers.m = m;
        if (model.V > 1 && kind != Kind::wild)
          CHECK(is_near(number(found[m].found.upper.hi), soft_by_definition(numbers, hints)));
      }
    }
  });
}

TEST_CASE("attention-only: placements are bounds from both sides, the theorem's, and cost what the page says") {
  for_each_model([](Kind kind, const Model& model, unsigned seed) {
    const auto truths = attention::by_label(model);
    Numbers numbers(model);
    for (unsigned draw = 0; draw < 3; ++draw) {
      CAPTURE(draw);
      const Hints hints = draw_hints(model, 10 * seed + draw);
      const auto found =
          close_all(attention::certificate(model, "placements@1", placement_witnesses(model, hints)), Engine::exact);
      for (std::size_t m = 0; m < model.V; ++m) {
        CAPTURE(m);
        check_sound(found[m].found, truths[m]);
        CHECK(found[m].operations == placements_formula(model.V, model.n, m, hints.near[m], hints.filled[m]));
        if (model.V == 1 || kind == Kind::wild) continue;
        numbers.m = m;
        const Bounds bounds = placements_by_definition(numbers, hints);
        CHECK(is_near(number(found[m].found.lower.lo), bounds.lower));
        INFO(static_cast<double>(bounds.upper), " ", static_cast<double>(number(found[m].found.upper.hi)), " n ",
             model.n, " V ", model.V);
        CHECK(is_near(number(found[m].found.upper.hi), bounds.upper));
        if (kind != Kind::ties) CHECK(found[m].found.correct.get_d() == static_cast<double>(bounds.correct));
      }
    }
  });
}

TEST_CASE("attention-only: with all tokens near and every filling, placements are enumeration") {
  for_each_model([](Kind, const Model& model, unsigned) {
    Hints all;
    for (std::size_t m = 0; m < model.V; ++m) {
      all.near.push_back(static_cast<std::uint16_t>(m));
      all.filled.push_back(static_cast<std::uint16_t>(model.n - 1));
    }
    const auto truths = attention::by_label(model);
    const auto found =
        close_all(attention::certificate(model, "placements@1", placement_witnesses(model, all)), Engine::exact);
    const auto every = close_all(attention::certificate(model, "enumeration@1"), Engine::reference);
    for (std::size_t m = 0; m < model.V; ++m) {
      check_sound(found[m].found, truths[m]);
      CHECK(found[m].found.correct == every[m].found.correct);
      const mpq_class width = exact(found[m].found.upper.hi) - exact(found[m].found.lower.lo);
      CHECK(width * mpq_class(mpz_class(1) << 40) <= exact(every[m].found.upper.hi) + truths[m].inputs);
      CHECK(exact(found[m].found.lower.lo) <= exact(every[m].found.upper.hi));
      CHECK(exact(found[m].found.upper.hi) >= exact(every[m].found.lower.lo));
    }
  });
}

TEST_CASE("attention-only: bounds hold where weights are known to few bits") {
  for_each_model([](Kind kind, const Model& narrow, unsigned seed) {
    if (kind == Kind::wild || narrow.n == 1) return;
    const Model model = with_wide_weights(narrow);
    const auto truths = attention::by_label(model);
    Hints all = draw_hints(model, seed);
    for (std::size_t m = 0; m < model.V; ++m) {
      all.near[m] = static_cast<std::uint16_t>(m);
      all.filled[m] = static_cast<std::uint16_t>(model.n - 1);
    }
    const auto enumeration = attention::certificate(model, "enumeration@1");
    for (const Certificate& certificate :
         {attention::certificate(model, "placements@1", placement_witnesses(model, all)),
          attention::certificate(model, "placements@1", placement_witnesses(model, draw_hints(model, seed))),
          attention::certificate(model, "soft-near-far@1", soft_witnesses(model, all)), enumeration}) {
      const auto found = close_all(certificate, Engine::exact);
      for (std::size_t m = 0; m < model.V; ++m) check_sound(found[m].found, truths[m]);
    }
    const auto found = close_all(enumeration, Engine::reference);
    for (std::size_t m = 0; m < model.V; ++m) check_sound(found[m].found, truths[m]);
  });
}

TEST_CASE("attention-only: both ends of a product stay on their sides") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    ProductEnd below, above;
    mpq_class product = 1;
    for (int factor = 0; factor < 20; ++factor) {
      const int width = 56 + static_cast<int>(random() % 18); // 2^62 stands for 1
      const Uint128 ones = (Uint128{1} << width) - 1;
      const Uint128 x = random() % 4 == 0 ? ones : (ones ^ (Uint128{random()} & (ones >> 1)));
      below.multiply_from_below(x);
      above.multiply_from_above(x);
      product *= mpq_class(integer(static_cast<Int128>(x)), mpz_class(1) << exponential_places);
      product.canonicalize();
      const auto value = [](const ProductEnd& end) {
        return times_power_of_two(mpz_class(end.mantissa), end.exponent);
      };
      CHECK(value(below) <= product);
      CHECK(product <= value(above));
      CHECK((value(above) - value(below)) * mpq_class(mpz_class(1) << 56) <= product);
      CHECK((below.mantissa >> 63) == 1);
      CHECK((above.mantissa >> 63) == 1);
    }
  }
}

TEST_CASE("attention-only: losses of margins in integers enclose what 400 bits say") {
  start_rounding_on_this_thread();
  const MarginExponentials exponentials;
  MarginLoss loss_of(exponentials);
  std::mt19937_64 random(7);
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  constexpr std::int64_t nat = std::int64_t{1} << margin_places;
  CHECK(exponentials(0) == std::uint64_t{1} << exponential_places);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t error = round % 3 == 0 ? 0 : 1 + random() % 1000;
    const std::int64_t spread =
        std::vector<std::int64_t>{nat / 1000, nat, 40 * nat, 500 * nat, 8000 * nat}[random() % 5];
    const std::int64_t centre = round % 2 == 0 ? -spread : 0;
    LossSum sum(exponentials);
    attention::Big least, most, product_least, product_most;
    std::vector<Real> ends;
    for (int input = 0; input < 4; ++input) {
      std::vector<std::int64_t> margins(1 + random() % 40);
      std::int64_t highest = 0;
      attention::Big lower(1), upper(1);
      ends.clear();
      for (std::int64_t& margin : margins) {
        margin = centre + between(-spread, spread);
        highest = std::max(highest, margin);
        const auto e = static_cast<std::int64_t>(error);
        lower += exp(attention::Big(mpq_class(mpz_class(margin - e), mpz_class(nat))));
        upper += exp(attention::Big(mpq_class(mpz_class(margin + e), mpz_class(nat))));
        mpfr_set_sj_2exp(ends.emplace_back().get(), margin, -margin_places, MPFR_RNDD); // exact
      }
      sum.add(margins, highest, error);
      least += log(lower);
      most += log(upper);
      if (error > 0) continue;
      Real above, below;
      loss_of.set_from_above(above, ends);
      loss_of.set_from_below(below, ends);
      CHECK(at_least(above, log(upper)));
      CHECK(at_most(below, log(lower)));
      CHECK((exact(above) - exact(below)) * mpq_class(mpz_class(1) << 45) <= exact(above));
    }
    const Interval total = sum.total();
    CHECK(at_most(total.lo, least));
    CHECK(at_least(total.hi, most));
    const mpq_class unavoidable = most.rational() - least.rational();
    CHECK(exact(total.hi) - exact(total.lo) <=
          unavoidable + (most.rational() + mpq_class(1, 16)) / mpq_class(mpz_class(1) << 43));
  }
}
