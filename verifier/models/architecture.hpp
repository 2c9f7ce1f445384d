// The description of a model (schema/FORMAT.md, section 5) as typed data: which tensors make which function. Nothing here looks at a
// tensor (fitting.hpp, matrices.hpp).
#pragma once

#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verifier {

enum class Layout { in_out, out_in, tokens_width, width_tokens, heads_in_head, heads_head_out };
std::string_view name(Layout); // "in,out"

struct Range {
  std::uint64_t from, to; // from .. to-1
  bool operator==(const Range&) const = default;
};

struct Map { // a stored tensor as a matrix that a row is multiplied with from the left, and perhaps a bias
  std::string weight;
  Layout layout;
  std::optional<std::uint64_t> index = {};      // of a stack
  std::optional<Range> rows = {}, columns = {}; // of the first and the last dimension
  std::optional<std::string> bias = {};
  bool is_cut() const { return index || rows || columns; }
  bool operator==(const Map&) const = default;
};

struct Decimal {
  std::uint64_t digits; // the number is digits / 10^places
  unsigned places;
  std::string text; // as written
};

struct Norm {
  bool subtracts_mean; // "layer"; else "rms"
  Decimal eps;
  std::optional<std::string> weight, bias;
};

enum class Activation { relu, gelu, gelu_tanh, silu, tanh };
std::string_view name(Activation); // "gelu-tanh"

enum class Scores { scaled, unscaled, uniform, factor };

struct Attention {
  std::optional<Norm> norm = {};
  std::uint64_t heads = 1;
  std::optional<Map> query = {}, key = {}; // absent where scores are uniform
  Map value, output;
  bool causal = true;
  Scores scores = Scores::scaled;
  std::optional<Decimal> factor = {};
};

struct Mlp {
  std::optional<Norm> norm = {};
  Map in;
  Activation activation;
  Map out;
};

struct Block { // one part or both
  std::optional<Attention> attention = {};
  std::optional<Mlp> mlp = {};
  bool norm_follows = false;    // order "post"
  bool mlp_reads_input = false; // reads "block-input"
};

struct PositionTable {
  std::string tensor;
  bool to_scores = false;
};

enum class Pool { last, sum, mean, position };

using ReadoutPart = std::variant<Map, Norm, Activation>;

struct Architecture {
  std::uint64_t positions; // n
  std::vector<Map> tokens; // one, or one a position
  std::optional<PositionTable> position_table = {};
  std::vector<Block> blocks = {};
  std::optional<Norm> norm = {};
  Pool pool = Pool::last;
  std::uint64_t pooled_position = 0; // of Pool::position
  std::vector<ReadoutPart> readout = {};
  Json json = {};        // as it was read
  std::string text = {}; // the same without white space and with sorted keys: what the digest is of
};

std::set<std::string> tensor_names(const Architecture&); // all that it names
bool has_norm_without_eps(const Architecture&);          // which a constant row leaves without a value

// Fails with limit-context, architecture-unsupported, word-unknown, number-grammar, string-length.
Architecture read_architecture(const JsonView&);
// The name of a tensor; fails with string-length. `pointer` is where it stands.
void require_tensor_name(const std::string& name, const std::string& pointer);

std::string model_digest(const Architecture&, const Tensors&);

} // namespace verifier
