#include "networks/description.hpp"

#include "files/json_file.hpp"
#include "files/json_place.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace proofmark::networks {

namespace {

using Json = nlohmann::json;

constexpr const char* see_format = "schema/FORMAT.md, section 5, has every word of descriptions";

constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 6> layouts = {"in,out",       "out,in",        "tokens,width",
                                                     "width,tokens", "heads,in,head", "heads,head,out"};
constexpr std::array<std::string_view, 5> activations = {"relu", "gelu", "gelu-tanh", "silu", "tanh"};

Cut cut(const JsonPlace& at) {
  at.elements(2, 2, "numbers, from and to");
  return {at.at(std::size_t{0}).whole_number(0, largest), at.at(1).whole_number(0, largest)};
}

NamedMap map(const JsonPlace& at, bool of_tokens) {
  at.require_keys({"weight", "layout"}, {"index", "rows", "columns", "bias"});
  NamedMap result;
  result.weight = at.at("weight").tensor_name();
  result.layout = static_cast<Layout>(at.at("layout").word(layouts));
  const bool tokens = result.layout == Layout::tokens_width || result.layout == Layout::width_tokens;
  if (tokens != of_tokens)
    at.at("layout").refuse(of_tokens ? "tokens,width or width,tokens"
                                     : "in,out, out,in, heads,in,head or heads,head,out",
                           of_tokens ? "nn.Embedding stores tokens,width; nn.Linear on one-hot tokens width,tokens"
                                     : "nn.Linear stores out,in");
  if (at.has("index")) result.index = at.at("index").whole_number(0, largest);
  if (at.has("rows")) result.rows = cut(at.at("rows"));
  if (at.has("columns")) result.columns = cut(at.at("columns"));
  if (at.has("bias")) result.bias = at.at("bias").tensor_name();
  return result;
}

Norm<Names> norm(const JsonPlace& at) {
  if (!at.has("layer") && !at.has("rms"))
    at.refuse_as("has neither 'layer' nor 'rms'", "a norm is {\"layer\": {\"eps\": \"1e-5\", ..}} or {\"rms\": {..}}");
  Norm<Names> result;
  result.kind = at.has("layer") ? NormKind::layer : NormKind::rms;
  const char* kind = result.kind == NormKind::layer ? "layer" : "rms";
  at.require_keys({kind}, {});
  const JsonPlace norm = at.at(kind);
  norm.require_keys({"eps"}, {"weight", "bias"});
  constexpr const char* expected = "a decimal in quotes such as \"1e-5\"";
  const std::optional<Decimal> eps = parse_exact_decimal(norm.at("eps").text(expected));
  if (!eps) norm.at("eps").refuse(expected, "at most 18 places and below 2^63 without its point");
  result.eps = *eps;
  if (norm.has("weight")) result.weight = norm.at("weight").tensor_name();
  if (norm.has("bias")) result.bias = norm.at("bias").tensor_name();
  return result;
}

std::optional<Norm<Names>> optional_norm(const JsonPlace& at) {
  return at.has("norm") ? std::optional(norm(at.at("norm"))) : std::nullopt;
}

Activation activation(const JsonPlace& at) {
  return static_cast<Activation>(at.word(activations));
}

Scores scores(const JsonPlace& at) {
  if (!at.has("factor")) {
    constexpr std::array<std::string_view, 3> words = {"scaled", "unscaled", "uniform"};
    if (!at.is_text()) at.refuse("scaled, unscaled, uniform or {\"factor\": \"0.125\"}", "");
    return {static_cast<Scores::Kind>(at.word(words)), {}};
  }
  at.require_keys({"factor"}, {});
  constexpr const char* expected = "a decimal above 0 in quotes such as \"0.125\"";
  const std::optional<Decimal> factor = parse_exact_decimal(at.at("factor").text(expected));
  if (!factor || factor->digits == 0)
    at.at("factor").refuse(expected, "at most 18 places and below 2^63 without its point");
  return {Scores::Kind::factor, *factor};
}

Attention<Names> attention(const JsonPlace& at) {
  const bool uniform = at.has("scores") && at.at("scores").value() == "uniform";
  if (uniform)
    at.require_keys({"heads", "value", "output", "mask", "scores"}, {"norm"});
  else
    at.require_keys({"heads", "query", "key", "value", "output", "mask", "scores"}, {"norm"});
  Attention<Names> result;
  result.norm = optional_norm(at);
  result.heads = at.at("heads").whole_number(1, limits::width);
  if (!uniform) result.query = map(at.at("query"), false), result.key = map(at.at("key"), false);
  result.value = map(at.at("value"), false);
  result.output = map(at.at("output"), false);
  constexpr std::array<std::string_view, 2> masks = {"none", "causal"};
  result.causal = at.at("mask").word(masks) == 1;
  result.scores = scores(at.at("scores"));
  return result;
}

Mlp<Names> mlp(const JsonPlace& at) {
  at.require_keys({"in", "activation", "out"}, {"norm"});
  return {optional_norm(at), map(at.at("in"), false), activation(at.at("activation")), map(at.at("out"), false)};
}

Block<Names> block(const JsonPlace& at) {
  constexpr std::array<std::string_view, 2> orders = {"pre", "post"};
  constexpr std::array<std::string_view, 1> reads = {"block-input"};
  const bool post = at.has("order") && at.at("order").word(orders) == 1;
  if (post)
    at.require_keys({}, {"attention", "mlp", "order"});
  else
    at.require_keys({}, {"attention", "mlp", "order", "reads"});
  if (!at.has("attention") && !at.has("mlp")) at.refuse_as("has neither 'attention' nor 'mlp'", "");
  Block<Names> result;
  result.post = post;
  if (at.has("reads")) result.block_input = at.at("reads").word(reads) == 0;
  if (at.has("attention")) result.attention = attention(at.at("attention"));
  if (at.has("mlp")) result.mlp = mlp(at.at("mlp"));
  return result;
}

PositionTable<Names> position_table(const JsonPlace& at) {
  if (at.is_text()) return {at.tensor_name(), false};
  constexpr std::array<std::string_view, 2> places = {"residual", "scores"};
  at.require_keys({"tensor", "to"}, {});
  return {at.at("tensor").tensor_name(), at.at("to").word(places) == 1};
}

Pool pool(const JsonPlace& at, std::uint64_t positions) {
  constexpr std::array<std::string_view, 3> words = {"last", "sum", "mean"};
  if (at.is_text()) return {static_cast<Pool::Kind>(at.word(words)), 0};
  at.require_keys({"position"}, {});
  return {Pool::Kind::position, at.at("position").whole_number(0, positions - 1)};
}

Description::Part part(const JsonPlace& at) {
  if (at.is_text()) return activation(at);
  if (at.has("layer") || at.has("rms")) return norm(at);
  return map(at, false);
}

void read_architecture(const JsonPlace& root, Description& d) {
  root.require_keys({"positions", "embedding", "blocks", "pool", "readout"}, {"norm"});
  d.positions = root.at("positions").whole_number(1, limits::context);
  const JsonPlace embedding = root.at("embedding"),
                  tokens = embedding.has("tokens") ? embedding.at("tokens") : embedding;
  embedding.require_keys({"tokens"}, {"positions"});
  if (tokens.is_array())
    for (std::size_t i = 0, n = tokens.elements(d.positions, d.positions, "maps, one a position"); i < n; ++i)
      d.tokens.push_back(map(tokens.at(i), true));
  else
    d.tokens.push_back(map(tokens, true));
  if (embedding.has("positions")) d.position_table = position_table(embedding.at("positions"));
  const JsonPlace blocks = root.at("blocks"), readout = root.at("readout");
  for (std::size_t i = 0, n = blocks.elements(0, 64, "blocks"); i < n; ++i) d.blocks.push_back(block(blocks.at(i)));
  d.norm = optional_norm(root);
  d.pool = pool(root.at("pool"), d.positions);
  for (std::size_t i = 0, n = readout.elements(1, 16, "parts"); i < n; ++i) d.readout.push_back(part(readout.at(i)));
  if (std::none_of(d.readout.begin(), d.readout.end(),
                   [](const auto& part) { return std::holds_alternative<NamedMap>(part); }))
    readout.refuse_as("has no map, which gives the number of classes", "");
}

void find_open(const Json& value, const std::string& path, std::vector<std::string>& open) {
  if (value == "?") open.push_back(path);
  if (value.is_object())
    for (const auto& [key, member] : value.items()) find_open(member, path.empty() ? key : path + "." + key, open);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) find_open(value[i], fmt::format("{}[{}]", path, i), open);
}

