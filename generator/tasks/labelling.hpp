// The label of a task's inputs: a function with its parameter and the positions that it reads, or a table.
#pragma once

#include "tasks/domain.hpp"

namespace proofmark {

struct Labelling {
  const Labels* function = nullptr;          // null: the table
  std::uint64_t parameter = 0;               // of the function, where it has one
  std::vector<std::uint64_t> positions = {}; // that the function reads; none: all
  std::vector<std::uint16_t> table = {};     // [N], by index
  bool operator==(const Labelling&) const = default;
};

// A finite set of inputs, all equally likely, and a label for each.
struct FiniteTask {
  Domain domain;
  Labelling label;
  bool operator==(const FiniteTask&) const = default;
};

// Nothing where the function is not defined. `index` is what a table is asked for.
std::optional<std::uint64_t> label_of(const Labelling&, std::uint64_t index, std::span<const Token> input);

// Throws Error (data) when the label of an input is none of so many classes, or its function is not defined of it, or its parameter
// or positions are not those that the function takes.
void require_labels(const FiniteTask&, std::uint64_t classes);
void require_reads(const Labelling&, std::uint64_t positions); // Error (usage): the last of these alone

std::string text(const Labelling&);     // "sum-modulo:113@0,1", as a command line has it; of a table "table"
std::string in_words(const Labelling&); // "the sum of the tokens modulo 113, at positions 0, 1"

} // namespace proofmark
