// docs/rules/head-tail.md and docs/rules/block-jensen.md, "Witnesses".
#include "check/witnesses.hpp"

#include "kernel/integers.hpp"
#include "reading/reason.hpp"

#include <algorithm>

namespace verifier {
namespace {

using rules::token_sum::HeadTailWitness;
using rules::token_sum::Token;

const Tensor& required(const Certificate& certificate, std::string_view name) { // check/rules.cpp has asked for it
  const Tensor* found = find_witness(certificate, name);
  require(found != nullptr, reason::witness_missing, "/witnesses", "\"" + std::string(name) + "\"");
  return *found;
}

void read_heads(const Tensor& heads, std::uint64_t V, HeadTailWitness& witness) {
  require_witness_shape(heads, heads.dtype == DType::uint16, "uint16",
                        heads.shape.size() == 2 && heads.shape[0] == V && heads.shape[1] <= V,
                        "[" + std::to_string(V) + ", at most " + std::to_string(V) + "]");
  witness.longest = heads.shape[1];
  witness.heads = different_in_rows(heads, V);
}

void read_sizes(const Tensor& sizes, std::uint64_t V, HeadTailWitness& witness) {
  require_witness_shape(sizes, sizes.dtype == DType::uint16, "uint16", sizes.shape.size() == 1 && sizes.shape[0] <= 255,
                        "[at most 255]");
  witness.sizes = indices_of_any_shape(sizes, V);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < witness.sizes.size(); ++i) {
    const std::uint64_t size = witness.sizes[i];
    require(size > before && (size <= witness.longest || size == V), reason::witness_value, witness_pointer(sizes),
            "ascending sizes from 1 to " + std::to_string(witness.longest) + ", and perhaps " + std::to_string(V),
            at_element(sizes, i) + " is " + std::to_string(size));
    before = size;
  }
}

HeadTailWitness read_head_tail(const Certificate& certificate) {
  const std::uint64_t V = certificate.classes, n = certificate.architecture.positions;
  HeadTailWitness witness{};
  const Tensor *token_multipliers = find_witness(certificate, "token-multipliers"),
               *label_multipliers = find_witness(certificate, "label-multipliers");
  require((token_multipliers == nullptr) == (label_multipliers == nullptr), reason::witness_missing, "/witnesses",
          token_multipliers == nullptr ? "\"token-multipliers\": token and label multipliers come together"
                                       : "\"label-multipliers\": token and label multipliers come together");
  read_heads(required(certificate, "heads"), V, witness);
  read_sizes(required(certificate, "head-sizes"), V, witness);
  if (const Tensor* levels = find_witness(certificate, "levels")) {
    const mpz_class inputs = binomial(V + n - 1, n); // sorted ones
    require_witness_shape(*levels, levels->dtype == DType::uint8, "uint8",
                          levels->shape.size() == 1 && inputs == integer(levels->shape[0]),
                          "[" + inputs.get_str() + "]");
    for (const kernel::Index level : indices_of_any_shape(*levels, witness.sizes.size() - 1))
      witness.levels.push_back(static_cast<std::uint8_t>(level));
  }
  std::uint64_t groups = 1;
  if (const Tensor* tensor = find_witness(certificate, "column-groups")) {
    witness.groups = indices(*tensor, DType::uint16, {V}, V - 1);
    groups = std::uint64_t{*std::ranges::max_element(witness.groups)} + 1;
  }
  const std::uint64_t norms = witness.sizes.size() * groups;
  require(norms <= limits::tail_norms, reason::limit_tail_norms, "/witnesses",
          "at most " + std::to_string(limits::tail_norms) + " head sizes times column groups", std::to_string(norms));
  if (const Tensor* weights = find_witness(certificate, "column-weights"))
    witness.weights = factors(*weights, V, false);
  if (token_multipliers != nullptr) {
    witness.token_multipliers = factors(*token_multipliers, V, true);
    witness.label_multipliers = factors(*label_multipliers, V, true);
  }
  return witness;
}

BlockWitness read_blocks(const Certificate& certificate) {
  const std::uint64_t V = certificate.classes;
  const Tensor& blocks = required(certificate, "blocks");
  require_witness_shape(blocks, blocks.dtype == DType::uint16, "uint16",
                        blocks.shape.size() == 1 && blocks.shape[0] <= V, "[at most " + std::to_string(V) + "]");
  BlockWitness witness{.starts = indices_of_any_shape(blocks, V - 1), .multipliers = std::vector<kernel::Stored>(V, 1)};
  for (std::size_t i = 0; i < witness.starts.size(); ++i)
    require(i == 0 ? witness.starts[i] == 0 : witness.starts[i] > witness.starts[i - 1], reason::witness_value,
            witness_pointer(blocks), "ascending tokens from 0, below " + std::to_string(V),
            at_element(blocks, i) + " is " + std::to_string(witness.starts[i]));
  witness.starts.push_back(static_cast<Token>(V));
  if (const Tensor* multipliers = find_witness(certificate, "block-multipliers"))
    witness.multipliers = factors(*multipliers, V, false);
  return witness;
}

void require_whole_blocks(const Certificate& certificate, std::span<const Rule* const> of_steps,
                          const BlockWitness& witness) {
  const auto starts_block = [&](const mpz_class& label) {
    return std::ranges::binary_search(witness.starts, label, {}, [](Token start) { return mpz_class(start); });
  };
  for (std::size_t i = 0; i < of_steps.size(); ++i) {
    const Step& step = certificate.steps[i];
    if (!of_steps[i]->whole_blocks || (starts_block(step.from) && starts_block(step.to))) continue;
    Failure failure(reason::step_blocks, "/steps/" + std::to_string(i) + "/labels", "whole blocks",
                    "[" + step.from.get_str() + ", " + step.to.get_str() + ")");
    failure.rule = step.rule;
    throw failure;
  }
}

} // namespace

TokenSumWitnesses read_token_sum_witnesses(const Certificate& certificate, std::span<const Rule* const> of_steps) {
  TokenSumWitnesses witnesses;
  if (find_witness(certificate, "heads") != nullptr) witnesses.head_tail = read_head_tail(certificate);
  if (find_witness(certificate, "blocks") != nullptr) {
    witnesses.blocks = read_blocks(certificate);
    require_whole_blocks(certificate, of_steps, *witnesses.blocks);
  }
  return witnesses;
}

} // namespace verifier
