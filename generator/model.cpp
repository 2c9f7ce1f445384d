#include "model.hpp"

namespace proofmark {

Model recognised(std::vector<Tensor> tensors) {
  if (looks_attention_only(tensors)) return attention_only_model(std::move(tensors));
  return token_sum_model(std::move(tensors));
}

Family family(const Model& model) {
  return std::holds_alternative<AttentionOnlyModel>(model) ? Family::attention_only : Family::token_sum;
}

std::uint64_t vocabulary(const Model& model) {
  return std::visit([](const auto& m) { return m.vocabulary; }, model);
}

std::vector<Tensor> tensors(const Model& model) {
  return std::visit([](const auto& m) { return tensors(m); }, model);
}

std::string model_sha256(const Model& model) {
  return std::visit([](const auto& m) { return model_sha256(m); }, model);
}

} // namespace proofmark
