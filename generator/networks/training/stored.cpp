#include "networks/training/stored.hpp"

#include "networks/training/gradient.hpp"
#include "networks/training/weights.hpp"

#include <algorithm>
#include <cstring>

namespace proofmark::networks {

namespace {

// Whose elements are their own indices: doubles hold them exactly.
Tensor numbered(const StoredTensor& stored) {
  Tensor tensor{stored.name, DType::float64, stored.shape, {}};
  std::vector<double> indices(static_cast<std::size_t>(stored.values.size()));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<double>(i);
  tensor.bytes.resize(indices.size() * sizeof(double));
  std::memcpy(tensor.bytes.data(), indices.data(), tensor.bytes.size());
  return tensor;
}

// The tensor of each array of weights.
std::vector<std::string> names(const Description& description) {
  std::vector<std::string> result;
  for_each_weight(description, [&](const auto& weight) {
    if constexpr (requires { weight.layout; }) {
      result.push_back(weight.weight);
      if (weight.bias) result.push_back(*weight.bias);
    } else {
      result.push_back(weight);
    }
  });
  return result;
}

std::vector<Stored::Place> places(const Stored& stored, Weights<double>& elements) {
  const std::vector<std::string> names_of = names(stored.description);
  const auto arrays_of = arrays(elements);
  std::vector<Stored::Place> result;
  for (std::size_t i = 0; i < arrays_of.size(); ++i) {
    const auto tensor = std::find_if(stored.tensors.begin(), stored.tensors.end(),
                                     [&](const StoredTensor& t) { return t.name == names_of[i]; });
    result.push_back(
        {static_cast<std::size_t>(tensor - stored.tensors.begin()), {arrays_of[i].begin(), arrays_of[i].end()}});
  }
  return result;
}

struct Narrowed { // the same values in float32
  Matrices<float>::Map operator()(const Matrices<double>::Map& map) const {
    Matrices<float>::Map result{map.weight.cast<float>(), {}};
    if (map.bias) result.bias = map.bias->cast<float>();
    return result;
  }
  Matrices<float>::Table operator()(const Matrices<double>::Table& table) const { return table.cast<float>(); }
  Matrices<float>::Vector operator()(const Matrices<double>::Vector& vector) const { return vector.cast<float>(); }
};

} // namespace

Stored stored(const Description& description, const std::map<std::string, Blank>& blanks) {
  Stored result{description, {}, {}, {}, {}};
  std::vector<Tensor> numbers;
  for (const auto& [name, blank] : blanks) {
    Eigen::Index size = 1;
    for (const std::uint64_t dimension : blank.shape) size *= static_cast<Eigen::Index>(dimension);
    result.tensors.push_back({name, blank.shape, blank.start == Blank::Start::zeros, Table<float>::Zero(1, size),
                              Table<float>::Zero(1, size)});
    numbers.push_back(numbered(result.tensors.back()));
  }
  Network elements = network(description, numbers);
  result.places = places(result, elements);
  result.weights = with_weights<Matrices<float>>(elements, Narrowed());
  result.gradient = result.weights;
  load_weights(result);
  return result;
}

void load_weights(Stored& stored) {
  const auto into = arrays(stored.weights);
  for (std::size_t i = 0; i < into.size(); ++i) {
    const Stored::Place& place = stored.places[i];
    const float* values = stored.tensors[place.tensor].values.data();
    for (std::size_t k = 0; k < into[i].size(); ++k) into[i][k] = values[place.elements[k]];
  }
}

void store_gradient(Stored& stored) {
  for (StoredTensor& tensor : stored.tensors) tensor.gradient.setZero();
  const auto from = arrays(stored.gradient);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Stored::Place& place = stored.places[i];
    float* gradient = stored.tensors[place.tensor].gradient.data();
    for (std::size_t k = 0; k < from[i].size(); ++k) gradient[place.elements[k]] += from[i][k];
  }
}

std::vector<Tensor> tensors(const Stored& stored) {
  std::vector<Tensor> result;
  for (const StoredTensor& tensor : stored.tensors)
    result.push_back(float32_tensor(tensor.name, tensor.values, tensor.shape));
  return result;
}

} // namespace proofmark::networks
