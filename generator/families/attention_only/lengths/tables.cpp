// The tables of attention-only, on shapes, and its rules by name.
#include "families/attention_only/lengths/parts.hpp"

#include "support/limits.hpp"

#include <map>

namespace proofmark::lengths::attention {

void prepare(Operations& payer, const Shape& shape) {
  const Integer V = shape.task.vocabulary, n = shape.task.context, d = shape.width, h = shape.head_width;
  const Tensor E = numbers(payer, V, d), P = numbers(payer, n, d), W_Q = numbers(payer, d, h),
               W_K = numbers(payer, d, h), W_V = numbers(payer, d, h), W_O = numbers(payer, h, d),
               U = numbers(payer, d, V);
  const Tensor X = sums(E), queries = product(X, W_Q), VOU = product(product(W_V, W_O), U);
  const Tensor EU = copied(product(X, U)), OV = copied(product(E, VOU));
  copied(product(P, VOU));
  inverse(root(numbers(payer, 1)));
  const auto scores = [&](const Tensor& of) {
    return products(copied(product(queries, transposed(product(of, W_K)))));
  };
  const Tensor A = scores(E), B = scores(P);
  const Tensor b = exp(B - copied(largest(B)));
  if (V > 1) largest_of_others(EU), largest_of_others(OV);
  largest(EU) - largest(EU); // the smallest
  largest_so_far(A);
  sums_of_any(columns(b, n - 1));
}

} // namespace proofmark::lengths::attention

namespace proofmark {

namespace {

using namespace lengths::attention;

Operations tables(const Shape& shape, std::span<const std::string_view>, const Hints&) {
  Operations count;
  prepare(count, shape);
  return count;
}

using OfLabel = void (*)(Operations& payer, const Task&, const Hints&, std::uint64_t m, bool correct);

Operations step(const Task& task, std::string_view rule, LabelRange labels, const Hints& hints, bool correct) {
  static const std::map<std::string_view, OfLabel> rules = {
      {"band@1", band},         {"cubic@1", cubic},           {"enumeration@1", enumeration},
      {"near-far@1", near_far}, {"placements@1", placements}, {"soft-near-far@1", soft_near_far},
      {"subcubic@1", subcubic}};
  const OfLabel of_label = rules.at(rule);
  Operations count;
  if (task.vocabulary == 1) return count; // the verifier knows all
  for (std::uint64_t m = labels.from; m < labels.to && count.length() <= limits::length; ++m)
    of_label(count, task, hints, m, correct);
  return count;
}

} // namespace

const DryRuns attention_only_lengths{.tables = tables, .step = step};

} // namespace proofmark
