#include "families/described_model.hpp"

#include "families/attention_only/model.hpp"
#include "families/families.hpp"
#include "families/token_sum/model.hpp"
#include "networks/model_shape.hpp"
#include "networks/network.hpp"
#include "support/error.hpp"
#include "support/limits.hpp"

#include <algorithm>
#include <cstring>

namespace proofmark {

namespace {

using networks::ModelShape;
using Map = networks::Matrices<double>::Map;

// Every element exactly; of three dimensions the first is that of the one head.
Tensor stored(const char* name, const MatrixD& values, bool by_head = false) {
  Tensor tensor{name, DType::float64, {}, {}};
  if (by_head) tensor.shape.push_back(1);
  tensor.shape.push_back(static_cast<std::uint64_t>(values.rows()));
  tensor.shape.push_back(static_cast<std::uint64_t>(values.cols()));
  tensor.bytes.resize(8 * static_cast<std::size_t>(values.size()));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

std::optional<Model> token_sum_of(const networks::Network& network) {
  const MatrixD& embedding = network.tokens[0].weight;
  const MatrixD &linear = std::get<Map>(network.readout[0]).weight,
                &unembedding = std::get<Map>(network.readout[1]).weight;
  if (linear.rows() != linear.cols() || unembedding.cols() != embedding.rows()) return {};
  return token_sum_model({stored(token_sum::embedding, embedding.transpose()),
                          stored(token_sum::linear, linear.transpose()),
                          stored(token_sum::unembedding, unembedding.transpose())});
}

std::optional<Model> attention_only_of(const networks::Network& network) {
  const auto& attention = *network.blocks[0].attention;
  const MatrixD &embedding = network.tokens[0].weight, &unembedding = std::get<Map>(network.readout[0]).weight;
  if (attention.query->weight.cols() != attention.value.weight.cols() || unembedding.cols() != embedding.rows() ||
      embedding.rows() > static_cast<Eigen::Index>(limits::attention_vocabulary))
    return {};
  return attention_only_model({stored(attention_only::embedding, embedding),
                               stored(attention_only::positions, network.position_table->table),
                               stored(attention_only::query, attention.query->weight, true),
                               stored(attention_only::key, attention.key->weight, true),
                               stored(attention_only::value, attention.value.weight, true),
                               stored(attention_only::output, attention.output.weight, true),
                               stored(attention_only::unembedding, unembedding)});
}

} // namespace

std::optional<networks::Description> stated_description(const SafetensorsFile& file,
                                                        const std::filesystem::path& architecture) {
  if (!architecture.empty()) return networks::read_description(architecture);
  const auto entry = file.metadata.find(architecture_key);
  if (entry == file.metadata.end()) return {};
  return networks::read_description(entry->second, "the description in the model's metadata");
}

networks::Description description_of(const SafetensorsFile& file, const std::filesystem::path& architecture,
                                     std::uint64_t positions) {
  if (auto stated = stated_description(file, architecture)) return *stated;
  const Model model = recognised(file);
  return networks::read_description(model.family->architecture(model.context.value_or(positions)),
                                    "the family's description");
}

const Family* family_described(const std::string& architecture) {
  try {
    switch (networks::shape_of(networks::read_description(architecture, "the description"))) {
    case ModelShape::token_sum:
      return &token_sum_family;
    case ModelShape::attention_only:
      return &attention_only_family;
    case ModelShape::other:
      break;
    }
  } catch (const Error&) { // what the verifier refuses, too
  }
  return nullptr;
}

std::optional<Model> described_model(const networks::Description& description, const SafetensorsFile& file) {
  const ModelShape shape = networks::shape_of(description);
  if (shape == ModelShape::other) return {};
  const networks::Network network = networks::network(description, file);
  std::optional<Model> model = shape == ModelShape::token_sum ? token_sum_of(network) : attention_only_of(network);
  if (!model) return {};
  model->canonical = std::move(model->tensors);
  model->tensors = file.tensors;
  const std::vector<std::string> used = description.tensors();
  std::erase_if(model->tensors,
                [&](const Tensor& tensor) { return !std::binary_search(used.begin(), used.end(), tensor.name); });
  model->architecture = description.text;
  model->context = description.positions;
  return model;
}

} // namespace proofmark
