#include "networks/naming/draft.hpp"

#include "models/model.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::networks {

namespace {

using Json = nlohmann::ordered_json;

Json map(const PartTensors& part) {
  Json result = {{"weight", part.weight->name}, {"layout", name(part.row->layout)}};
  if (part.bias) result["bias"] = part.bias->name;
  return result;
}

// One of three matrices that stand one below the other.
Json third(const PartTensors& part, std::uint64_t which) {
  const std::uint64_t height = part.weight->shape.empty() ? 0 : part.weight->shape[0] / 3;
  Json result = {{"weight", part.weight->name},
                 {"layout", name(part.row->layout)},
                 {"rows", Json::array({which * height, (which + 1) * height})}};
  if (part.bias) result["bias"] = part.bias->name;
  return result;
}

bool has_bias(const PartTensors& part) {
  return part.bias || part.zero_bias;
}

// A norm with a bias is a LayerNorm; without one it may be either.
Json norm_of(const PartTensors& part, const Facts& facts) {
  const bool rms = facts.has("norm") ? facts["norm"] == "rms" : !has_bias(part);
  Json inside = {{"eps", facts["eps"]}, {"weight", part.weight->name}};
  if (part.bias) inside["bias"] = part.bias->name;
  return {{rms ? "rms" : "layer", inside}};
}

void add_norm(Json& to, const PartTensors* part, const Parts& parts, const Facts& facts) {
  if (part) {
    to["norm"] = norm_of(*part, facts);
  } else if (facts.has("norm") && facts["norm"] != "none" && parts.scheme->folds_norms) {
    to["norm"] = Json{{facts["norm"], {{"eps", facts["eps"]}}}};
  } else if (!facts.has("norm") && parts.scheme->folds_norms) {
    to["norm"] = "?";
  }
}

// TransformerLens keeps the mask as a buffer: who sees whom.
Json mask(const Facts& facts, const SafetensorsFile& file) {
  if (facts.has("mask")) return facts["mask"];
  for (const OtherTensor& other : file.others) {
    if (!other.name.ends_with(".attn.mask") || other.type != "BOOL" || other.shape.size() != 2) continue;
    const std::uint64_t n = other.shape[1];
    bool below = true, all = true;
    for (std::uint64_t i = 0; i < other.bytes.size(); ++i) {
      below = below && (other.bytes[i] != 0) == (i % n <= i / n);
      all = all && other.bytes[i] != 0;
    }
    if (n > 1 && (below || all)) return below ? "causal" : "none";
  }
  return "?";
}

Json heads(const PartTensors& value, const Facts& facts) {
  if (value.row->layout == Layout::heads_in_head && value.weight->shape.size() == 3) return value.weight->shape[0];
  return facts["heads"];
}

Json attention(const Parts& parts, std::uint64_t block, const Facts& facts, const SafetensorsFile& file) {
  const PartTensors* const packed = parts.part(Role::packed, block);
  const PartTensors* const value = parts.part(Role::value, block);
  Json result;
  add_norm(result, parts.part(Role::norm_1, block), parts, facts);
  result["heads"] = heads(packed ? *packed : *value, facts);
  const bool uniform = facts["scores"] == "uniform";
  if (!uniform) {
    result["query"] = packed ? third(*packed, 0) : map(*parts.part(Role::query, block));
    result["key"] = packed ? third(*packed, 1) : map(*parts.part(Role::key, block));
  }
  result["value"] = packed ? third(*packed, 2) : map(*value);
  result["output"] = map(*parts.part(Role::output, block));
  result["mask"] = mask(facts, file);
  result["scores"] = parts.scheme->scaled_scores ? Json("scaled") : facts["scores"];
  return result;
}

Json block(const Parts& parts, std::uint64_t b, const Facts& facts, const SafetensorsFile& file) {
  Json result;
  if (parts.part(Role::output, b)) result["attention"] = attention(parts, b, facts, file);
  if (parts.part(Role::mlp_in, b)) {
    Json& mlp = result["mlp"];
    add_norm(mlp, parts.part(Role::norm_2, b), parts, facts);
    mlp["in"] = map(*parts.part(Role::mlp_in, b));
    mlp["activation"] = facts["activation"];
    mlp["out"] = map(*parts.part(Role::mlp_out, b));
  }
  const bool norms = parts.part(Role::norm_1, b) || parts.part(Role::norm_2, b);
  if (parts.scheme->post_norms && norms) result["order"] = facts["order"];
  if (facts.has("reads") && result.contains("attention") && result.contains("mlp")) result["reads"] = facts["reads"];
  return result;
}

Json positions(const Parts& parts, const Facts& facts, const SafetensorsFile& file) {
  if (facts.has("positions")) return facts["positions"];
  if (const auto context = file.metadata.find(context_key); context != file.metadata.end())
    if (const auto number = whole_number(context->second)) return *number;
  if (const PartTensors* table = parts.part(Role::positions); table && !table->weight->shape.empty())
    return table->weight->shape[0];
  if (parts.part(Role::left)) return 2;
  return "?";
}

void require_size(const Facts& facts, const char* key, const Tensor& tensor, std::uint64_t size) {
  const auto entry = facts.sizes.find(key);
  if (entry != facts.sizes.end() && entry->second != size)
    throw Error(Exit::data,
                fmt::format("the configuration says {} {}, but tensor {} has shape {}", key, entry->second,
                            in_quotes(tensor.name), shape_text(tensor.shape)),
                "it may be the configuration of another model");
}

// What a configuration and the shapes both say.
void compare_sizes(const Parts& parts, const Facts& facts) {
  const auto dimension = [](const Tensor& t, std::size_t i) { return i < t.shape.size() ? t.shape[i] : 0; };
  if (const PartTensors* tokens = parts.part(Role::tokens)) {
    require_size(facts, "d_vocab", *tokens->weight, dimension(*tokens->weight, 0));
    require_size(facts, "d_model", *tokens->weight, dimension(*tokens->weight, 1));
    require_size(facts, "n_layers", *tokens->weight, parts.blocks);
  }
  if (const PartTensors* readout = parts.part(Role::readout)) {
    const bool stored = readout->row->layout == Layout::in_out;
    require_size(facts, "d_vocab_out", *readout->weight, dimension(*readout->weight, stored ? 1 : 0));
  }
}

} // namespace

