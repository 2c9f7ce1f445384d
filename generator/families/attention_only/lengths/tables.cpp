// The tables of attention-only, on shapes, and its rules by name.
#include "families/attention_only/lengths/parts.hpp"

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

Rule rule(std::string_view name) {
  static const std::map<std::string_view, Rule> rules = {
      {"band@1", band},         {"cubic@1", cubic},           {"enumeration@1", enumeration},
      {"near-far@1", near_far}, {"placements@1", placements}, {"soft-near-far@1", soft_near_far},
      {"subcubic@1", subcubic}};
  return rules.at(name);
}

} // namespace proofmark::lengths::attention
