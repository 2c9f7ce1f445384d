// As attention_theorems.hpp: the theorems of soft-near-far@1 and placements@1, which bound the loss.
#pragma once

#include "theorems.hpp"

#include <numeric>

namespace attention {

namespace of_losses {

using Row = OfLabel::Row;

inline Big mean(const Row& row) {
  return std::accumulate(row.begin(), row.end(), Big(0)) / Big(static_cast<int>(row.size()));
}
inline Row products(const Row& x, const Row& y) {
  Row result;
  for (std::size_t i = 0; i < x.size(); ++i) result.push_back(x[i] * y[i]);
  return result;
}
inline Row inverses(const Row& x) {
  Row result;
  for (const Big& each : x) result.push_back(Big(1) / each);
  return result;
}
inline Big log_sum(const OfLabel::Outputs& outputs, const std::function<Big(std::size_t)>& of) {
  Big sum;
  for (const std::size_t w : outputs) sum += exp(of(w));
  return log(sum);
}
inline Big mean_r(const OfLabel& x, std::size_t q) { // of far tokens
  Big sum;
  for (std::size_t t = 0; t < x.f; ++t) sum += x.r(q, t);
  return sum / Big(static_cast<int>(x.f));
}

} // namespace of_losses

// Every cell: the upper bound of the loss.
inline Big soft_near_far_loss(const OfLabel& x) {
  using namespace of_losses;
  const std::size_t n = x.n, m = x.m, c = x.c, f = x.f;
  const auto y = [&](std::size_t t, std::size_t w) { return x.v(t, w) + x.P(w); };
  OfLabel::Table query(m + 1), value(m + 1);
  for (std::size_t t = 0; t <= m; ++t) {
    for (const std::size_t w : x.heads) query[t].push_back(x.u(t, w)), value[t].push_back(y(t, w));
    query[t].push_back(x.largest(x.tail, [&](std::size_t w) { return x.u(t, w); }));
    value[t].push_back(log_sum(x.tail, [&](std::size_t w) { return y(t, w); }));
  }
  const std::size_t J = x.heads.size() + 1;
  Big total;
  for (std::size_t q = x.first_query(); q <= m; ++q) {
    const auto column = [&](std::size_t t, std::size_t j) { return query[q][j] + value[t][j]; };
    Row main, farthest;
    for (std::size_t j = 0; j < J; ++j) {
      main.push_back(column(m, j));
      farthest.push_back(column(0, j));
      for (std::size_t t = 1; t < f; ++t) farthest[j] = std::max(farthest[j], column(t, j));
    }
    if (x.witnesses.joint[m]) main.back() = log_sum(x.tail, [&](std::size_t w) { return x.u(q, w) + y(m, w); });
    const Big rho = x.rho(q, f);
    for (std::size_t label = q < m ? 1 : 0; label < n; ++label)
      for (std::size_t s = 0; label + s < n; ++s) {
        const std::size_t far = n - 1 - label - s;
        if ((s > 0 && c == 0) || (far > 0 && f == 0)) continue;
        Row pure, worst, low, high; // losses, and D
        for (std::size_t k = f; k < f + (s > 0 ? c : 1); ++k) {
          struct Part {
            Big lo, hi;
            std::size_t token;
          };
          const Big own = q == m ? x.own(q) : Big(0);
          std::vector<Part> parts{{x.T(q, label).first + own, x.T(q, label).second + own, m}};
          if (q < m) parts.push_back({x.own(q), x.own(q), q});
          if (s > 0) parts.push_back({x.r(q, k) * x.T(q, s).first, x.r(q, k) * x.T(q, s).second, k});
          Row margins = main;
          for (std::size_t part = 1; part < parts.size(); ++part) {
            Big others_lo, others_hi;
            for (std::size_t other = 0; other < parts.size(); ++other)
              if (other != part) others_lo += parts[other].lo, others_hi += parts[other].hi;
            const Big lo = parts[part].lo / (parts[part].lo + others_hi),
                      hi = parts[part].hi / (parts[part].hi + others_lo);
            for (std::size_t j = 0; j < J; ++j) {
              const Big difference = column(parts[part].token, j) - main[j];
              margins[j] += (difference < Big(0) ? lo : hi) * difference;
            }
          }
          low.emplace_back(), high.emplace_back();
          for (const Part& part : parts) low.back() += part.lo, high.back() += part.hi;
          pure.push_back(truth::loss(margins));
          const Big mass = x.T(q, far).second * rho, share = mass / (low.back() + mass);
          for (std::size_t j = 0; j < J; ++j) margins[j] += share * std::max(Big(0), farthest[j] - margins[j]);
          worst.push_back(truth::loss(margins));
        }
        const Big reciprocal = mean(inverses(low));
        const auto mix = [&](const Row& losses) {
          return s < 2 ? mean(losses) : std::max(mean(losses), mean(products(high, losses)) * reciprocal);
        };
        Big bound = mix(pure);
        if (far > 0)
          bound = std::min(mix(worst), bound + x.T(q, far).second * mean_r(x, q) * reciprocal * truth::loss(farthest));
        const mpz_class inputs = choose(n - 1, label) * choose(n - 1 - label, s) * power(c, s) * power(f, far);
        total += Big(mpq_class(inputs)) * bound;
      }
  }
  return total;
}

struct PlacementBounds {
  Big lower, upper;
  mpz_class correct;
};

// Every placement. A filling whose margins are nothing but rounding is a tie.
inline PlacementBounds placement_bounds(const OfLabel& x) {
  using namespace of_losses;
  const std::size_t n = x.n, m = x.m, c = x.c, f = x.f;
  const OfLabel::Outputs& outputs = x.wrong;
  PlacementBounds total;
  std::size_t kinds = 1;
  for (std::size_t p = 0; p + 1 < n; ++p) kinds *= 3;
  for (std::size_t q = x.first_query(); q <= m; ++q)
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const auto y = [&](std::size_t t, std::size_t p, std::size_t w) { return x.u(q, w) + x.v(t, w) + x.pi(p, w); };
      std::vector<std::size_t> slots[3]; // label, near, far
      for (std::size_t p = 0, rest = kind; p + 1 < n; ++p, rest /= 3) slots[rest % 3].push_back(p);
      const auto& [label, near, far] = slots;
      if ((q < m && label.empty()) || (c == 0 && !near.empty()) || (f == 0 && !far.empty())) continue;
      const std::size_t s = near.size();
      const bool full = s <= x.witnesses.filled[m];
      Big R, S, squares, others; // S²: products of two b of one slot, and of two
      for (const std::size_t p : far) R += x.b(q, p);
      for (const std::size_t p : near) S += x.b(q, p), squares += x.b(q, p) * x.b(q, p);
      for (const std::size_t p : near)
        for (const std::size_t o : near)
          if (o != p) others += x.b(q, p) * x.b(q, o);
      Row most, least; // Y, Y_lo
      for (const std::size_t w : outputs) {
        if (far.empty()) break;
        most.push_back(y(0, far[0], w)), least.push_back(y(0, far[0], w));
        for (std::size_t t = 0; t < f; ++t)
          for (const std::size_t p : far)
            most.back() = std::max(most.back(), y(t, p, w)), least.back() = std::min(least.back(), y(t, p, w));
      }
      Row pure, highest, masses;
      Big lowest;
      std::size_t passing = 0;
      const std::size_t count = full ? power(c, s).get_ui() : c;
      for (std::size_t filling = 0; filling < count; ++filling) {
        std::vector<Sum> N(outputs.size());
        Big D;
        const auto add = [&](const Big& weight, const std::function<Big(std::size_t)>& y) {
          D += weight;
          for (std::size_t i = 0; i < outputs.size(); ++i) N[i] += weight * y(outputs[i]);
        };
        add(x.own(q), [&](std::size_t w) { return y(q, n - 1, w); });
        for (const std::size_t p : label) add(x.b(q, p), [&](std::size_t w) { return y(m, p, w); });
        if (full) {
          std::size_t rest = filling;
          for (const std::size_t p : near) {
            const std::size_t k = f + rest % c;
            rest /= c;
            add(x.b(q, p) * x.r(q, k), [&](std::size_t w) { return y(k, p, w); });
          }
        } else {
          const std::size_t k = f + filling;
          add(S * x.r(q, k), [&](std::size_t w) { return x.largest(near, [&](std::size_t p) { return y(k, p, w); }); });
        }
        Row margins, high, low;
        bool correct = true;
        for (std::size_t i = 0; i < outputs.size(); ++i) {
          margins.push_back(N[i].value / D), high.push_back(margins[i]), low.push_back(margins[i]);
          bool negative = N[i].is_negative();
          if (!far.empty()) {
            const Big a = R * x.rho(q, f) / (D + R * x.rho(q, f));
            Sum moved; // times D
            moved.value = N[i].value, moved.size = N[i].size;
            moved += a * std::max(Big(0), most[i] - margins[i]) * D;
            negative = moved.is_negative();
            high[i] += a * std::max(Big(0), most[i] - margins[i]);
            low[i] += a * std::min(Big(0), least[i] - margins[i]);
          }
          correct = correct && negative;
        }
        pure.push_back(truth::loss(margins)), highest.push_back(truth::loss(high)), masses.push_back(D);
        lowest += truth::loss(low);
        passing += correct;
      }
      const Big reciprocal = mean(inverses(masses));
      const auto mix = [&](const Row& losses, bool beside) {
        if (full) return mean(losses);
        Big product = mean(products(masses, losses)) * reciprocal;
        if (beside) product = std::max(product, mean(losses));
        return (squares * mean(losses) + others * product) / (S * S);
      };
      Big bound = mix(highest, !far.empty());
      if (!far.empty()) bound = std::min(bound, mix(pure, false) + R * mean_r(x, q) * reciprocal * truth::loss(most));
      const mpz_class of_far = power(f, far.size());
      if (full) total.lower += Big(mpq_class(of_far)) * lowest;
      total.upper += Big(mpq_class(power(c, s) * of_far)) * bound;
      total.correct += of_far * (full ? mpz_class(passing) : power(passing, s));
    }
  return total;
}

} // namespace attention
