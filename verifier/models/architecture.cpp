#include "models/architecture.hpp"

#include "reading/limits.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

namespace verifier {
namespace {

// ---- reading ---------------------------------------------------------------------------------------------------------

constexpr std::array layouts = {std::pair{Layout::in_out, "in,out"},
                                std::pair{Layout::out_in, "out,in"},
                                std::pair{Layout::tokens_width, "tokens,width"},
                                std::pair{Layout::width_tokens, "width,tokens"},
                                std::pair{Layout::heads_in_head, "heads,in,head"},
                                std::pair{Layout::heads_head_out, "heads,head,out"}};
constexpr std::array token_layouts = {Layout::tokens_width, Layout::width_tokens};
constexpr std::array map_layouts = {Layout::in_out, Layout::out_in, Layout::heads_in_head, Layout::heads_head_out};

std::string read_tensor_name(const JsonView& json) {
  require_tensor_name(json.text(), json.pointer());
  return json.text();
}

Map read_map(const JsonView& json, std::span<const Layout> known) {
  const JsonView layout = json.at("layout");
  std::string expected;
  for (const Layout candidate : known) {
    if (layout.text() == name(candidate)) return {read_tensor_name(json.at("weight")), candidate};
    expected += (expected.empty() ? "" : " or ") + std::string(name(candidate));
  }
  fail(reason::word_unknown, layout.pointer(), expected, shown(layout.text()));
}

// Which of the words stands there.
std::size_t read_word(const JsonView& json, std::initializer_list<std::string_view> words) {
  const auto found = std::ranges::find(words, std::string_view(json.text()));
  std::string expected;
  for (const std::string_view word : words) expected += (expected.empty() ? "" : " or ") + std::string(word);
  require(found != words.end(), reason::word_unknown, json.pointer(), expected, shown(json.text()));
  return static_cast<std::size_t>(found - words.begin());
}

Attention read_attention(const JsonView& json) {
  read_word(json.at("scores"), {"scaled"});
  return {.heads = json.at("heads").unsigned_integer(),
          .query = read_map(json.at("query"), map_layouts),
          .key = read_map(json.at("key"), map_layouts),
          .value = read_map(json.at("value"), map_layouts),
          .output = read_map(json.at("output"), map_layouts),
          .causal = read_word(json.at("mask"), {"causal", "none"}) == 0};
}

// ---- writing ---------------------------------------------------------------------------------------------------------

std::string text_of(const Map& map) {
  return "{\"layout\":" + quoted(name(map.layout)) + ",\"weight\":" + quoted(map.weight) + "}";
}

std::string text_of(const Attention& attention) {
  return "{\"attention\":{\"heads\":" + std::to_string(attention.heads) + ",\"key\":" + text_of(attention.key) +
         ",\"mask\":" + (attention.causal ? "\"causal\"" : "\"none\"") + ",\"output\":" + text_of(attention.output) +
         ",\"query\":" + text_of(attention.query) + ",\"scores\":\"scaled\",\"value\":" + text_of(attention.value) +
         "}}";
}

template <class Element>
std::string text_of(const std::vector<Element>& elements) {
  std::string text;
  for (const Element& element : elements) text += (text.empty() ? "" : ",") + text_of(element);
  return "[" + text + "]";
}

// ---- fitting ---------------------------------------------------------------------------------------------------------

bool has_heads(Layout layout) {
  return layout == Layout::heads_in_head || layout == Layout::heads_head_out;
}

std::string words(const MatrixShape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

// Looks tensors up by the names in a description, and knows which were.
class Named {
public:
  Named(const Tensors& tensors, std::string pointer) : tensors_(tensors), pointer_(std::move(pointer)) {}

  const Tensor& tensor(const std::string& name) {
    const auto found = tensors_.find(name);
    require(found != tensors_.end(), reason::tensor_missing, pointer_, "the tensor " + shown(name), "none");
    used_.insert(name);
    return found->second;
  }
  MatrixShape matrix(const Map& map) {
    const Tensor& tensor = this->tensor(map.weight);
    const auto shape = matrix_shape(tensor, map.layout);
    require_shape(shape.has_value(), map.weight,
                  std::string(has_heads(map.layout) ? "three" : "two") + " dimensions, " +
                      std::string(name(map.layout)));
    return *shape;
  }
  void require_shape(bool fits, const std::string& name, const std::string& expected) const {
    require(fits, reason::tensor_shape, place(name) + "/shape", expected, shape_in_words(tensors_.at(name).shape));
  }
  void require_all_used() const {
    for (const auto& [name, tensor] : tensors_)
      require(used_.contains(name), reason::tensor_unused, place(name), "tensors that the description names",
              shown(name));
  }
  void require_all_finite() const {
    for (const auto& [name, tensor] : tensors_) require_finite(tensor, place(name), reason::weight_not_finite);
  }

private:
  std::string place(const std::string& name) const { return pointer_ + "/" + escaped_pointer(name); }

  const Tensors& tensors_;
  std::string pointer_;
  std::set<std::string> used_;
};

void require_vocabulary(std::uint64_t size, const std::string& what, const std::string& pointer) {
  require(size <= limits::vocabulary, reason::limit_vocabulary, pointer,
          "at most " + std::to_string(limits::vocabulary) + " " + what, std::to_string(size));
}
void require_width(std::uint64_t width, const std::string& pointer) {
  require(width <= limits::width, reason::limit_width, pointer, "a width of at most " + std::to_string(limits::width),
          std::to_string(width));
}

// query, key and value are width x heads · head, output is heads · head x width; slices are heads.
void require_fitting(const Attention& attention, std::uint64_t width, Named& named, const std::string& pointer) {
  const MatrixShape query = named.matrix(attention.query);
  named.require_shape(attention.heads >= 1 && query.columns % attention.heads == 0, attention.query.weight,
                      std::to_string(attention.heads) + " heads, at least one, of the same width");
  require_width(query.columns / attention.heads, pointer);
  const MatrixShape in{width, query.columns}, out{query.columns, width};
  const auto require_map = [&](const Map& map, const MatrixShape& expected, Layout sliced) {
    named.require_shape(named.matrix(map) == expected, map.weight, words(expected));
    const bool slices_are_heads = map.layout == sliced && named.tensor(map.weight).shape.front() == attention.heads;
    named.require_shape(!has_heads(map.layout) || slices_are_heads, map.weight,
                        std::to_string(attention.heads) + " slices, one a head, " + std::string(name(sliced)));
  };
  for (const Map* map : {&attention.query, &attention.key, &attention.value})
    require_map(*map, in, Layout::heads_in_head);
  require_map(attention.output, out, Layout::heads_head_out);
}

} // namespace

std::string_view name(Layout layout) {
  return std::ranges::find(layouts, layout, [](const auto& row) { return row.first; })->second;
}

void require_tensor_name(const std::string& name, const std::string& pointer) {
  require(!name.empty() && name.size() <= limits::tensor_name, reason::string_length, pointer,
          "the name of a tensor, of 1 to " + std::to_string(limits::tensor_name) + " characters",
          std::to_string(name.size()));
}

Architecture read_architecture(const JsonView& json) {
  Architecture architecture;
  const JsonView positions = json.at("positions"), embedding = json.at("embedding"), readout = json.at("readout");
  architecture.positions = positions.unsigned_integer();
  require(architecture.positions >= 1 && architecture.positions <= limits::context, reason::limit_context,
          positions.pointer(), "1 to " + std::to_string(limits::context), std::to_string(architecture.positions));
  architecture.tokens = read_map(embedding.at("tokens"), token_layouts);
  if (embedding.has("positions")) architecture.position_tensor = read_tensor_name(embedding.at("positions"));
  for (const JsonView& block : json.at("blocks").array())
    architecture.blocks.push_back(read_attention(block.at("attention")));
  architecture.pool = read_word(json.at("pool"), {"last", "sum"}) == 0 ? Pool::last : Pool::sum;
  for (const JsonView& map : readout.array()) architecture.readout.push_back(read_map(map, map_layouts));
  require(!architecture.readout.empty(), reason::type_mismatch, readout.pointer(), "at least one map", "none");
  return architecture;
}

std::string Architecture::text() const {
  const std::string added = position_tensor ? "\"positions\":" + quoted(*position_tensor) + "," : "";
  return "{\"blocks\":" + text_of(blocks) + ",\"embedding\":{" + added + "\"tokens\":" + text_of(tokens) +
         "},\"pool\":" + (pool == Pool::last ? "\"last\"" : "\"sum\"") + ",\"positions\":" + std::to_string(positions) +
         ",\"readout\":" + text_of(readout) + "}";
}

std::optional<MatrixShape> matrix_shape(const Tensor& tensor, Layout layout) {
  const auto& shape = tensor.shape;
  if (shape.size() != (has_heads(layout) ? 3 : 2)) return std::nullopt;
  switch (layout) {
  case Layout::in_out:
  case Layout::tokens_width:
    return MatrixShape{shape[0], shape[1]};
  case Layout::out_in:
  case Layout::width_tokens:
    return MatrixShape{shape[1], shape[0]};
  case Layout::heads_in_head:
    return MatrixShape{shape[1], shape[0] * shape[2]};
  case Layout::heads_head_out:
    break;
  }
  return MatrixShape{shape[0] * shape[1], shape[2]};
}

Sizes require_fitting(const Architecture& architecture, const Tensors& tensors, const std::string& pointer) {
  Named named(tensors, pointer + "/tensors");
  const MatrixShape embedding = named.matrix(architecture.tokens);
  require_vocabulary(embedding.rows, "tokens", pointer);
  require_width(embedding.columns, pointer);
  Sizes sizes{embedding.rows, embedding.columns, 0};
  if (architecture.position_tensor) {
    const auto& shape = named.tensor(*architecture.position_tensor).shape;
    named.require_shape(shape.size() == 2 && shape[0] >= architecture.positions && shape[1] == sizes.width,
                        *architecture.position_tensor, "at least " + words({architecture.positions, sizes.width}));
  }
  for (const Attention& attention : architecture.blocks) require_fitting(attention, sizes.width, named, pointer);
  std::uint64_t width = sizes.width; // of the row that the next map reads
  for (const Map& map : architecture.readout) {
    const MatrixShape shape = named.matrix(map);
    named.require_shape(shape.rows == width, map.weight,
                        std::to_string(width) + " rows, as " + std::string(name(map.layout)));
    require_width(width, pointer);
    width = shape.columns;
  }
  sizes.classes = width;
  require_vocabulary(sizes.classes, "classes", pointer);
  named.require_all_used();
  named.require_all_finite();
  return sizes;
}

std::string model_digest(const Architecture& architecture, const Tensors& tensors) {
  Sha256 hash;
  hash.update("proofmark-model 2\narchitecture " + architecture.text() + "\n");
  for (const auto& [key, tensor] : tensors) {
    std::string line = tensor.name + " " + std::string(name(tensor.dtype)) + " ";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) line += (i == 0 ? "" : "x") + std::to_string(tensor.shape[i]);
    hash.update(line + "\n");
    hash.update(tensor.bytes);
  }
  return hash.hexadecimal();
}

} // namespace verifier
