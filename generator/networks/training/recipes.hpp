// Networks that `train` describes itself, each with the sizes and the optimizer with which it learns its usual task.
#pragma once

#include "networks/training/training.hpp"

#include <optional>
#include <span>

namespace proofmark::networks {

struct RecipeSizes {
  std::uint64_t width, heads, mlp_width, blocks; // heads, MLPs and blocks of transformers
};

struct Recipe {
  std::string_view name;    // "mlp", as --family has it
  std::string_view summary; // for --help
  RecipeSizes sizes;
  std::uint64_t steps;
  std::uint64_t batch; // 0: all that is trained on
  double share;        // of the inputs
  AdamWOptions optimizer;
  bool factored;

  // JSON, of a network with so many positions; null: a file has it.
  std::string (*architecture)(std::uint64_t positions, const RecipeSizes&);

  // What --inputs is where a label is a function of two operands, each one of so many; null: it has to be given.
  std::string (*inputs)(std::uint64_t operands);
};

std::span<const Recipe* const> recipes();
const Recipe* recipe_named(std::string_view); // null when there is none
const Recipe& described_recipe();             // for a description that somebody gives

// How many operands there are of which sum-modulo and symmetric-group take two; nothing of other labels.
std::optional<std::uint64_t> operands(const Labelling&);

} // namespace proofmark::networks