void require_complete(const Json& json, const std::string& source) {
  std::vector<std::string> open = open_places(json);
  if (open.empty()) return;
  for (std::string& path : open) path = printable(path);
  throw Error(Exit::data, fmt::format("{} still has '?' at {}", source, joined(open, ", ")),
              "no tensor shows it, so a person must say it: write it there, or give describe --set; docs/interop.md");
}

struct NamesOf {
  std::set<std::string> all;

  void add(const std::optional<std::string>& name) {
    if (name) all.insert(*name);
  }
  void add(const std::optional<NamedMap>& map) {
    if (map) all.insert(map->weight), add(map->bias);
  }
  void add(const std::optional<Norm<Names>>& norm) {
    if (norm) add(norm->weight), add(norm->bias);
  }
};

} // namespace

std::string_view name(Activation activation) {
  return activations[static_cast<std::size_t>(activation)];
}

std::string_view name(Layout layout) {
  return layouts[static_cast<std::size_t>(layout)];
}

std::vector<std::string> open_places(const Json& json) {
  std::vector<std::string> open;
  find_open(json, "", open);
  return open;
}

std::vector<std::string> Description::tensors() const {
  NamesOf names;
  for (const NamedMap& map : tokens) names.add(map);
  if (position_table) names.add(position_table->table);
  for (const auto& block : blocks) {
    if (block.attention) {
      const auto& a = *block.attention;
      names.add(a.norm), names.add(a.query), names.add(a.key), names.add(a.value), names.add(a.output);
    }
    if (block.mlp) names.add(block.mlp->norm), names.add(block.mlp->in), names.add(block.mlp->out);
  }
  names.add(norm);
  for (const Part& part : readout) {
    if (const auto* map = std::get_if<NamedMap>(&part)) names.add(*map);
    if (const auto* norm = std::get_if<Norm<Names>>(&part)) names.add(*norm);
  }
  return {names.all.begin(), names.all.end()};
}

Description read_description(std::string_view json, const std::string& source) {
  const Json root = parse_unique(json, source);
  require_complete(root, source);
  Description result;
  read_architecture(JsonPlace(root, "", source, see_format), result);
  result.text = root.dump();
  return result;
}

Description read_description(const std::filesystem::path& path) {
  return read_description(read_text(path), in_quotes(path.string()));
}

} // namespace proofmark::networks
