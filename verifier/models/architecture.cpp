// Descriptions are read: every key that stands there is looked at, since the digest is of all of them.
#include "models/architecture.hpp"

#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace verifier {
namespace {

constexpr std::array layouts = {std::pair{Layout::in_out, "in,out"},
                                std::pair{Layout::out_in, "out,in"},
                                std::pair{Layout::tokens_width, "tokens,width"},
                                std::pair{Layout::width_tokens, "width,tokens"},
                                std::pair{Layout::heads_in_head, "heads,in,head"},
                                std::pair{Layout::heads_head_out, "heads,head,out"}};
constexpr std::array token_layouts = {Layout::tokens_width, Layout::width_tokens};
constexpr std::array map_layouts = {Layout::in_out, Layout::out_in, Layout::heads_in_head, Layout::heads_head_out};

constexpr std::array<std::string_view, 5> activations = {"relu", "gelu", "gelu-tanh", "silu", "tanh"}; // as they count

std::string read_tensor_name(const JsonView& json) {
  require_tensor_name(json.text(), json.pointer());
  return json.text();
}

// What stands under a key, if it does.
template <class Read>
auto optional(const JsonView& json, std::string_view key, Read read) -> std::optional<decltype(read(json))> {
  if (!json.has(key)) return std::nullopt;
  return read(json.at(key));
}

void require_absent(const JsonView& json, std::string_view key, const std::string& why) {
  if (json.has(key)) fail(reason::key_unknown, json.at(key).pointer(), "no \"" + std::string(key) + "\" " + why);
}

// Which of the words stands there.
std::size_t read_word(const JsonView& json, std::span<const std::string_view> words) {
  const auto found = std::ranges::find(words, std::string_view(json.text()));
  std::string expected;
  for (const std::string_view word : words) expected += (expected.empty() ? "" : " or ") + std::string(word);
  require(found != words.end(), reason::word_unknown, json.pointer(), expected, shown(json.text()));
  return static_cast<std::size_t>(found - words.begin());
}
std::size_t read_word(const JsonView& json, std::initializer_list<std::string_view> words) {
  return read_word(json, std::span(words.begin(), words.size()));
}

Range read_range(const JsonView& json) {
  const auto ends = json.array_of(2);
  return {ends[0].unsigned_integer(), ends[1].unsigned_integer()};
}

Map read_map(const JsonView& json, std::span<const Layout> known) {
  std::vector<std::string_view> names;
  for (const Layout layout : known) names.push_back(name(layout));
  const Layout layout = known[read_word(json.at("layout"), names)];
  return {.weight = read_tensor_name(json.at("weight")),
          .layout = layout,
          .index = optional(json, "index", [](const JsonView& x) { return x.unsigned_integer(); }),
          .rows = optional(json, "rows", read_range),
          .columns = optional(json, "columns", read_range),
          .bias = optional(json, "bias", read_tensor_name)};
}
Map read_map(const JsonView& json) {
  return read_map(json, map_layouts);
}

Decimal read_decimal(const JsonView& json) {
  const auto [digits, places] = parse_scientific(json.text(), json.pointer());
  return {digits, places, json.text()};
}

Norm read_norm(const JsonView& json) {
  const bool is_layer = json.has_first_of("layer", "rms");
  const JsonView norm = json.at(is_layer ? "layer" : "rms");
  return {is_layer, read_decimal(norm.at("eps")), optional(norm, "weight", read_tensor_name),
          optional(norm, "bias", read_tensor_name)};
}

Activation read_activation(const JsonView& json) {
  return static_cast<Activation>(read_word(json, activations));
}

void read_scores(const JsonView& json, Attention& attention) {
  if (json.is_string()) {
    attention.scores = static_cast<Scores>(read_word(json, {"scaled", "unscaled", "uniform"}));
    return;
  }
  const JsonView factor = json.at("factor");
  attention.scores = Scores::factor;
  attention.factor = read_decimal(factor);
  require(attention.factor->digits > 0, reason::number_grammar, factor.pointer(), "a factor above 0", "0");
}

Attention read_attention(const JsonView& json) {
  Attention attention{.norm = optional(json, "norm", read_norm),
                      .heads = json.at("heads").unsigned_integer(),
                      .value = read_map(json.at("value")),
                      .output = read_map(json.at("output")),
                      .causal = read_word(json.at("mask"), {"causal", "none"}) == 0};
  read_scores(json.at("scores"), attention);
  if (attention.scores == Scores::uniform) {
    for (const char* key : {"query", "key"}) require_absent(json, key, "where scores are uniform");
  } else {
    attention.query = read_map(json.at("query"));
    attention.key = read_map(json.at("key"));
  }
  return attention;
}

Mlp read_mlp(const JsonView& json) {
  return {optional(json, "norm", read_norm), read_map(json.at("in")), read_activation(json.at("activation")),
          read_map(json.at("out"))};
}

Block read_block(const JsonView& json) {
  Block block{.attention = optional(json, "attention", read_attention), .mlp = optional(json, "mlp", read_mlp)};
  require(block.attention || block.mlp, reason::key_missing, json.pointer(), "the key attention or mlp", "none");
  if (json.has("order")) block.norm_follows = read_word(json.at("order"), {"pre", "post"}) == 1;
  if (json.has("reads")) {
    if (block.norm_follows) require_absent(json, "reads", "where norms follow");
    read_word(json.at("reads"), {"block-input"});
    block.mlp_reads_input = true;
  }
  return block;
}

PositionTable read_positions(const JsonView& json) {
  if (json.is_string()) return {read_tensor_name(json)};
  return {read_tensor_name(json.at("tensor")), read_word(json.at("to"), {"residual", "scores"}) == 1};
}

ReadoutPart read_part(const JsonView& json) {
  if (json.is_string()) return read_activation(json);
  if (!json.has("layer") && !json.has("rms")) return read_map(json);
  for (const char* key : {"weight", "layout", "index", "rows", "columns", "bias"})
    require_absent(json, key, "beside a norm");
  return read_norm(json);
}

std::vector<Map> read_tokens(const JsonView& json, std::uint64_t positions) {
  if (!json.is_array()) return {read_map(json, token_layouts)};
  std::vector<Map> maps;
  for (const JsonView& map : json.array_of(positions)) maps.push_back(read_map(map, token_layouts));
  return maps;
}

void read_pool(const JsonView& json, Architecture& architecture) {
  if (json.is_string()) {
    architecture.pool = static_cast<Pool>(read_word(json, {"last", "sum", "mean"}));
    return;
  }
  const JsonView position = json.at("position");
  architecture.pool = Pool::position;
  architecture.pooled_position = position.unsigned_integer();
  require(architecture.pooled_position < architecture.positions, reason::architecture_unsupported, position.pointer(),
          "a position below " + std::to_string(architecture.positions), std::to_string(architecture.pooled_position));
}

} // namespace

