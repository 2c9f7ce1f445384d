// The length of a proof, before anyone checks it: what the verifier's tables and steps will take (schema/FORMAT.md, section 8).
//
// A dry run performs the rules' computations on shapes alone, without a number: each rule has a short program, which follows its
// page, on tensors that know their sizes and charge for what is done with them (tensor.hpp). The verifier charges with its own
// code; the two must agree.
//
// What is charged depends on the task, on shapes and on the witnesses. Where these are known, a dry run is exact, for all twelve
// rules: what their tests decide (band@1, cubic@1, subcubic@1, near-far@1, placements@1) comes after the work and changes no charge.
// Before witnesses are known it states the most that any witness of these sizes may take: see `Hints`.
#pragma once

#include "lengths/operations.hpp"
#include "models/shape.hpp"
#include "tasks/inputs.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace proofmark {

struct HeadTail; // families/token_sum/

// Witnesses, as far as lengths depend on them. A rule looks at its own.
struct Hints {
  std::vector<LabelRange> blocks; // block-jensen@1: they cover 0 .. V in order

  // head-tail@1. Without `heads` ([V x m]): at most, for any heads of these sizes, whatever multipliers are 0. With them the dry run
  // visits each sorted input once, since an input pays for the outputs that its tokens' heads have together.
  std::shared_ptr<const HeadTail> head_tail;

  // attention-only, by label [V]
  std::vector<std::uint16_t> near;  // near-far@1, band@1, soft-near-far@1, placements@1: near tokens, at most the label
  std::uint64_t heads = 0;          // near-far@1, band@1, soft-near-far@1: outputs in each label's head
  std::vector<std::uint8_t> joint;  // the same rules; empty: of no label
  std::vector<std::uint8_t> filled; // placements@1: up to how many near slots are filled in full
  std::vector<std::uint16_t> gaps;  // subcubic@1 [V x V x n]; empty: at most, all gaps that there may be
};

// What a family's rules take.
struct DryRuns {
  // What all steps share, if they cite these rules and no other.
  Operations (*tables)(const Shape&, std::span<const std::string_view> rules, const Hints&);

  // A step that this rule closes.
  Operations (*step)(const Task&, std::string_view rule, LabelRange, const Hints&, bool correct);
};

// Of the certificates of one model (its shape) with these witnesses.
class Lengths {
public:
  explicit Lengths(const Shape&, Hints = {});

  // What all steps share, if they cite these rules and no other.
  Operations tables(std::span<const std::string_view> rules) const;

  // A step that this rule closes; `correct`: whether steps state correct inputs, or margins. A step's budget is one at least, also
  // where this is 0 (attention-only with one token). Beyond limits::length, which no certificate may have, there may be more.
  Operations step(std::string_view rule, LabelRange, bool correct) const;

private:
  Shape shape_;
  Hints hints_;
};

// A step declares two numbers for its loss, two for its correct inputs, one for its margin.
Operations conclusion_operations(std::uint64_t steps, std::uint64_t declared_by_each, std::uint64_t claims);

} // namespace proofmark
