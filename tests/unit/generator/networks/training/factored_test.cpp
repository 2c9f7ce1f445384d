#include "networks/training/factored.hpp"

#include <doctest/doctest.h>

using namespace proofmark;
using namespace proofmark::networks;

namespace {

constexpr const char* description = R"({"positions": 2, "embedding": {"tokens": [
  {"weight": "left", "layout": "tokens,width"}, {"weight": "right", "layout": "tokens,width"}]},
  "blocks": [], "pool": "sum", "readout": [{"weight": "classes", "layout": "in,out"}]})";

} // namespace

// A sum of the table's entries, each times a number, is linear in each factor: differences are exact but for rounding.
TEST_CASE("gradients of tables that are products are those of their factors") {
  const Description read = read_description(description, "the test");
  Stored network = stored(read, blanks(read, {{3, 4}, 5, 0, 0, 2}));
  Random random(7);
  std::deque<Factors> factors = random_factors(network, random);
  REQUIRE(factors.size() == 2);
  CHECK(network.tensors[factors[0].tensor].name == "left");
  CHECK(network.tensors[factors[1].tensor].shape == std::vector<std::uint64_t>{4, 5});
  Factors& of_right = factors[1];
  StoredTensor& table = network.tensors[of_right.tensor];
  for (float& entry : table.gradient.reshaped()) entry = static_cast<float>(random.normal());
  split_gradient(of_right, table);
  const auto sum = [&] {
    multiply(of_right, table);
    return static_cast<double>(table.values.cwiseProduct(table.gradient).sum());
  };
  for (const auto& [weights, gradient] : {std::pair(&of_right.embedding, &of_right.embedding_gradient),
                                          std::pair(&of_right.linear, &of_right.linear_gradient)})
    for (Eigen::Index i = 0; i < weights->size(); ++i) {
      const double before = sum();
      weights->data()[i] += 0.5F;
      CHECK(2 * (sum() - before) == doctest::Approx(gradient->data()[i]).epsilon(1e-4).scale(1));
      weights->data()[i] -= 0.5F;
    }
}
