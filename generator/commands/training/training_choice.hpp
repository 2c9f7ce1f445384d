// The options that say what is trained and how: of `train`, and of `frontier` over seeds.
#pragma once

#include "commands/option.hpp"
#include "families/families.hpp"
#include "training/training.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

inline constexpr std::uint64_t most_training_steps = 1'000'000'000;

// As given; what is not given is the family's recipe. The seed and threads stand in `given`.
struct TrainingChoice {
  TrainingOptions given;
  std::string family = std::string(families().front()->name);
  std::string objective = std::string(name(Objective::cross_entropy));
  std::optional<std::uint64_t> context, vocabulary, width, steps, batch;
  std::optional<std::uint64_t> top, rank, head_width; // of one objective each, of one family
  double cool_down = 0;                               // of the steps
};

// All but --seed and --threads; --family also takes the recipes of described networks where these are trained.
std::vector<Option> training_table(TrainingChoice&, bool recipes);

// The optimizer, with a rate that falls over the last share of so many steps. Throws Error (usage) for a share above 1.
AdamWOptions cooled(AdamWOptions, double cool_down, std::uint64_t steps);

// Throws Error (usage) for options that do not fit together.
TrainingOptions training_options(const TrainingChoice&);

} // namespace proofmark
