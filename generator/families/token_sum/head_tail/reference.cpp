#include "families/token_sum/head_tail/reference.hpp"

#include "families/token_sum/bounds/reference_sums.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <map>

namespace proofmark {

namespace {

using Tokens = std::vector<std::uint64_t>;
using Column = std::vector<Interval>;

Interval min(const Interval& x, const Interval& y) {
  return -max(-x, -y);
}

Interval power(const Interval& x, std::uint64_t exponent) {
  Interval result = enclose(1.0);
  for (std::uint64_t i = 0; i < exponent; ++i) result *= x;
  return result;
}

Interval root(const Interval& x, std::uint64_t p) { // of a sum of positive numbers, or 0
  if (p == 2) return sqrt(x);
  return certainly_positive(x) ? exp(log(x) / enclose(Integer(p))) : enclose(0.0);
}

struct Rule {
  const std::vector<Interval>& logits;
  const HeadTail& witness;
  std::uint64_t n, V, p;
  Column entries;  // A, row-major [V x V]
  Column totals;   // T_y  [V], with multipliers
  Interval margin; // for comparisons of logits

  Rule(const std::vector<Interval>& m, const std::vector<Interval>& shift, const HeadTail& h, unsigned threads)
      : logits(m), witness(h), n(h.task.context), V(h.task.vocabulary), p(std::max<std::uint64_t>(2, n - 1)),
        entries(V * V) {
    for_each_piece(V, threads, [&](std::size_t a) {
      for (std::uint64_t k = 0; k < V; ++k) entries[a * V + k] = exp(logits[a * V + k] - shift[a]);
    });
    Interval largest;
    for (const Interval& logit : logits) largest = max(largest, max(logit, -logit));
    margin = upper_point(enclose(Integer(2 * n)) * (enclose(0x1p-44) * largest + enclose(0x1p-46)));
    if (!h.multipliers()) return;
    Column sums(V); // P[y,k]
    for (std::uint64_t y = 0; y < V; ++y) {
      Interval total;
      for (std::uint64_t k = 0; k < V; ++k) {
        const Interval x = enclose(h.token_multipliers[y]) * entries[y * V + k], next = sums[k] + x;
        Interval q = enclose(1.0), sum = q; // of next^j P^(n-1-j): a difference of powers would cancel
        for (std::uint64_t i = 1; i < n; ++i) {
          q *= next;
          sum = sum * sums[k] + q;
        }
        total += x * sum;
        sums[k] = next;
      }
      totals.push_back(total);
    }
  }

  bool in_head(std::uint64_t token, std::uint64_t k, std::uint64_t size) const {
    const auto first = witness.heads.begin() + static_cast<std::ptrdiff_t>(token * witness.widest);
    const auto last = first + static_cast<std::ptrdiff_t>(size);
    return std::find(first, last, k) != last;
  }

  // The tail of t (largest token first) at a head size, norms and all: docs/rules/head-tail.md, "Heads".
  Interval tail(const Tokens& t, std::uint64_t size) const {
    const std::uint64_t y = t.front();
    std::vector<Column> norms; // by factor and group: t_1, and t_n for n = 2; t_1 .. t_(n-1) for n >= 3
    const std::uint64_t factors = n == 2 ? 2 : n - 1;
    for (std::uint64_t i = 0; i < factors; ++i) {
      const std::uint64_t token = t[n - 1 - i];
      Column sums(witness.group_count());
      for (std::uint64_t k = 0; k < V; ++k) {
        if (in_head(token, k, size) || (n >= 3 && in_head(y, k, size))) continue;
        Interval term = power(entries[token * V + k], p);
        if (n >= 3) term *= entries[y * V + k];
        if (!witness.weights.empty()) {
          const Interval w = enclose(static_cast<double>(witness.weights[k]));
          term = i == 0 ? term * w : term / w;
        }
        sums[witness.groups.empty() ? 0 : witness.groups[k]] += term;
      }
      for (Interval& sum : sums) sum = root(sum, p);
      norms.push_back(sums);
    }
    Interval result;
    for (std::uint64_t g = 0; g < witness.group_count(); ++g) {
      Interval product = enclose(1.0);
      for (const Column& factor : norms) product *= factor[g];
      result += product;
    }
    return result;
  }

