#include "families/described_model.hpp"
#include "families/families.hpp"
#include "models/tensors.hpp"
#include "networks/network.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

using namespace proofmark;
using networks::read_description;

namespace {

// Of two dimensions, or of three whose first is 1.
Tensor turned(const Tensor& tensor, const std::string& name) {
  const MatrixD values = exact_values(tensor).transpose();
  Tensor result{name, DType::float64, {}, {}};
  result.shape = {static_cast<std::uint64_t>(values.rows()), static_cast<std::uint64_t>(values.cols())};
  result.bytes.resize(8 * static_cast<std::size_t>(values.size()));
  std::memcpy(result.bytes.data(), values.data(), result.bytes.size());
  return result;
}

void check_same(const Model& own, const Model& described) {
  CHECK(described.family == own.family);
  CHECK(described.vocabulary == own.vocabulary);
  CHECK(described.width == own.width);
  CHECK(described.head_width == own.head_width);
  for (const Tensor& mine : own.tensors) CHECK(exact_values(tensor(described, mine.name)) == exact_values(mine));
}

} // namespace

TEST_CASE("a sum of tokens by other names and layouts is the family's, and stays its owner's") {
  const Model own = test::random_model(5, 3, 2, 1);
  SafetensorsFile file;
  file.tensors = {turned(tensor(own, "unembedding.weight"), "a"), turned(tensor(own, "embedding.weight"), "b"),
                  turned(tensor(own, "linear.weight"), "c"), turned(tensor(own, "linear.weight"), "unused")};
  const auto description = read_description(
      R"({"positions":3,"embedding":{"tokens":{"weight":"b","layout":"tokens,width"}},"blocks":[],"pool":"sum",)"
      R"("readout":[{"weight":"c","layout":"in,out"},{"weight":"a","layout":"in,out"}]})",
      "the test's description");
  const auto model = described_model(description, file);
  REQUIRE(model);
  check_same(own, *model);
  CHECK(model->context == 3);
  CHECK(model->tensors.size() == 3);
  CHECK(architecture_of(*model, 3) == description.text);
  CHECK(model_sha256(*model, 3) == model_sha256(description.text, {file.tensors[0], file.tensors[1], file.tensors[2]}));
  CHECK(family_described(description.text) == &token_sum_family);
}

TEST_CASE("so is one head of attention") {
  const Model own = test::random_transformer(6, 3, 4, 2, 1, 1);
  SafetensorsFile file;
  for (const Tensor& tensor : own.tensors) {
    const bool matrix = tensor.shape.size() == 3 || tensor.name == "unembed.W_U";
    file.tensors.push_back(matrix ? turned(tensor, "my." + tensor.name) : tensor);
  }
  const auto map = [](const std::string& letter) {
    return R"({"weight":"my.blocks.0.attn.W_)" + letter + R"(","layout":"out,in"})";
  };
  const auto description = read_description(
      R"({"positions":3,"embedding":{"tokens":{"weight":"embed.W_E","layout":"tokens,width"},"positions":"pos_embed.W_pos"},)"
      R"("blocks":[{"attention":{"heads":1,"mask":"none","scores":"scaled","query":)" +
          map("Q") + R"(,"key":)" + map("K") + R"(,"value":)" + map("V") + R"(,"output":)" + map("O") +
          R"(}}],"pool":"last","readout":[{"weight":"my.unembed.W_U","layout":"out,in"}]})",
      "the test's description");
  const auto model = described_model(description, file);
  REQUIRE(model);
  check_same(own, *model);
  CHECK(family_described(description.text) == &attention_only_family);
}

TEST_CASE("other functions are no family's") {
  const Model own = test::random_model(5, 3, 2, 1);
  const std::string
      before = R"({"positions":2,"embedding":{"tokens":{"weight":"embedding.weight","layout":"width,tokens"}},)"
               R"("blocks":[],"pool":")",
      maps = R"({"weight":"linear.weight","layout":"out,in"},)"
             R"({"weight":"unembedding.weight","layout":"out,in"}]})";
  SafetensorsFile file;
  file.tensors = own.tensors;
  CHECK(described_model(read_description(before + R"(sum","readout":[)" + maps, "it"), file));
  for (const std::string& after :
       {R"(mean","readout":[)" + maps, R"(last","readout":[)" + maps, R"(sum","readout":["relu",)" + maps}) {
    CHECK_FALSE(described_model(read_description(before + after, "it"), file));
    CHECK_FALSE(family_described(before + after));
  }
  CHECK_FALSE(family_described("no description"));
  // Fewer classes than tokens: of the shape, but the strategies are about as many.
  auto& unembedding = *std::find_if(file.tensors.begin(), file.tensors.end(),
                                    [](const Tensor& tensor) { return tensor.name == "unembedding.weight"; });
  unembedding.shape[0] = 4;
  unembedding.bytes.resize(4 * 3 * 8);
  CHECK_FALSE(described_model(read_description(before + R"(sum","readout":[)" + maps, "it"), file));
}
