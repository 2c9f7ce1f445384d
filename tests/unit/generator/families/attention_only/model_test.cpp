#include "families/attention_only/model.hpp"
#include "families/families.hpp"
#include "models/tensors.hpp"
#include "refusal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace proofmark;

namespace {

Tensor floats(const std::string& name, std::vector<std::uint64_t> shape, const std::vector<float>& elements) {
  Tensor result{name, DType::float32, std::move(shape), std::vector<std::uint8_t>(elements.size() * sizeof(float))};
  if (!elements.empty()) std::memcpy(result.bytes.data(), elements.data(), result.bytes.size());
  return result;
}

// n = 2, V = 3, d = 2, h = 1, and the biases that TransformerLens stores.
std::vector<Tensor> small() {
  return {floats("blocks.0.attn.W_K", {1, 2, 1}, {1, 2}),     floats("blocks.0.attn.W_O", {1, 1, 2}, {3, 4}),
          floats("blocks.0.attn.W_Q", {1, 2, 1}, {5, 6}),     floats("blocks.0.attn.W_V", {1, 2, 1}, {7, 8}),
          floats("blocks.0.attn.b_K", {1, 1}, {0}),           floats("blocks.0.attn.b_O", {2}, {0, -0.0F}),
          floats("embed.W_E", {3, 2}, {1, 2, 3, 4, 5, 6}),    floats("pos_embed.W_pos", {2, 2}, {0.5F, 0, -1, 2}),
          floats("unembed.W_U", {2, 3}, {1, 0, -1, 0, 1, 0}), floats("unembed.b_U", {3}, {0, 0, 0})};
}

// With one tensor replaced, added, or (no shape, no elements) taken away.
std::vector<Tensor> but(const std::string& name, std::vector<std::uint64_t> shape, const std::vector<float>& elements,
                        bool remove = false) {
  std::vector<Tensor> tensors = small();
  std::erase_if(tensors, [&](const Tensor& tensor) { return tensor.name == name; });
  if (!remove) tensors.push_back(floats(name, std::move(shape), elements));
  return tensors;
}

} // namespace

TEST_CASE("a transformer is recognised, has its sizes, its tensors in order of name, and no biases") {
  const Model model = recognised({small(), {}});
  REQUIRE(model.family == &attention_only_family);
  CHECK(model.context == 2);
  CHECK(model.vocabulary == 3);
  CHECK(model.width == 2);
  CHECK(model.head_width == 1);
  CHECK(exact_values(tensor(model, attention_only::key))(1, 0) == 2);
  CHECK(exact_values(tensor(model, attention_only::output))(0, 1) == 4);
  const std::vector<Tensor>& stored = model.tensors;
  REQUIRE(stored.size() == 7);
  for (std::size_t i = 0; i + 1 < stored.size(); ++i) CHECK(stored[i].name < stored[i + 1].name);
  std::vector<Tensor> without = small();
  std::erase_if(without, [](const Tensor& tensor) { return tensor.name.find(".b_") != std::string::npos; });
  CHECK(model_sha256(recognised({without, {}}), 2) == model_sha256(model, 2));
  CHECK(model_sha256(recognised({but("embed.W_E", {3, 2}, {1, 2, 3, 4, 5, 7}), {}}), 2) != model_sha256(model, 2));
}

TEST_CASE("what is not a transformer of the family is refused with exit 65") {
  struct Broken {
    std::vector<Tensor> tensors;
    std::string reason;
  };
  const Broken broken[] = {
      {but("embed.W_E", {}, {}, true), "it has no tensor 'embed.W_E', but 'blocks.0.attn.W_K' [1, 2, 1], "},
      {but("unembed.b_U", {3}, {0, 1, 0}), "the bias 'unembed.b_U' is 1 at element 1, expected zeros only"},
      {but("unembed.b_U", {3}, {0, NAN, 0}), "the bias 'unembed.b_U' is nan at element 1"},
      {but("blocks.0.mlp.W_in", {2, 2}, {0, 0, 0, 0}), "it has the tensor 'blocks.0.mlp.W_in' of shape [2, 2]"},
      {but("blocks.1.attn.W_Q", {1, 2, 1}, {0, 0}), "it has the tensor 'blocks.1.attn.W_Q'"},
      {but("ln_final.w", {2}, {1, 1}), "it has the tensor 'ln_final.w'"},
      {but("blocks.0.attn.W_Q", {2, 2, 1}, {1, 2, 3, 4}),
       "'blocks.0.attn.W_Q' has shape [2, 2, 1], expected [1, d, h]: one head"},
      {but("blocks.0.attn.W_Q", {2, 1}, {1, 2}), "'blocks.0.attn.W_Q' has shape [2, 1], expected [1, d, h]"},
      {but("embed.W_E", {6}, {1, 2, 3, 4, 5, 6}), "'embed.W_E' has shape [6], expected [V, d]"},
      {but("embed.W_E", {2, 3}, {1, 2, 3, 4, 5, 6}), "expected [2, 3] (n = 2, V = 2, d = 3, h = 1)"},
      {but("unembed.W_U", {3, 2}, {1, 0, -1, 0, 1, 0}), "'unembed.W_U' has shape [3, 2], expected [2, 3]"},
      {but("blocks.0.attn.W_K", {1, 2, 2}, {1, 2, 3, 4}),
       "'blocks.0.attn.W_K' has shape [1, 2, 2], expected [1, 2, 1]"},
      {but("blocks.0.attn.W_O", {1, 2, 1}, {1, 2}), "'blocks.0.attn.W_O' has shape [1, 2, 1], expected [1, 1, 2]"},
      {but("pos_embed.W_pos", {0, 2}, {}), "'pos_embed.W_pos' has shape [0, 2], expected n from 1 to 64"},
      {but("pos_embed.W_pos", {65, 2}, std::vector<float>(130)), "expected n from 1 to 64"},
      {but("pos_embed.W_pos", {2, 2}, {0, 1, 2, INFINITY}), "tensor 'pos_embed.W_pos' is inf at [1, 1]"},
      {but("blocks.0.attn.W_V", {1, 2, 1}, {0, -INFINITY}), "tensor 'blocks.0.attn.W_V' is -inf at [0, 1, 0]"},
  };
  for (const Broken& model : broken) {
    CAPTURE(model.reason);
    const auto error = refusal([&] { recognised({model.tensors, {}}); });
    REQUIRE(error);
    CHECK(error->exit == Exit::data);
    CHECK(!error->hint.empty());
    CHECK_MESSAGE(std::string(error->what()).find("this is not an attention-only model: ") == 0, error->what());
    CHECK_MESSAGE(std::string(error->what()).find(model.reason) != std::string::npos, error->what());
  }
}
