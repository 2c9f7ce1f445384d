// What a person says of a model of a family, beyond the options of a strategy: plain data (docs/explanations.md). What is left
// open, the strategy's own search completes; whatever stands here, the rules are sound.
#pragma once

#include "tasks/labels.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace proofmark::explanations {

template <class Value>
using ByLabel = std::vector<std::optional<Value>>; // [V]; empty: nothing is said; nothing at a label: left open

struct OfFamily {
  // head-tail and mixed by token, band, near-far and soft-near-far by label: outputs that the head has, perhaps not all of it.
  std::vector<std::vector<std::uint16_t>> heads; // [V]; empty: nothing is said

  std::vector<std::uint16_t> groups; // head-tail: [V], of the outputs
  std::vector<float> weights;        // head-tail: [V], of the outputs
  std::vector<LabelRange> blocks;    // block-jensen: they cover 0 .. V in order
  std::vector<std::string> rules;    // mixed: the strategy of each step

  ByLabel<std::uint16_t> near; // attention-only
  ByLabel<bool> joint;         // attention-only; open: not joint
  ByLabel<std::uint64_t> fill; // placements; open: as the option says
  ByLabel<std::uint16_t> gaps; // subcubic: [V x V x n] by label, query, free slots that do not hold the label
};

} // namespace proofmark::explanations
