// What the rules' witnesses say, read and checked against their ranges (docs/rules/attention/README.md). Within these
// ranges every value is sound.
#pragma once

#include "../certificate.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace verifier::attention_only {

struct Witnesses {
  std::uint64_t vocabulary, context; // V, n
  std::vector<std::uint16_t> near;   // [V], near[m] <= m; empty if no rule needs it
  std::uint64_t head_count = 0;      // η
  std::vector<std::uint16_t> heads;  // [V x η], each row without repetition and without its label
  std::vector<std::uint16_t> joint;  // [V], 0 or 1; empty: all 0
  std::vector<std::uint16_t> filled; // [V], at most n-1; empty if no rule needs it
  std::vector<std::uint16_t> gaps;   // [V x V x n]; empty if no rule needs it

  std::span<const std::uint16_t> heads_of(std::uint64_t m) const {
    return std::span(heads).subspan(m * head_count, head_count);
  }
  bool is_joint(std::uint64_t m) const { return !joint.empty() && joint[m] != 0; }
  // 0 where nothing is to be shown.
  std::uint64_t gap(std::uint64_t m, std::uint64_t q, std::uint64_t s) const {
    return gaps[(m * vocabulary + q) * context + s];
  }
  std::uint64_t elements() const { return near.size() + heads.size() + joint.size() + filled.size() + gaps.size(); }
};

// Fails with witness-missing, witness-unused, witness-shape, witness-value.
Witnesses read_witnesses(const Certificate&);

} // namespace verifier::attention_only
