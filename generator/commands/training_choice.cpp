#include "commands/training_choice.hpp"

#include "commands/values.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace proofmark {

namespace {

CLI::Validator real_number(bool zero_allowed) {
  return CLI::Validator(
      [=](const std::string& text) {
        double number = 0;
        const bool valid = CLI::detail::lexical_cast(text, number) && std::isfinite(number);
        if (!valid || number < 0 || (number == 0 && !zero_allowed))
          return fmt::format("expected a finite number {}, found {}", zero_allowed ? "from 0" : "above 0",
                             in_quotes(text));
        return std::string();
      },
      zero_allowed ? ">=0" : ">0");
}

} // namespace

std::vector<CLI::Option*> add_training_options(CLI::App& command, TrainingChoice& choice) {
  std::vector<CLI::Option*> added;
  const auto add_size = [&](const char* name, std::optional<std::uint64_t>& value, const std::string& description,
                            std::uint64_t largest) {
    if (command.get_option_no_throw(name) == nullptr)
      added.push_back(command.add_option(name, value, description)->check(whole_number(1, largest))->type_name("N"));
  };
  const auto add_real = [&](const char* name, double& value, const char* description, bool zero_allowed) {
    added.push_back(command.add_option(name, value, description)
                        ->capture_default_str()
                        ->check(real_number(zero_allowed))
                        ->type_name("X"));
  };
  const TrainingOptions sums = recipe(Family::token_sum), attention = recipe(Family::attention_only);
  const auto by_family = [](const char* description, std::uint64_t of_sums, std::uint64_t of_attention) {
    return fmt::format("{} (default: {}, attention-only: {})", description, of_sums, of_attention);
  };
  added.push_back(
      command
          .add_option(
              "--family", choice.family,
              "token-sum: the tutorial's linear network; attention-only: a transformer of one layer and one head")
          ->check(one_of("family", "families", family_names()))
          ->type_name("NAME")
          ->capture_default_str());
  add_size("--context", choice.context, by_family("tokens in an input (n)", sums.task.context, attention.task.context),
           limits::context);
  add_size("--vocabulary", choice.vocabulary,
           by_family("different tokens (V)", sums.task.vocabulary, attention.task.vocabulary), limits::vocabulary);
  add_size("--width", choice.width, by_family("width of the network (d)", sums.width, attention.width), limits::width);
  add_size("--head-width", choice.head_width, "attention-only: width of the head (default: --width)", limits::width);
  add_size("--steps", choice.steps, by_family("steps of AdamW", sums.steps, attention.steps), most_training_steps);
  add_size("--batch", choice.batch, by_family("fresh inputs a step", sums.batch, attention.batch), 1'048'576);
  added.push_back(
      command
          .add_option(
              "--objective", choice.objective,
              "cross-entropy; head-tail (token-sum, contexts 2 and 3): the upper bound of it that a short proof "
              "can state; cubic "
              "(attention-only): with a penalty for what the rule cubic@1 cannot show")
          ->check(one_of("objective", "objectives", objective_names()))
          ->type_name("NAME")
          ->capture_default_str());
  add_size("--head", choice.head, "columns in the head of each token (m), with head-tail (default: 1)",
           limits::vocabulary);
  add_real("--learning-rate", choice.given.optimizer.learning_rate, "of AdamW", false);
  add_real("--weight-decay", choice.given.optimizer.weight_decay, "of AdamW, decoupled, on all weights", true);
  return added;
}

TrainingOptions training_options(const TrainingChoice& choice) {
  TrainingOptions options = recipe(family_named(choice.family));
  options.task.context = choice.context.value_or(options.task.context);
  options.task.vocabulary = choice.vocabulary.value_or(options.task.vocabulary);
  options.width = choice.width.value_or(options.width);
  options.steps = choice.steps.value_or(options.steps);
  options.batch = choice.batch.value_or(options.batch);
  options.optimizer = choice.given.optimizer;
  options.seed = choice.given.seed;
  options.threads = choice.given.threads;
  options.objective = objective_named(choice.objective);
  if (choice.head && options.objective != Objective::head_tail)
    throw Error(Exit::usage, fmt::format("--head is given, but the objective {} has no heads", choice.objective),
                options.family == Family::token_sum ? "add --objective head-tail, or leave --head out"
                                                    : "leave --head out");
  options.head = choice.head.value_or(options.head);
  if (choice.head_width && options.family != Family::attention_only)
    throw Error(Exit::usage, fmt::format("--head-width is given, but the family {} has no attention", choice.family),
                "add --family attention-only, or leave --head-width out");
  options.head_width = choice.head_width.value_or(0);
  require_objective(options);
  if (options.task.vocabulary > largest_vocabulary(options.family))
    throw Error(Exit::usage,
                fmt::format("--vocabulary {}: a model of the family {} has V from 1 to {}", options.task.vocabulary,
                            name(options.family), largest_vocabulary(options.family)),
                size_hint);
  return options;
}

} // namespace proofmark