  Interval product(const Tokens& t, std::uint64_t k) const {
    Interval result = enclose(1.0);
    for (const std::uint64_t token : t) result *= entries[token * V + k];
    return result;
  }

  void add(const Tokens& t, std::size_t level, bool count_correct, Interval& upper, Interval& lower,
           LabelSum& counts) const {
    const std::uint64_t y = t.front(), size = witness.sizes[level];
    const bool exact = witness.exact(level);
    Interval low, high;
    for (std::uint64_t k = 0; k < V; ++k)
      if (exact || std::any_of(t.begin(), t.end(), [&](std::uint64_t token) { return in_head(token, k, size); }))
        low += product(t, k);
    high = exact ? low : low + tail(t, size);
    Interval best = high, linear;
    const Integer weight = orderings(t);
    if (witness.multipliers()) {
      Interval m = enclose(witness.label_multipliers[y]);
      for (const std::uint64_t token : t) m *= enclose(witness.token_multipliers[token]);
      if (certainly_positive(m)) {
        best = max(low, min(high, enclose(1.0) / m));
        linear = m * best;
      }
    }
    upper += enclose(weight) * (log(best) - linear);
    lower += enclose(weight) * log(low);
    if (!count_correct) return;
    if (!exact) {
      if (certainly_less(high, enclose(2 * (1 - 0x1p-34)) * product(t, y))) counts.correct += weight;
      return;
    }
    bool correct = true, incorrect = false;
    Interval at_label;
    for (const std::uint64_t token : t) at_label += logits[token * V + y];
    for (std::uint64_t k = 0; k < V; ++k) {
      if (k == y) continue;
      Interval rival;
      for (const std::uint64_t token : t) rival += logits[token * V + k];
      correct = correct && certainly_less(rival + margin, at_label);
      incorrect = incorrect || certainly_less(at_label + margin, rival);
    }
    counts.correct += correct ? weight : Integer(0);
    counts.undecided += correct || incorrect ? Integer(0) : weight;
  }
};

} // namespace

std::vector<LabelSum> reference_head_tail_sums(const std::vector<Interval>& logits, const HeadTail& witness,
                                               const LabelSumOptions& options) {
  const Task& task = witness.task;
  const std::vector<Interval> shift = reference_shifts(logits, task.vocabulary);
  const Rule rule(logits, shift, witness, options.threads);
  std::vector<LabelSum> result(task.vocabulary);
  for_each_piece(
      task.vocabulary, options.threads,
      [&](std::size_t label) {
        Interval upper, lower;
        LabelSum& sum = result[label];
        std::uint64_t index = first_sorted_input(task, label);
        Tokens tail{label};
        for_each_row(
            task.context, tail, [] {},
            [&] {
              Tokens input = tail;
              input.push_back(0);
              for (std::uint64_t a = 0; a <= tail.back(); ++a, ++index) {
                stop_if_interrupted();
                input.back() = a;
                rule.add(input, witness.levels.empty() ? 0u : witness.levels[index], options.count_correct, upper,
                         lower, sum);
              }
            });
        Interval total;
        if (witness.multipliers()) total = enclose(witness.label_multipliers[label]) * rule.totals[label];
        upper += total;
        // Room for the verifier's roundings, as in head_tail_sums.
        const Interval room = enclose(static_cast<double>(task.context) * 0x1p-43),
                       inputs = enclose(inputs_with_label(task, label));
        sum.label_terms = reference_label_terms(logits, shift, task, label);
        sum.loss = hull(upper_point(upper) + room * enclose(Integer(4)) * (inputs + total),
                        lower_point(lower) - room * enclose(Integer(2)) * inputs) +
                   sum.label_terms;
      },
      [&](std::size_t done) {
        if (options.progress) options.progress(static_cast<double>(done) / static_cast<double>(task.vocabulary));
      });
  return result;
}

} // namespace proofmark
