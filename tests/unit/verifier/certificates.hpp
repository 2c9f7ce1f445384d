// Small certificates that read well, as trees to be changed: one of each shape. What they prove is not asked here.
#pragma once

#include "reading/certificate.hpp"
#include "reading/sha256.hpp"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace certificates {

using Tree = nlohmann::json; // its keys are sorted
using Bytes = std::vector<std::uint8_t>;

inline std::string base64(const Bytes& bytes) {
  constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t j) { return j < bytes.size() ? std::uint32_t{bytes[j]} : 0; };
    const std::uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

inline Tree tensor(const std::string& dtype, const std::vector<std::uint64_t>& shape, const Bytes& bytes) {
  return {{"dtype", dtype}, {"shape", shape}, {"data", base64(bytes)}};
}

// float32, with the entries first, first + 1, ..
inline Tree floats(const std::vector<std::uint64_t>& shape, float first = 1) {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : shape) count *= dimension;
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i)
    for (int b = 0; b < 4; ++b)
      bytes.push_back(
          static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(first + static_cast<float>(i)) >> (8 * b)));
  return tensor("float32", shape, bytes);
}

inline Tree map(const std::string& weight, const std::string& layout) {
  return {{"weight", weight}, {"layout", layout}};
}

// schema/FORMAT.md, section 5, said with other means: the peer's sorted keys.
inline std::string digest(const Tree& model) {
  verifier::Sha256 hash;
  hash.update("proofmark-model 2\narchitecture " + model.at("architecture").dump() + "\n");
  for (const auto& [name, tensor] : model.at("tensors").items()) {
    std::string line = name + " " + tensor.at("dtype").get<std::string>() + " ", dimensions;
    for (const Tree& dimension : tensor.at("shape")) dimensions += (dimensions.empty() ? "" : "x") + dimension.dump();
    hash.update(line + dimensions + "\n");
    hash.update(verifier::Document("[\"" + tensor.at("data").get<std::string>() + "\"]",
                                   []() -> const verifier::Form& {
                                     static const verifier::Form data{.data = true};
                                     static const verifier::Form list{.element = &data, .most = 1};
                                     return list;
                                   }())
                    .root()
                    .array()
                    .front()
                    .take_data());
  }
  return hash.hexadecimal();
}
inline void seal(Tree& certificate) {
  certificate["model"]["sha256"] = digest(certificate["model"]);
}

inline Tree certificate(Tree architecture, Tree tensors, std::uint64_t tokens, std::uint64_t positions) {
  Tree ranges = Tree::array();
  for (std::uint64_t i = 0; i < positions; ++i) ranges.push_back({0, tokens});
  const auto step = [](std::uint64_t id, std::uint64_t from, std::uint64_t to) {
    return Tree{
        {"id", id},          {"rule", "enumeration@1"}, {"labels", {from, to}}, {"loss", {"0x1p-1", "0x1.8p+3"}},
        {"correct", {0, 4}}, {"margin", "-0x1.8p+1"},   {"operations", 1000}};
  };
  Tree tree = {{"format", "proofmark-certificate"},
               {"version", 2},
               {"claims",
                {{{"quantity", "cross-entropy"}, {"direction", "upper"}, {"bound", "1.5"}},
                 {{"quantity", "margin"}, {"direction", "lower"}, {"bound", "-3.25"}}}},
               {"task", {{"inputs", {{"ranges", ranges}}}, {"label", {{"name", "max"}}}}},
               {"model", {{"architecture", std::move(architecture)}, {"tensors", std::move(tensors)}}},
               {"witnesses", Tree::object()},
               {"tables", {{"operations", 500}}},
               {"steps", {step(0, 0, 1), step(1, 1, tokens)}},
               {"provenance", Tree::object()}};
  seal(tree);
  return tree;
}

// 3 tokens, 2 positions, width 2.
inline Tree token_sum() {
  return certificate({{"positions", 2},
                      {"embedding", {{"tokens", map("E", "width,tokens")}}},
                      {"blocks", Tree::array()},
                      {"pool", "sum"},
                      {"readout", {map("W", "out,in"), map("U", "out,in")}}},
                     {{"E", floats({2, 3})}, {"W", floats({2, 2})}, {"U", floats({3, 2})}}, 3, 2);
}

inline Tree attention(std::uint64_t heads) {
  return {{"heads", heads},
          {"query", map("Q", "heads,in,head")},
          {"key", map("K", "heads,in,head")},
          {"value", map("V", "heads,in,head")},
          {"output", map("O", "heads,head,out")},
          {"mask", "causal"},
          {"scores", "scaled"}};
}

// 3 tokens, 2 positions, width 4, head width 2.
inline Tree attention_only(std::uint64_t heads = 1) {
  return certificate({{"positions", 2},
                      {"embedding", {{"tokens", map("E", "tokens,width")}, {"positions", "P"}}},
                      {"blocks", Tree::array({{{"attention", attention(heads)}}})},
                      {"pool", "last"},
                      {"readout", Tree::array({map("U", "in,out")})}},
                     {{"E", floats({3, 4})},
                      {"P", floats({2, 4})},
                      {"Q", floats({heads, 4, 2})},
                      {"K", floats({heads, 4, 2})},
                      {"V", floats({heads, 4, 2})},
                      {"O", floats({heads, 2, 4})},
                      {"U", floats({4, 3})}},
                     3, 2);
}

inline verifier::Certificate read(const Tree& tree) {
  return verifier::read_certificate(tree.dump());
}

// "reason-code at /place", or "none".
template <class Action>
std::string told(Action action) {
  try {
    action();
  } catch (const verifier::Failure& failure) {
    return std::string(failure.reason.code) + " at " + failure.pointer;
  }
  return "none";
}

// What a certificate is told whose place in the tree was changed; the digest is put right.
inline std::string told_of(Tree tree, const std::string& place, const Tree& value) {
  tree[Tree::json_pointer(place)] = value;
  seal(tree);
  return told([&] { read(tree); });
}
inline std::string told_without(Tree tree, const std::string& place) {
  const Tree::json_pointer pointer(place);
  tree[pointer.parent_pointer()].erase(pointer.back());
  return told([&] { read(tree); });
}

} // namespace certificates
