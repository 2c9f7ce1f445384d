// What the rules' witnesses say, read and checked against their ranges (docs/rules/head-tail.md, block-jensen.md).
// Within these ranges every value is sound.
#pragma once

#include "../certificate.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace verifier::token_sum {

inline constexpr std::string_view head_tail_rule = "head-tail@1", block_jensen_rule = "block-jensen@1";

bool uses(const Certificate&, std::string_view rule); // whether any step does

struct HeadTailWitness {
  std::uint64_t vocabulary;          // V
  std::uint64_t longest;             // m
  std::vector<std::uint16_t> heads;  // [V x m], each row without repetition
  std::vector<std::uint16_t> sizes;  // [K], ascending, 1 .. m; the last may be V: exact
  std::vector<std::uint16_t> levels; // of each sorted input, below K; empty: all 0
  std::vector<std::uint16_t> groups; // [V] of each output; empty: all 0
  std::uint64_t group_count = 1;     // G
  std::vector<Dyadic> weights;       // [V], positive; empty: all 1
  std::vector<Dyadic> token_factors; // token multipliers u [V], not negative; empty: none
  std::vector<Dyadic> label_factors; // label multipliers v [V], likewise
  std::uint64_t elements = 0;        // of all of them

  bool has_multipliers() const { return !token_factors.empty(); }
  bool is_exact(std::size_t level) const { return sizes[level] == vocabulary; }
  std::size_t inexact_levels() const { return sizes.size() - (is_exact(sizes.size() - 1) ? 1 : 0); } // K'
  std::size_t level(std::uint64_t input) const { return levels.empty() ? 0 : levels[input]; }
  std::size_t group(std::size_t k) const { return groups.empty() ? 0 : groups[k]; }
  // The head of token a at a level that is not exact.
  std::span<const std::uint16_t> head(std::uint64_t a, std::size_t level) const {
    return std::span(heads).subspan(a * longest, sizes[level]);
  }
};

struct BlockWitness {
  std::vector<std::uint64_t> starts; // [B + 1]: the first token of each block, and V
  std::vector<Dyadic> factors;       // block multipliers u [V], positive; empty: all 1
  std::uint64_t elements = 0;
};

// Nothing when no step uses the rule. Fail with witness-missing, witness-shape, witness-value.
std::optional<HeadTailWitness> head_tail_witness(const Certificate&);
std::optional<BlockWitness> block_witness(const Certificate&);

// Whether the witness is one that a step's rule takes at this context length.
bool is_taken(const Certificate&, std::string_view witness);

} // namespace verifier::token_sum
