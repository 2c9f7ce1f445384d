// The description of a model: names of tensors, how each is cut and laid out, and what is computed from them. Read as
// strictly as the verifier reads it, so that nothing is begun that it will refuse.
#pragma once

#include "networks/architecture.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark::networks {

enum class Layout { in_out, out_in, tokens_width, width_tokens, heads_in_head, heads_head_out };
std::string_view name(Layout); // "in,out"

struct Cut { // [from, to)
  std::uint64_t from = 0, to = 0;
  bool operator==(const Cut&) const = default;
};

// A stored tensor as a matrix that a row is multiplied with from the left.
struct NamedMap {
  std::string weight;
  Layout layout = Layout::in_out;
  std::optional<std::uint64_t> index; // first
  std::optional<Cut> rows, columns;   // then of the first dimension and of the last one; then the layout
  std::optional<std::string> bias;
  bool operator==(const NamedMap&) const = default;
};

struct Names {
  using Map = NamedMap;
  using Vector = std::string;
  using Table = std::string;
};

struct Description : Architecture<Names> {
  std::string text; // canonical JSON: no white space, keys in ascending order; what the digest of a model is of

  std::vector<std::string> tensors() const; // that it names, each once, in ascending order
};

// Where nobody has said yet what no tensor shows: "blocks[0].mlp.activation".
std::vector<std::string> open_places(const nlohmann::json&);

// Throws Error (data) that names `source` ("'FILE'", "the model's metadata"), the place in it, what was found and what is
// expected: unknown words and keys, missing or repeated keys, a '?' that nobody has filled in.
Description read_description(std::string_view json, const std::string& source);
Description read_description(const std::filesystem::path&);

} // namespace proofmark::networks
