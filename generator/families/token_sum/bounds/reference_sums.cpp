#include "families/token_sum/bounds/reference_sums.hpp"

#include "models/tensors.hpp"
#include "numbers/elementary.hpp"
#include "strategies/ledger.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace proofmark {

namespace {

using Tokens = std::vector<std::uint64_t>;

// X Yᵀ for X [r x m] and Y [c x m], all row-major
std::vector<Interval> product_with_transpose(const std::vector<Interval>& x, const std::vector<Interval>& y,
                                             std::uint64_t inner, unsigned threads) {
  const std::uint64_t rows = x.size() / inner, columns = y.size() / inner;
  std::vector<Interval> result(rows * columns);
  for_each_piece(rows, threads, [&](std::size_t i) {
    for (std::uint64_t k = 0; k < columns; ++k)
      for (std::uint64_t j = 0; j < inner; ++j) result[i * columns + k] += x[i * inner + j] * y[k * inner + j];
  });
  return result;
}

std::vector<Interval> enclosed(const MatrixD& x) {
  std::vector<Interval> result;
  for (Eigen::Index i = 0; i < x.size(); ++i) result.push_back(enclose(x.data()[i])); // row-major, exact
  return result;
}

// ln sum_k exp(u_k) - u_label, for logits u  [V]
Interval loss(std::span<const Interval> logits, std::uint64_t label) {
  Interval top = logits[0];
  for (const Interval& u : logits) top = max(top, u);
  // Any number does; with this one no exponential overflows, however wide the logits are.
  top = upper_point(top);

  // exp(-300) < 2^-432 stands for every smaller term: they would only slow us down.
  const Interval negligible = -enclose(300.0), little = hull(enclose(0.0), exp(negligible));
  Interval total;
  for (const Interval& u : logits) total += certainly_less(u - top, negligible) ? little : exp(u - top);
  return max(enclose(0.0), log(total) + top - logits[label]); // never negative
}

// The inputs of one label.
struct Inputs {
  const std::vector<Interval>& logits;
  std::uint64_t vocabulary;
  const LabelSumOptions& options;
  Interval room; // in nats, for the verifier's enclosures of both sides of a comparison
  LabelSum& result;

  // Visits sorted inputs t_n >= t_(n-1) >= .. >= t_1; the first token is the label.
  void visit(Tokens& input, std::uint64_t n) {
    if (input.size() == n) return add(input);
    for (std::uint64_t token = 0; token <= input.back(); ++token) {
      input.push_back(token);
      visit(input, n);
      input.pop_back();
    }
  }

  void add(const Tokens& input) {
    const std::uint64_t label = input.front(), V = vocabulary;
    std::vector<Interval> sums(V);
    for (const std::uint64_t token : input)
      for (std::uint64_t k = 0; k < V; ++k) sums[k] += logits[token * V + k];
    result.loss += enclose(orderings(input)) * loss(sums, label);
    if (options.count_correct) count(sums, label, orderings(input));
    if (options.margin && V > 1)
      result.margin = std::min(result.margin.value_or(std::numeric_limits<double>::infinity()), margin(sums, label));
  }

  void count(const std::vector<Interval>& sums, std::uint64_t label, const Integer& inputs) {
    bool correct = true, incorrect = false;
    for (std::uint64_t k = 0; k < vocabulary; ++k) {
      if (k == label) continue;
      correct = correct && certainly_less(sums[k] + room, sums[label]);
      incorrect = incorrect || certainly_less(sums[label] + room, sums[k]);
    }
    result.correct += correct ? inputs : Integer(0);
    result.undecided += correct || incorrect ? Integer(0) : inputs;
  }

  double margin(const std::vector<Interval>& sums, std::uint64_t label) const {
    double least = std::numeric_limits<double>::infinity();
    for (std::uint64_t k = 0; k < vocabulary; ++k)
      if (k != label) least = std::min(least, lower_double(sums[label] - sums[k] - room));
    return least;
  }
};

// Labels one by one; one of them costs about as much as label^(order - 1).
std::vector<LabelSum> for_each_label(std::uint64_t V, std::uint64_t order, const LabelSumOptions& options,
                                     const std::function<void(std::uint64_t, LabelSum&)>& work) {
  std::vector<LabelSum> result(V);
  const auto report = [&](std::size_t done) {
    if (options.progress)
      options.progress(1 - elementary::power(1 - static_cast<double>(done) / static_cast<double>(V), order));
  };
  for_each_piece(
      V, options.threads, [&](std::size_t label) { work(label, result[label]); }, report);
  return result;
}

} // namespace

