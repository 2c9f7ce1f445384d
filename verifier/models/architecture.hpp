// The description of a model (schema/FORMAT.md, section 5) as typed data, and its tensors under their owner's names.
#pragma once

#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  std::string text() const; // as JSON without white space and with sorted keys: what the digest is of
  bool operator==(const Architecture&) const = default;
};

// Fails with limit-context, architecture-unsupported, word-unknown, string-length.
Architecture read_architecture(const JsonView&);
// The name of a tensor; fails with string-length. `pointer` is where it stands.
void require_tensor_name(const std::string& name, const std::string& pointer);

struct Sizes {
  std::uint64_t tokens, width, classes; // rows of the embedding; its columns; columns of the last map
  bool operator==(const Sizes&) const = default;
};
// Every tensor that is named is there and fits, every one that is there is named, all numbers are finite; limits. Fails with
// tensor-missing, tensor-unused, tensor-shape, weight-not-finite, limit-vocabulary, limit-width. `pointer` is where the model
// is.
Sizes require_fitting(const Architecture&, const Tensors&, const std::string& pointer);

struct MatrixShape {
  std::uint64_t rows, columns;
  bool operator==(const MatrixShape&) const = default;
};
// Of a tensor that is read in a layout: nothing where it has another number of dimensions.
std::optional<MatrixShape> matrix_shape(const Tensor&, Layout);

std::string model_digest(const Architecture&, const Tensors&);

} // namespace verifier
