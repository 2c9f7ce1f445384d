#include "commands/training/training_choice.hpp"

#include "families/families.hpp"
#include "models/tensors.hpp"
#include "networks/training/recipes.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

namespace proofmark {

std::vector<Option> training_table(TrainingChoice& choice, bool recipes) {
  const TrainingOptions sums = token_sum_family.training.recipe(), attention = attention_only_family.training.recipe();
  const auto by_family = [=](const char* summary, std::uint64_t of_sums, std::uint64_t of_attention,
                             const char* of_recipes = "") {
    return fmt::format("{} (default: {}, attention-only: {}{})", summary, of_sums, of_attention,
                       recipes ? of_recipes : "");
  };
  std::vector<std::string> names = family_names();
  std::string families =
      "token-sum: the tutorial's linear network; attention-only: a transformer of one layer and one head";
  std::string rates = "of AdamW", decays = "of AdamW, decoupled, on all weights";
  if (recipes) {
    for (const networks::Recipe* recipe : networks::recipes()) {
      names.emplace_back(recipe->name);
      families += fmt::format("; {}: {}", recipe->name, recipe->summary);
    }
    rates += " (mlp: 0.01)";
    decays += " (mlp: 0.0002, in the gradient, not on biases; transformer: 1)";
  }
  return {
      word("--family", choice.family, {"family", "families", std::move(names)}, families),
      number("--context", "N", choice.context, 1, limits::context,
             by_family("tokens in an input (n)", sums.task.context, attention.task.context)),
      number("--vocabulary", "N", choice.vocabulary, 1, limits::vocabulary,
             by_family("different tokens (V)", sums.task.vocabulary, attention.task.vocabulary)),
      number("--width", "N", choice.width, 1, limits::width,
             by_family("width of the network (d)", sums.width, attention.width,
                       ", mlp, transformer: 128, --architecture: 32")),
      number("--head-width", "N", choice.head_width, 1, limits::width,
             recipes ? "width of a head (default: --width, transformer, --architecture: --width over heads)"
                     : "attention-only: width of the head (default: --width)"),
      number("--steps", "N", choice.steps, 1, most_training_steps,
             by_family("steps of AdamW", sums.steps, attention.steps,
                       ", mlp: 750, transformer: 1000, --architecture: 3000")),
      number("--batch", "N", choice.batch, 1, 1'048'576,
             by_family("fresh inputs a step", sums.batch, attention.batch,
                       ", mlp, transformer: all that are trained on, --architecture: 256")),
      word("--objective", choice.objective, {"objective", "objectives", objective_names()},
           "cross-entropy; head-tail (token-sum, contexts 2 and 3): the upper bound of it that a short proof can "
           "state; cubic (attention-only): with a penalty for what the rule cubic@1 cannot show; low-rank (described "
           "networks): with a penalty for what the last map has beyond --rank"),
      formerly("--head", number("--top", "N", choice.top, 1, limits::vocabulary,
                                "with head-tail: outputs that each token's head carries (m; default: 1)")),
      number("--rank", "K", choice.rank, 1, limits::width,
             "with low-rank: of the last map; what it has beyond is penalised"),
      real("--learning-rate", choice.given.optimizer.learning_rate, false, rates),
      real("--weight-decay", choice.given.optimizer.weight_decay, true, decays),
      real("--cool-down", choice.cool_down, true, "of the steps, the last share, in which the rate falls to nothing"),
  };
}

AdamWOptions cooled(AdamWOptions optimizer, double cool_down, std::uint64_t steps) {
  if (cool_down > 1) throw Error(Exit::usage, "--cool-down: expected a share of the steps, at most 1");
  optimizer.cool_to = steps;
  optimizer.cool_from = steps - static_cast<std::uint64_t>(cool_down * static_cast<double>(steps));
  return optimizer;
}

TrainingOptions training_options(const TrainingChoice& choice) {
  TrainingOptions options = family_named(choice.family).training.recipe();
  options.task.context = choice.context.value_or(options.task.context);
  options.task.vocabulary = choice.vocabulary.value_or(options.task.vocabulary);
  options.width = choice.width.value_or(options.width);
  options.steps = choice.steps.value_or(options.steps);
  options.batch = choice.batch.value_or(options.batch);
  options.optimizer = cooled(choice.given.optimizer, choice.cool_down, options.steps);
  options.seed = choice.given.seed;
  options.threads = choice.given.threads;
  options.objective = objective_named(choice.objective);
  if (choice.top && options.objective != Objective::head_tail)
    throw Error(Exit::usage, fmt::format("--top is given, but the objective {} has no heads", choice.objective),
                options.family == &token_sum_family ? "add --objective head-tail, or leave --top out"
                                                    : "leave --top out");
  options.top = choice.top.value_or(options.top);
  if (options.objective == Objective::low_rank || choice.rank)
    throw Error(Exit::usage,
                fmt::format("{} is of described networks, not of the family {}",
                            choice.rank ? "--rank" : "the objective low-rank", choice.family),
                "add --family mlp, --family transformer or --architecture FILE");
  if (choice.head_width && options.family != &attention_only_family)
    throw Error(Exit::usage, fmt::format("--head-width is given, but the family {} has no attention", choice.family),
                "add --family attention-only, or leave --head-width out");
  options.head_width = choice.head_width.value_or(0);
  options.family->training.require_objective(options);
  if (options.task.vocabulary > options.family->largest_vocabulary)
    throw Error(Exit::usage,
                fmt::format("--vocabulary {}: a model of the family {} has V from 1 to {}", options.task.vocabulary,
                            options.family->name, options.family->largest_vocabulary),
                size_hint);
  return options;
}

} // namespace proofmark
