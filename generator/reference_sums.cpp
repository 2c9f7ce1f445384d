#include "reference_sums.hpp"

#include "parallel.hpp"

#include <algorithm>
#include <cmath>

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
      for (std::uint64_t j = 0; j < inner; ++j)
        result[i * columns + k] += x[i * inner + j] * y[k * inner + j];
  });
  return result;
}

std::vector<Interval> enclosed(const MatrixD& x) {
  std::vector<Interval> result;
  for (Eigen::Index i = 0; i < x.size(); ++i)
    result.push_back(enclose(x.data()[i])); // row-major, exact
  return result;
}

// The inputs of one label.
struct Inputs {
  const std::vector<Interval>& logits;
  std::uint64_t vocabulary;
  const LabelSumOptions& options;
  Interval margin; // in nats, for the verifier's enclosures of both sides of a comparison
  LabelSum& result;

  // Visits sorted inputs t_n >= t_(n-1) >= .. >= t_1; the first token is the label.
  void visit(Tokens& input, std::uint64_t n) {
    if (input.size() == n)
      return add(input);
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
      for (std::uint64_t k = 0; k < V; ++k)
        sums[k] += logits[token * V + k];
    Interval top = sums[0];
    for (const Interval& u : sums)
      top = max(top, u);
    top = upper_point(
        top); // any number does; with this one no exponential overflows, however wide the logits are

    // exp(-300) < 2^-432 stands for every smaller term: they would only slow us down.
    const Interval negligible = -enclose(300.0), little = hull(enclose(0.0), exp(negligible));
    Interval total;
    for (const Interval& u : sums)
      total += certainly_less(u - top, negligible) ? little : exp(u - top);
    const Interval weight = enclose(orderings(input));
    const Interval never_negative = max(enclose(0.0), log(total) + top - sums[label]);
    result.loss += weight * never_negative;
    if (options.count_correct)
      count(sums, label, orderings(input));
  }

  void count(const std::vector<Interval>& sums, std::uint64_t label, const Integer& inputs) {
    bool correct = true, incorrect = false;
    for (std::uint64_t k = 0; k < vocabulary; ++k) {
      if (k == label)
        continue;
      correct = correct && certainly_less(sums[k] + margin, sums[label]);
      incorrect = incorrect || certainly_less(sums[label] + margin, sums[k]);
    }
    result.correct += correct ? inputs : Integer(0);
    result.undecided += correct || incorrect ? Integer(0) : inputs;
  }
};

} // namespace

std::vector<Interval> reference_logits(const TokenSumModel& model, unsigned threads) {
  const std::uint64_t d = model.width;
  const std::vector<Interval> embedding = enclosed(exact_values(model.embedding).transpose()); // [V x d]
  const std::vector<Interval> p =
      product_with_transpose(embedding, enclosed(exact_values(model.linear)), d, threads);
  return product_with_transpose(p, enclosed(exact_values(model.unembedding)), d, threads);
}

std::vector<LabelSum> reference_sums(const std::vector<Interval>& logits, const Task& task,
                                     const LabelSumOptions& options) {
  const std::uint64_t V = task.vocabulary, n = task.context;
  Interval largest;
  std::vector<Interval> shift;
  for (std::uint64_t a = 0; a < V; ++a) {
    Interval top = logits[a * V];
    for (std::uint64_t k = 0; k < V; ++k) {
      top = max(top, logits[a * V + k]);
      largest = max(largest, max(logits[a * V + k], -logits[a * V + k]));
    }
    shift.push_back(top);
  }
  // verifier_logit_error, for both sides of a comparison of n logits each
  const Interval margin = enclose(Integer(2 * n)) * (enclose(0x1p-44) * largest + enclose(0x1p-46));

  std::vector<LabelSum> result(V);
  const auto run = [&](std::size_t label) {
    LabelSum& sum = result[label];
    Tokens input{label};
    Inputs{logits, V, options, upper_point(margin), sum}.visit(input, n);
    // The label terms of docs/rules/enumeration.md; here they only say how large the numbers are that cancel.
    const Integer all = power(label + 1, n - 1);
    const Integer without_label = n == 1 ? Integer(1) : power(label, n - 1);
    for (std::uint64_t a = 0; a < label; ++a)
      sum.label_terms += enclose(Integer(n * (all - without_label))) * (shift[a] - logits[a * V + label]);
    sum.label_terms += enclose(Integer(n * all)) * (shift[label] - logits[label * V + label]);
  };
  const auto report = [&](std::size_t done) {
    if (options.progress)
      options.progress(
          1 - std::pow(1 - static_cast<double>(done) / static_cast<double>(V), static_cast<double>(n)));
  };
  for_each_piece(V, options.threads, run, report);
  return result;
}

} // namespace proofmark
