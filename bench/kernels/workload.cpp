#include "workload.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace kernels {

using namespace verifier;
using namespace verifier::token_sum;

namespace {

constexpr long grid = 45;    // places of the logits' grid
constexpr double range = 40; // nats that a row of logits spreads over
constexpr int fraction_bits = 24;

double uniform(std::mt19937_64& random) { // in [0, 1); the library's distributions differ from library to library
  return std::ldexp(static_cast<double>(random() >> 11), -53);
}

std::vector<Dyadic> random_matrix(std::size_t count, std::size_t width, std::mt19937_64& random) {
  // Logits are sums of d² products of three numbers in [-scale, scale]: their variance is d² · scale⁶ / 27.
  const double d = static_cast<double>(width), scale = std::pow(25 * 27 / (d * d), 1.0 / 6);
  std::vector<Dyadic> numbers(count);
  for (Dyadic& number : numbers)
    number = {std::llround(std::ldexp((2 * uniform(random) - 1) * scale, fraction_bits)), -fraction_bits};
  return numbers;
}

Weights random_weights(std::size_t vocabulary, std::size_t width) {
  std::mt19937_64 random(vocabulary);
  auto embedding = random_matrix(vocabulary * width, width, random),
       linear = random_matrix(width * width, width, random),
       unembedding = random_matrix(vocabulary * width, width, random);
  return {vocabulary, width, std::move(embedding), std::move(linear), std::move(unembedding)};
}

std::vector<std::uint64_t> random_words(std::size_t count, std::mt19937_64& random) {
  std::vector<std::uint64_t> words(count);
  for (auto& word : words)
    word = pack((std::uint64_t{1} << 47) + (random() >> 17),
                static_cast<std::uint32_t>(uniform(random) * range / std::log(2)));
  return words;
}

PackedVector row_of(const std::vector<std::uint64_t>& words) {
  const auto [low, high] = std::minmax_element(words.begin(), words.end()); // the position is the upper part of a word
  return {words, position(*low), position(*high)};
}

} // namespace

Workload::Workload(Sizes given)
    : sizes(given), exponentials(static_cast<std::int64_t>(std::ldexp(range, grid)), grid),
      columns(given.reference_vocabulary), head(16) {
  start_rounding_on_this_thread();
  const std::size_t V = sizes.vocabulary, d = sizes.width;
  const Weights weights = random_weights(V, d);
  embedding = to_fixed(weights.embedding, V, d, bits_for(d)); // [d x V] read as [V x d]: numbers are numbers here
  unembedding = to_fixed(weights.unembedding, V, d, bits_for(d));
  exact = make_exact_tables(weights, 2, 1);
  reference = make_reference_tables(random_weights(sizes.reference_vocabulary, d), 2, 1);
  exact_rows = exact->rows();
  reference_rows = reference->rows();
  exact_rows->push(0);
  reference_rows->push(0);
  product = reference_rows->row(0, 1, 0, false).product;

  std::mt19937_64 random(1);
  steps.resize(V);
  for (auto& step : steps) step = static_cast<std::int64_t>(std::ldexp(uniform(random) * range, grid));
  left = random_words(V, random);
  right = random_words(V, random);
  out.resize(V);
  left_row = row_of(left);
  right_row = row_of(right);
  for (std::size_t a = 0; a < V; ++a) {
    std::rotate(left.begin(), left.begin() + 1, left.end());
    sums.push_back(inner_product(left_row, right_row, bins));
  }
  std::iota(columns.begin(), columns.end(), Column{0});
  for (std::size_t i = 0; i < head.size(); ++i) head[i] = static_cast<Column>(i * V / head.size());
}

} // namespace kernels
