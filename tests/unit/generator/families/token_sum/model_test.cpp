#include "families/families.hpp"
#include "families/token_sum/model.hpp"
#include "models/tensors.hpp"
#include "refusal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace proofmark;

namespace {

template <class Element>
Tensor tensor(const std::string& name, DType dtype, std::vector<std::uint64_t> shape,
              const std::vector<Element>& elements) {
  Tensor result{name, dtype, std::move(shape), std::vector<std::uint8_t>(elements.size() * sizeof(Element))};
  if (!elements.empty()) std::memcpy(result.bytes.data(), elements.data(), result.bytes.size());
  return result;
}

Tensor floats(const std::string& name, std::vector<std::uint64_t> shape, const std::vector<float>& elements) {
  return tensor(name, DType::float32, std::move(shape), elements);
}

// V = 2, d = 1
const Tensor embedding = floats("embedding.weight", {1, 2}, {1.5F, -2.0F});
const Tensor linear = floats("linear.weight", {1, 1}, {0.25F});
const Tensor unembedding = floats("unembedding.weight", {2, 1}, {3.0F, -0.0F});

} // namespace

TEST_CASE("a model has its sizes, its tensors in order of name and the digest of the format") {
  const Model model = token_sum_model({unembedding, embedding, linear});
  CHECK(model.vocabulary == 2);
  CHECK(model.width == 1);
  CHECK(model.tensors[0].name == "embedding.weight");
  CHECK(model.tensors[2].bytes == unembedding.bytes);
  // Computed from section 5 of schema/FORMAT.md by another program.
  CHECK(model_sha256(model, 2) == "deaa91eccfaa9e7ba7ab012cd4e85bff93bd563abe4f099489d46bc573a1107f");
}

TEST_CASE("a file says how many tokens an input has, or does not") {
  const auto file = [](const char* context) {
    return SafetensorsFile{{unembedding, embedding, linear}, {{"format", "pt"}, {context_key, context}}};
  };
  const Model silent = recognised({{unembedding, embedding, linear}, {{"format", "pt"}}});
  CHECK(silent.context == std::nullopt);
  CHECK(as_file(silent).metadata.empty());
  for (const char* const context : {"1", "3", "64"}) {
    const Model model = recognised(file(context));
    CHECK(std::to_string(model.context.value()) == context);
    CHECK(as_file(model).metadata == std::map<std::string, std::string>{{context_key, context}});
    CHECK(model_sha256(model, 3) == model_sha256(silent, 3));
  }
  for (const char* const context : {"", "0", "65", "03 ", "three", "+3", "18446744073709551619"}) {
    CAPTURE(context);
    const auto error = refusal([&] { recognised(file(context)); });
    REQUIRE(error);
    CHECK(error->exit == Exit::data);
    CHECK(std::string(error->what()).find("expected a number of tokens from 1 to 64") != std::string::npos);
  }
}

TEST_CASE("a bias of zeros is none") {
  const Model model = token_sum_model({embedding, linear, floats("linear.bias", {1}, {-0.0F}), unembedding});
  CHECK(model.tensors.size() == 3);
}

TEST_CASE("what is not a token-sum model is refused with exit 65") {
  const float infinity = std::numeric_limits<float>::infinity();
  struct Broken {
    std::vector<Tensor> tensors;
    std::string reason;
  };
  const Broken broken[] = {
      {{}, "no tensor 'embedding.weight', but no tensors"},
      {{embedding, linear}, "no tensor 'unembedding.weight', but 'embedding.weight' [1, 2], 'linear.weight' [1, 1]"},
      {{embedding, linear, unembedding, floats("linear.bias", {1}, {2})}, "the tensor 'linear.bias' of shape [1]"},
      {{embedding, linear, floats("unembedding.weight", {2}, {3, 0})}, "shape [2], expected [V, d]"},
      {{floats("embedding.weight", {1, 2, 1}, {3, 0}), linear, unembedding}, "shape [1, 2, 1], expected [d, V]"},
      {{embedding, floats("linear.weight", {}, {1}), unembedding}, "'linear.weight' has shape [], expected [d, d]"},
      {{embedding, linear, floats("unembedding.weight", {2, 0}, {})}, "shape [2, 0], expected [2, 1]"},
      {{embedding, linear, floats("unembedding.weight", {1, 2}, {3, 0})}, "'unembedding.weight' has shape [1, 2]"},
      {{embedding, linear, floats("unembedding.weight", {0, 1}, {})}, "shape [0, 1]"},
      {{embedding, linear, floats("unembedding.weight", {16385, 1}, std::vector<float>(16385))}, "V from 1 to 16384"},
      {{floats("embedding.weight", {4097, 1}, std::vector<float>(4097)), linear,
        floats("unembedding.weight", {1, 4097}, std::vector<float>(4097))},
       "d from 1 to 4096"},
      {{embedding, floats("linear.weight", {1, 2}, {1, 1}), unembedding}, "shape [1, 2], expected [1, 1]"},
      {{floats("embedding.weight", {2, 1}, {1, 1}), linear, unembedding}, "shape [2, 1], expected [1, 2]"},
      {{floats("embedding.weight", {1, 2}, {1, NAN}), linear, unembedding}, "'embedding.weight' is nan at [0, 1]"},
      {{embedding, linear, floats("unembedding.weight", {2, 1}, {1, -infinity})}, "is -inf at [1, 0]"},
  };
  for (const Broken& model : broken) {
    CAPTURE(model.reason);
    const auto error = refusal([&] { token_sum_model(model.tensors); });
    REQUIRE(error);
    CHECK(error->exit == Exit::data);
    CHECK_MESSAGE(std::string(error->what()).find(model.reason) != std::string::npos, error->what());
  }
}

TEST_CASE("elements of every type have their exact values") {
  using Words = std::vector<std::uint16_t>;
  const MatrixD half =
      exact_values(tensor("half", DType::float16, {2, 3}, Words{0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x8000}));
  CHECK(half.rows() == 2);
  CHECK(half(0, 0) == 1);
  CHECK(half(0, 1) == -2);
  CHECK(half(0, 2) == 0x1p-24);   // the smallest subnormal number
  CHECK(half(1, 0) == 0x3ffp-24); // the largest subnormal number
  CHECK(half(1, 1) == 65504);     // the largest number
  CHECK(half(1, 2) == 0);

  const MatrixD brain = exact_values(tensor("brain", DType::bfloat16, {1, 3}, Words{0x3f80, 0xbfc0, 0x0001}));
  CHECK(brain(0, 0) == 1);
  CHECK(brain(0, 1) == -1.5);
  CHECK(brain(0, 2) == 0x1p-133);

  const MatrixD single = exact_values(floats("single", {1, 2}, {0x1p-149F, 0.1F}));
  CHECK(single(0, 0) == 0x1p-149);
  CHECK(single(0, 1) == double{0.1F});
  CHECK(exact_values(tensor("double", DType::float64, {1, 1}, std::vector{0.1}))(0, 0) == 0.1);

  const Tensor odd_halves = tensor("linear.weight", DType::float16, {1, 1}, Words{0x7c00});
  CHECK_THROWS_AS(token_sum_model({embedding, odd_halves, unembedding}), Error); // infinity
}
