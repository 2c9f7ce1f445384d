// The options of `train` that say what described network is trained, and on what.
#pragma once

#include "commands/commands.hpp"
#include "commands/training/training_choice.hpp"
#include "networks/training/recipes.hpp"

namespace proofmark {

struct NetworkChoice {
  std::string architecture, inputs, label;
  std::optional<std::uint64_t> heads, mlp_width, blocks;
  double share = 0;
};

std::vector<Option> network_table(NetworkChoice&);

// The recipe of --family, or that of --architecture; null where a family of networks is trained that has rules of its own. Throws
// Error (usage) where options of both are given.
const networks::Recipe* recipe_of(const TrainingChoice&, const NetworkChoice&, const Given&);

// Throws Error (usage, data, io) for options and files that do not fit together.
networks::NetworkTraining network_training(const networks::Recipe&, const TrainingChoice&, const NetworkChoice&,
                                           const Given&);

} // namespace proofmark