Json draft(const Parts& parts, const Facts& facts, const SafetensorsFile& file) {
  compare_sizes(parts, facts);
  Json result;
  result["positions"] = positions(parts, facts, file);
  Json& embedding = result["embedding"];
  if (const PartTensors* tokens = parts.part(Role::tokens))
    embedding["tokens"] = map(*tokens);
  else
    embedding["tokens"] = Json::array({map(*parts.part(Role::left)), map(*parts.part(Role::right))});
  if (const PartTensors* table = parts.part(Role::positions)) {
    if (facts.has("to"))
      embedding["positions"] = Json{{"tensor", table->weight->name}, {"to", facts["to"]}};
    else
      embedding["positions"] = table->weight->name;
  }
  result["blocks"] = Json::array();
  for (std::uint64_t b = 0; b < parts.blocks; ++b) result["blocks"].push_back(block(parts, b, facts, file));
  add_norm(result, parts.part(Role::final_norm), parts, facts);
  result["pool"] = parts.scheme->sums ? Json("sum") : facts["pool"];
  Json& readout = result["readout"] = Json::array();
  for (std::uint64_t i = 0; const PartTensors* part = parts.part(Role::readout, i); ++i) {
    const bool activated = parts.scheme->sums ? false : i > 0 || parts.part(Role::left);
    if (activated) readout.push_back(facts["activation"]);
    readout.push_back(map(*part));
  }
  return result;
}

std::vector<std::string> taken_for_granted(const Parts& parts, const Facts& facts, const SafetensorsFile& file) {
  std::vector<std::string> lines;
  for (const auto& [role, part] : parts.found) {
    const bool norm = role.first == Role::norm_1 || role.first == Role::norm_2 || role.first == Role::final_norm;
    if (norm && !has_bias(part) && !facts.has("norm"))
      lines.push_back(fmt::format("{} has no bias, so it is taken for an RMS norm; --set norm=layer says otherwise",
                                  printable(part.weight->name)));
    if (parts.scheme->sums && role.first == Role::readout && part.bias)
      lines.push_back(
          fmt::format("{} is added once, after the sum, and not at every position", printable(part.bias->name)));
  }
  for (const auto& [key, value] : facts.said) {
    Facts others = facts;
    others.said.erase(key);
    if (facts.by_the_user.contains(key) && draft(parts, others, file) == draft(parts, facts, file))
      lines.push_back(fmt::format("--set {} changes nothing: no part of the network asks for it", key));
  }
  return lines;
}

} // namespace proofmark::networks
