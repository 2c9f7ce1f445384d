#include "networks/training/factored.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark::networks {

std::deque<Factors> random_factors(const Stored& stored, Random& random) {
  std::deque<Factors> result;
  for (const NamedMap& map : stored.description.tokens) {
    const auto table = std::find_if(stored.tensors.begin(), stored.tensors.end(),
                                    [&](const StoredTensor& tensor) { return tensor.name == map.weight; });
    const auto rows = static_cast<Eigen::Index>(table->shape[0]), width = static_cast<Eigen::Index>(table->shape[1]);
    Factors factors{static_cast<std::size_t>(table - stored.tensors.begin()), Table<float>(rows, width),
                    Table<float>(width, width), Table<float>(rows, width), Table<float>(width, width)};
    for (Eigen::Index i = 0; i < rows * width; ++i) factors.embedding.data()[i] = static_cast<float>(random.normal());
    const float bound = 1 / std::sqrt(2 * static_cast<float>(width));
    for (Eigen::Index i = 0; i < width * width; ++i) factors.linear.data()[i] = (2 * random.uniform() - 1) * bound;
    result.push_back(std::move(factors));
  }
  return result;
}

void multiply(const Factors& factors, StoredTensor& table) {
  Eigen::Map<Table<float>> product(table.values.data(), factors.embedding.rows(), factors.linear.cols());
  set_product(product, factors.embedding, factors.linear);
}

void split_gradient(Factors& factors, const StoredTensor& table) {
  const Eigen::Map<const Table<float>> gradient(table.gradient.data(), factors.embedding.rows(), factors.linear.cols());
  set_product(factors.embedding_gradient, gradient, factors.linear.transpose());
  set_product(factors.linear_gradient, factors.embedding.transpose(), gradient);
}

} // namespace proofmark::networks