std::vector<Interval> reference_logits(const Model& model, unsigned threads) {
  const std::uint64_t d = model.width;
  const std::vector<Interval> embedding =
      enclosed(exact_values(tensor(model, token_sum::embedding)).transpose()); // [V x d]
  const std::vector<Interval> p =
      product_with_transpose(embedding, enclosed(exact_values(tensor(model, token_sum::linear))), d, threads);
  return product_with_transpose(p, enclosed(exact_values(tensor(model, token_sum::unembedding))), d, threads);
}

std::vector<Interval> reference_shifts(const std::vector<Interval>& logits, std::uint64_t V) {
  std::vector<Interval> result;
  for (std::uint64_t a = 0; a < V; ++a) {
    Interval top = logits[a * V];
    for (std::uint64_t k = 0; k < V; ++k) top = max(top, logits[a * V + k]);
    result.push_back(top);
  }
  return result;
}

Interval reference_label_terms(const std::vector<Interval>& logits, const std::vector<Interval>& shift,
                               const Task& task, std::uint64_t label) {
  const std::uint64_t V = task.vocabulary, n = task.context;
  const Integer all = power(label + 1, n - 1);
  const Integer without_label = n == 1 ? Integer(1) : power(label, n - 1);
  Interval result;
  for (std::uint64_t a = 0; a < label; ++a)
    result += enclose(Integer(n * (all - without_label))) * (shift[a] - logits[a * V + label]);
  return result + enclose(Integer(n * all)) * (shift[label] - logits[label * V + label]);
}

std::vector<LabelSum> reference_sums(const std::vector<Interval>& logits, const Task& task,
                                     const LabelSumOptions& options) {
  Interval largest;
  for (const Interval& logit : logits) largest = max(largest, max(logit, -logit));
  // verifier_logit_error, for both sides of a comparison of n logits each
  const Interval room =
      upper_point(enclose(Integer(2 * task.context)) * (enclose(0x1p-44) * largest + enclose(0x1p-46)));
  const std::vector<Interval> shift = reference_shifts(logits, task.vocabulary);
  return for_each_label(task.vocabulary, task.context, options, [&](std::uint64_t label, LabelSum& sum) {
    const auto known = options.ledger == nullptr ? std::nullopt : options.ledger->find(label);
    if (known) {
      sum = *known;
      return;
    }
    Tokens input{label};
    Inputs{logits, task.vocabulary, options, room, sum}.visit(input, task.context);
    sum.label_terms = reference_label_terms(logits, shift, task, label);
    if (options.ledger != nullptr) options.ledger->add(label, sum);
  });
}

std::vector<LabelSum> reference_mixture_sums(const std::vector<Interval>& logits, const Task& task,
                                             const LabelSumOptions& options) {
  const std::uint64_t V = task.vocabulary, n = task.context;
  const std::vector<Interval> shift = reference_shifts(logits, V);
  // the loss with label y of k tokens a and m tokens b, weighted
  const auto weighted_loss = [&](const Integer& weight, std::uint64_t a, std::uint64_t k, std::uint64_t b,
                                 std::uint64_t m, std::uint64_t y) {
    std::vector<Interval> sums(V);
    for (std::uint64_t c = 0; c < V; ++c)
      sums[c] = enclose(Integer(k)) * logits[a * V + c] + enclose(Integer(m)) * logits[b * V + c];
    return enclose(weight) * loss(sums, y);
  };
  return for_each_label(V, 2, options, [&](std::uint64_t y, LabelSum& sum) {
    sum.loss = weighted_loss(n == 2 ? y + 1 : 1, y, 0, y, n, y);
    if (n == 2) // theorem (i)
      for (std::uint64_t a = 0; a < y; ++a) sum.loss += weighted_loss(1, a, 2, y, 0, y);
    else // theorem (ii)
      for (std::uint64_t m = 1; m < n; ++m)
        for (std::uint64_t a = 0; a < y; ++a)
          sum.loss += weighted_loss(binomial(n, m) * power(y, n - m - 1), a, n - m, y, m, y);
    sum.label_terms = reference_label_terms(logits, shift, task, y);
  });
}

} // namespace proofmark
