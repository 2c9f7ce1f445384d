#include "networks/network.hpp"

#include "networks/stored_map.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::networks {

namespace {

using Values = Matrices<double>;
using Map = Values::Map;

std::uint64_t in(const Map& map) {
  return static_cast<std::uint64_t>(map.weight.rows());
}
std::uint64_t out(const Map& map) {
  return static_cast<std::uint64_t>(map.weight.cols());
}

class Weights {
public:
  explicit Weights(const std::vector<Tensor>& tensors) : tensors_(tensors) {}

  const Tensor& tensor(const std::string& name, const std::string& place) const {
    for (const Tensor& tensor : tensors_)
      if (tensor.name == name) return tensor;
    std::vector<std::string> names;
    for (const Tensor& tensor : tensors_) names.push_back(tensor.name);
    const std::string near = nearest_name(name, names);
    throw Error(Exit::data, fmt::format("the model has no tensor {}, which {} is of", in_quotes(name), place),
                near.empty() ? "proofmark describe lists the model's tensors"
                             : "did you mean " + in_quotes(near) + "?");
  }

  Map map(const NamedMap& m, const Wanted& wanted) const {
    const Tensor& weight = tensor(m.weight, wanted.place);
    return stored_map(m, wanted, weight, m.bias ? &tensor(*m.bias, wanted.place + ".bias") : nullptr);
  }

  std::optional<Norm<Values>> norm(const std::optional<Norm<Names>>& n, std::uint64_t width,
                                   const std::string& place) const {
    if (!n) return {};
    Norm<Values> result{n->kind, n->eps, {}, {}};
    if (n->weight) result.weight = stored_vector(tensor(*n->weight, place), width, place + ".weight");
    if (n->bias) result.bias = stored_vector(tensor(*n->bias, place), width, place + ".bias");
    return result;
  }

private:
  const std::vector<Tensor>& tensors_;
};

void require_size(std::uint64_t size, std::uint64_t most, const std::string& what) {
  if (size < 1 || size > most)
    throw Error(Exit::data, fmt::format("{} is {}, expected 1 to {}", what, size, most),
                "proofmark-verify declines larger models (docs/limits.md)");
}

Attention<Values> attention(const Weights& weights, const Attention<Names>& a, std::uint64_t d,
                            const std::string& place) {
  const std::uint64_t heads = a.heads;
  Attention<Values> result{weights.norm(a.norm, d, place + ".norm"), heads, {}, {}, {}, {}, a.causal, a.scores};
  const auto into = [&](const NamedMap& map, const char* part, std::optional<std::uint64_t> columns) {
    Map m = weights.map(map, {.place = place + part,
                              .in = d,
                              .out = columns,
                              .heads = heads,
                              .heads_layout = Layout::heads_in_head,
                              .out_letter = "heads h"});
    if (out(m) % heads != 0)
      throw Error(Exit::data,
                  fmt::format("tensor {} gives {} columns ({}{}), expected a multiple of its {} heads",
                              in_quotes(map.weight), out(m), place, part, heads),
                  "the number of heads may be another");
    require_size(out(m) / heads, limits::width, "the width of a head of " + place);
    return m;
  };
  if (a.query) result.query = into(*a.query, ".query", {});
  if (a.key) result.key = into(*a.key, ".key", out(*result.query));
  result.value = into(a.value, ".value", {});
  result.output = weights.map(a.output, {.place = place + ".output",
                                         .in = out(result.value),
                                         .out = d,
                                         .heads = heads,
                                         .heads_layout = Layout::heads_head_out});
  return result;
}

Mlp<Values> mlp(const Weights& weights, const Mlp<Names>& m, std::uint64_t d, const std::string& place) {
  Map in = weights.map(m.in, {.place = place + ".in", .in = d, .out = {}});
  require_size(out(in), limits::width, "the width of " + place);
  Map back = weights.map(m.out, {.place = place + ".out", .in = out(in), .out = d});
  return {weights.norm(m.norm, d, place + ".norm"), std::move(in), m.activation, std::move(back)};
}

std::uint64_t read_out(const Weights& weights, const Description& d, Network& result) {
  std::uint64_t width = result.width;
  for (std::size_t i = 0; i < d.readout.size(); ++i) {
    const std::string place = fmt::format("readout[{}]", i);
    if (const auto* map = std::get_if<NamedMap>(&d.readout[i])) {
      Map m = weights.map(*map, {.place = place, .in = width, .out = {}, .out_letter = "C"});
      width = out(m);
      require_size(width, limits::vocabulary, "the width after " + place);
      result.readout.emplace_back(std::move(m));
    } else if (const auto* norm = std::get_if<Norm<Names>>(&d.readout[i])) {
      result.readout.emplace_back(*weights.norm(*norm, width, place));
    } else {
      result.readout.emplace_back(std::get<Activation>(d.readout[i]));
    }
  }
  return width;
}

} // namespace

std::uint64_t Network::vocabulary(std::uint64_t position) const {
  return in(tokens_at(position));
}

Network network(const Description& d, const SafetensorsFile& file) {
  const std::vector<std::string> used = d.tensors();
  for (const OtherTensor& other : file.others)
    if (std::binary_search(used.begin(), used.end(), other.name))
      throw Error(
          Exit::data,
          fmt::format("tensor {}, which the description names, has elements of type {}, expected F16, BF16, F32 "
                      "or F64",
                      in_quotes(other.name), in_quotes(other.type)),
          "a mask or a counter is no weight; convert others first, for example with model.float()");
  Network result = network(d, file.tensors);
  for (const OtherTensor& other : file.others) result.unused.push_back(other.name);
  return result;
}

Network network(const Description& d, const std::vector<Tensor>& tensors) {
  const Weights weights(tensors);
  Network result;
  result.positions = d.positions;
  result.pool = d.pool;
  for (std::size_t i = 0; i < d.tokens.size(); ++i) {
    const std::string place = d.tokens.size() == 1 ? "embedding.tokens" : fmt::format("embedding.tokens[{}]", i);
    Wanted wanted{.place = place, .in = {}, .out = {}, .in_letter = "tokens", .out_letter = "d"};
    if (i > 0) wanted.out = result.width;
    result.tokens.push_back(weights.map(d.tokens[i], wanted));
    result.width = out(result.tokens[0]);
    require_size(in(result.tokens[i]), limits::vocabulary, "the number of tokens of " + place);
    require_size(result.width, limits::width, "the width of " + place);
  }
  const std::uint64_t width = result.width;
  if (d.position_table) {
    const char* place = "embedding.positions";
    result.position_table = {stored_rows(weights.tensor(d.position_table->table, place), d.positions, width, place),
                             d.position_table->to_scores};
  }
  for (std::size_t i = 0; i < d.blocks.size(); ++i) {
    const auto& block = d.blocks[i];
    const std::string place = fmt::format("blocks[{}]", i);
    Block<Values> made;
    made.post = block.post, made.block_input = block.block_input;
    if (block.attention) made.attention = attention(weights, *block.attention, width, place + ".attention");
    if (block.mlp) made.mlp = mlp(weights, *block.mlp, width, place + ".mlp");
    result.blocks.push_back(std::move(made));
  }
  result.norm = weights.norm(d.norm, width, "norm");
  result.classes = read_out(weights, d, result);
  const std::vector<std::string> used = d.tensors();
  for (const Tensor& tensor : tensors)
    if (!std::binary_search(used.begin(), used.end(), tensor.name)) result.unused.push_back(tensor.name);
  return result;
}

} // namespace proofmark::networks