std::string_view name(Layout layout) {
  return std::ranges::find(layouts, layout, [](const auto& row) { return row.first; })->second;
}
std::string_view name(Activation activation) {
  return activations.at(static_cast<std::size_t>(activation));
}

void require_tensor_name(const std::string& name, const std::string& pointer) {
  require(!name.empty() && name.size() <= limits::tensor_name, reason::string_length, pointer,
          "the name of a tensor, of 1 to " + std::to_string(limits::tensor_name) + " characters",
          std::to_string(name.size()));
}

Architecture read_architecture(const JsonView& json) {
  Architecture architecture{.positions = json.at("positions").unsigned_integer(), .tokens = {}};
  require(architecture.positions >= 1 && architecture.positions <= limits::context, reason::limit_context,
          json.at("positions").pointer(), "1 to " + std::to_string(limits::context),
          std::to_string(architecture.positions));
  const JsonView embedding = json.at("embedding"), readout = json.at("readout");
  architecture.tokens = read_tokens(embedding.at("tokens"), architecture.positions);
  architecture.position_table = optional(embedding, "positions", read_positions);
  for (const JsonView& block : json.at("blocks").array()) architecture.blocks.push_back(read_block(block));
  architecture.norm = optional(json, "norm", read_norm);
  read_pool(json.at("pool"), architecture);
  for (const JsonView& part : readout.array()) architecture.readout.push_back(read_part(part));
  require(std::ranges::any_of(architecture.readout, [](const ReadoutPart& part) { return part.index() == 0; }),
          reason::architecture_unsupported, readout.pointer(), "a map among the parts of the readout", "none");
  architecture.json = json.json();
  architecture.text = json.canonical_text();
  return architecture;
}

std::set<std::string> tensor_names(const Architecture& architecture) {
  std::set<std::string> names;
  const auto add_name = [&](const std::optional<std::string>& name) {
    if (name) names.insert(*name);
  };
  const auto add_map = [&](const Map& map) { names.insert(map.weight), add_name(map.bias); };
  const auto add_norm = [&](const std::optional<Norm>& norm) {
    if (norm) add_name(norm->weight), add_name(norm->bias);
  };
  for (const Map& map : architecture.tokens) add_map(map);
  if (architecture.position_table) names.insert(architecture.position_table->tensor);
  for (const Block& block : architecture.blocks) {
    if (const auto& a = block.attention) {
      add_norm(a->norm);
      if (a->query) add_map(*a->query), add_map(*a->key);
      add_map(a->value), add_map(a->output);
    }
    if (const auto& m = block.mlp) add_norm(m->norm), add_map(m->in), add_map(m->out);
  }
  add_norm(architecture.norm);
  for (const ReadoutPart& part : architecture.readout) {
    if (const auto* map = std::get_if<Map>(&part)) add_map(*map);
    if (const auto* norm = std::get_if<Norm>(&part)) add_norm(*norm);
  }
  return names;
}

bool has_norm_without_eps(const Architecture& architecture) {
  const auto is_without = [](const std::optional<Norm>& norm) { return norm && norm->eps.digits == 0; };
  return is_without(architecture.norm) ||
         std::ranges::any_of(architecture.blocks,
                             [&](const Block& block) {
                               return (block.attention && is_without(block.attention->norm)) ||
                                      (block.mlp && is_without(block.mlp->norm));
                             }) ||
         std::ranges::any_of(architecture.readout, [&](const ReadoutPart& part) {
           const auto* norm = std::get_if<Norm>(&part);
           return norm != nullptr && is_without(*norm);
         });
}

std::string model_digest(const Architecture& architecture, const Tensors& tensors) {
  Sha256 hash;
  hash.update("proofmark-model 2\narchitecture " + architecture.text + "\n");
  for (const auto& [key, tensor] : tensors) {
    std::string line = tensor.name + " " + std::string(name(tensor.dtype)) + " ";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) line += (i == 0 ? "" : "x") + std::to_string(tensor.shape[i]);
    hash.update(line + "\n");
    hash.update(tensor.bytes);
  }
  return hash.hexadecimal();
}

} // namespace verifier
