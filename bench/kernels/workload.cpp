#include "workload.hpp"

#include <algorithm>
#include <random>

namespace kernels {

using namespace verifier::kernel;
using namespace verifier::rules;

namespace {

// Not std::normal_distribution, which each library draws in its own way.
std::vector<double> random_numbers(std::size_t count, double scale) {
  std::mt19937_64 random(count);
  std::vector<double> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = -6;
    for (int j = 0; j < 12; ++j) sum += static_cast<double>(random() >> 11) * 0x1p-53;
    numbers.push_back(static_cast<float>(scale * sum));
  }
  return numbers;
}

token_sum::Problem problem_of(Kernel& k, std::size_t V, std::size_t d) {
  const Weights E(k, {V, d}, random_numbers(V * d, 1)),
      W(k, {d, d}, random_numbers(d * d, 1.0 / static_cast<double>(d))), U(k, {d, V}, random_numbers(d * V, 5));
  return token_sum::prepare(k, {E, W, U}, 2, true, 1);
}

} // namespace

Data::Data(const Engine& engine, std::size_t vocabulary, std::size_t width)
    : V(vocabulary), k{engine, meter}, problem(problem_of(k, V, width)) {
  const std::size_t count = std::min(V, rows_of_a_batch);
  embedding.emplace(k, Shape{count, width}, random_numbers(count * width, 1));
  unembedding.emplace(k, Shape{width, V}, random_numbers(width * V, 5));
  L = verifier::kernel::rows(with(k, problem.L), 0, count), A = verifier::kernel::rows(with(k, problem.A), 0, count);
  for (Index row = 0; row < count; ++row)
    for (Index a = 0; a < V; ++a) firsts.push_back(a), rows.push_back(row);
  std::vector<Index> head;
  for (Index i = 0; i < 16; ++i) head.push_back(static_cast<Index>(i * V / 16));
  for (std::size_t i = 0; i < firsts.size(); ++i) heads.add(head);
}

} // namespace kernels
