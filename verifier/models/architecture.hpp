// The description of a model (schema/FORMAT.md, section 5) as typed data, and its tensors under their owner's names.
#pragma once

#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verifier {

enum class Layout { in_out, out_in, tokens_width, width_tokens, heads_in_head, heads_head_out };
std::string_view name(Layout); // "in,out"

struct Map { // a stored tensor as a matrix that a row is multiplied with from the left
  std::string weight;
  Layout layout;
  bool operator==(const Map&) const = default;
};

struct Attention {
  std::uint64_t heads;
  Map query, key, value, output;
  bool causal;
  bool operator==(const Attention&) const = default;
};

enum class Pool { last, sum };

struct Architecture {
  std::uint64_t positions; // n
  Map tokens;
  std::optional<std::string> position_tensor;
  std::vector<Attention> blocks;
  Pool pool;
  std::vector<Map> readout;
  std::string text; // the description, without white space and with sorted keys: what the digest is of
  bool operator==(const Architecture&) const = default;
};

Architecture read_architecture(const JsonView&);

using Tensors = std::map<std::string, Tensor>;

struct Sizes {
  std::uint64_t tokens, width, classes; // rows of the embedding; its columns; columns of the last map
};
// Every tensor that is named is there and fits, every one that is there is named, all numbers are finite; limits. Fails with
// tensor-missing, tensor-unused, tensor-shape, weight-not-finite, limit-*. `pointer` is where the model is.
Sizes require_fitting(const Architecture&, const Tensors&, const std::string& pointer);

std::string model_digest(const Architecture&, const Tensors&);

} // namespace verifier
