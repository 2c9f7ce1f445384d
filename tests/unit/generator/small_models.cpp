#include "small_models.hpp"

#include <bit>
#include <cmath>

namespace proofmark::test {

namespace {

Tensor tensor(const std::string& name, std::uint64_t rows, std::uint64_t columns,
              const std::function<double(std::uint64_t, std::uint64_t)>& entry) {
  Tensor result{name, DType::float64, {rows, columns}, {}};
  for (std::uint64_t i = 0; i < rows; ++i)
    for (std::uint64_t j = 0; j < columns; ++j) {
      const auto bits = std::bit_cast<std::uint64_t>(entry(i, j));
      for (int byte = 0; byte < 8; ++byte) result.bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * byte)));
    }
  return result;
}

} // namespace

Model model(std::uint64_t V, std::uint64_t d, const std::function<double(int, std::uint64_t, std::uint64_t)>& entry) {
  const auto part = [&](int which) {
    return [&entry, which](std::uint64_t i, std::uint64_t j) { return entry(which, i, j); };
  };
  return token_sum_model({tensor("embedding.weight", d, V, part(0)), tensor("linear.weight", d, d, part(1)),
                          tensor("unembedding.weight", V, d, part(2))});
}

double uniform(std::mt19937_64& random, double size) {
  return size * (std::ldexp(static_cast<double>(random() >> 11), -52) - 1);
}

Model random_model(std::uint64_t V, std::uint64_t d, double size, unsigned seed) {
  std::mt19937_64 random(seed);
  return model(V, d, [&](int, std::uint64_t, std::uint64_t) { return uniform(random, size); });
}

Model peaked_model(std::uint64_t V, double height, unsigned seed) {
  std::mt19937_64 random(seed);
  return model(V, V, [&](int which, std::uint64_t i, std::uint64_t j) {
    if (which == 0) return i == j ? 1 + uniform(random, 0.01) : 0.0;
    if (which == 1) return i == j ? 1.0 : uniform(random, 0.001);
    const double distance = std::abs(static_cast<double>(i) - static_cast<double>(j));
    return height * (1 - (i < j ? 0.5 : 0.1) * distance / static_cast<double>(V)) + uniform(random, 0.1);
  });
}

namespace {

Model transformer(std::uint64_t V, std::uint64_t n, std::uint64_t d, std::uint64_t h,
                  const std::function<double(char, std::uint64_t, std::uint64_t)>& entry) {
  std::vector<Tensor> tensors;
  const auto add = [&](char letter, const std::string& name, std::uint64_t rows, std::uint64_t columns, bool of_head) {
    tensors.push_back(
        tensor(name, rows, columns, [&](std::uint64_t i, std::uint64_t j) { return entry(letter, i, j); }));
    if (of_head) tensors.back().shape.insert(tensors.back().shape.begin(), 1);
  };
  add('E', "embed.W_E", V, d, false);
  add('P', "pos_embed.W_pos", n, d, false);
  add('Q', "blocks.0.attn.W_Q", d, h, true);
  add('K', "blocks.0.attn.W_K", d, h, true);
  add('V', "blocks.0.attn.W_V", d, h, true);
  add('O', "blocks.0.attn.W_O", h, d, true);
  add('U', "unembed.W_U", d, V, false);
  return attention_only_model(std::move(tensors));
}

} // namespace

Model random_transformer(std::uint64_t V, std::uint64_t n, std::uint64_t d, std::uint64_t h, double size,
                         unsigned seed) {
  std::mt19937_64 random(seed);
  return transformer(V, n, d, h, [&](char, std::uint64_t, std::uint64_t) { return uniform(random, size); });
}

// Tokens are unit vectors, and a last coordinate is 1 in every token; the head's first coordinate carries the scores.
Model learnt_transformer(std::uint64_t V, std::uint64_t n, double slope, double height, double noise, unsigned seed) {
  std::mt19937_64 random(seed);
  const double root = std::sqrt(static_cast<double>(V + 1));
  return transformer(V, n, V + 1, V + 1, [&](char letter, std::uint64_t i, std::uint64_t j) {
    const double plain = letter == 'E'                    ? (i == j || j == V ? 1.0 : 0.0)
                         : letter == 'Q'                  ? (i == V && j == 0 ? root : 0.0)
                         : letter == 'K'                  ? (i < V && j == 0 ? slope * static_cast<double>(i) : 0.0)
                         : letter == 'O'                  ? (i == j ? height : 0.0)
                         : letter == 'V' || letter == 'U' ? (i == j ? 1.0 : 0.0)
                                                          : 0.0;
    return plain + uniform(random, noise);
  });
}

Proof proved(const Model& model, const ProofOptions& options) {
  return prove(model, plan(shape_of(model, context_of(model, options.context)), options));
}

} // namespace proofmark::test
