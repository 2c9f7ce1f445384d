// proofmark train: task -> training -> weights, and nothing about proofs.

#include "../atomic_file.hpp"
#include "../error.hpp"
#include "../history.hpp"
#include "../in_quotes.hpp"
#include "../progress.hpp"
#include "../training.hpp"
#include "commands.hpp"
#include "values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <unistd.h>

namespace proofmark {

namespace {

struct TrainCommand {
  TrainingOptions given; // what every family takes
  std::string family = std::string(name(Family::token_sum));
  std::optional<std::uint64_t> context, vocabulary, width, steps, batch; // else the family's recipe
  std::optional<std::uint64_t> head, head_width;                         // of one objective, of one family
  std::string output;
  std::string history;
  std::string objective = std::string(name(Objective::cross_entropy));
  bool json = false;
};

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

TrainingOptions options_of(const TrainCommand& command) {
  TrainingOptions options = recipe(family_named(command.family));
  options.task.context = command.context.value_or(options.task.context);
  options.task.vocabulary = command.vocabulary.value_or(options.task.vocabulary);
  options.width = command.width.value_or(options.width);
  options.steps = command.steps.value_or(options.steps);
  options.batch = command.batch.value_or(options.batch);
  options.optimizer = command.given.optimizer;
  options.seed = command.given.seed;
  options.threads = command.given.threads;
  options.objective = objective_named(command.objective);
  if (command.head && options.objective != Objective::head_tail)
    throw Error(Exit::usage, fmt::format("--head is given, but the objective {} has no heads", command.objective),
                options.family == Family::token_sum ? "add --objective head-tail, or leave --head out"
                                                    : "leave --head out");
  options.head = command.head.value_or(options.head);
  if (command.head_width && options.family != Family::attention_only)
    throw Error(Exit::usage, fmt::format("--head-width is given, but the family {} has no attention", command.family),
                "add --family attention-only, or leave --head-width out");
  options.head_width = command.head_width.value_or(0);
  require_objective(options);
  return options;
}

const char* what(Objective objective) { // the numbers of the history are
  switch (objective) {
  case Objective::head_tail:
    return "head-tail bound";
  case Objective::cubic:
    return "loss with penalty";
  default:
    return "loss";
  }
}

// What to print when all is written.
std::string summary(const TrainCommand& command, const Training& training, double elapsed_s) {
  const std::string sha256 = model_sha256(training.model);
  const double loss = final_loss(training.losses);
  if (command.json)
    return nlohmann::ordered_json{{"model", command.output},
                                  {"model_sha256", sha256},
                                  {"objective", command.objective},
                                  {"steps", training.losses.size()},
                                  {"final_loss", loss}}
               .dump(2) +
           "\n";
  return fmt::format("trained {} steps in {:.1f} s, final {} {:.4f} nats (mean of the last five steps)\n"
                     "model {} sha256 {}\n",
                     training.losses.size(), elapsed_s, what(objective_named(command.objective)), loss, command.output,
                     sha256);
}

void run(const TrainCommand& command) {
  const TrainingOptions options = options_of(command);
  std::error_code ignored;
  if (!command.history.empty() && std::filesystem::weakly_canonical(command.output, ignored) ==
                                      std::filesystem::weakly_canonical(command.history, ignored))
    throw Error(Exit::usage, "--output and --history name the same file " + in_quotes(command.output),
                "the history is a CSV file of its own");
  const bool on_stdout = command.output == "-" || command.history == "-";
  if (command.json && on_stdout)
    throw Error(Exit::usage, "--json prints on standard output, which has the model or the history already",
                "write those to files");
  if (command.output == "-" && isatty(STDOUT_FILENO) == 1)
    throw Error(Exit::usage, "a model is binary, and standard output is a terminal",
                "send it on, as in 'proofmark train --output - | proofmark prove - ..', or name a file");
  // Opened first, so that a destination that cannot be written is found out before the work and not after it.
  AtomicFile output(command.output);
  std::optional<AtomicFile> history;
  if (!command.history.empty()) history.emplace(command.history);

  const auto begin = std::chrono::steady_clock::now();
  const Training training = [&] {
    Progress progress("training");
    const double steps = static_cast<double>(options.steps);
    return train(options, [&](std::uint64_t done, double loss) {
      progress(static_cast<double>(done) / steps, fmt::format("step {}, loss {:.4f}", done, loss));
    });
  }();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;

  write_safetensors(output, tensors(training.model));
  if (history) write_history(*history, training.losses, options.objective);
  fmt::print(on_stdout ? stderr : stdout, "{}", summary(command, training, elapsed.count()));
}

} // namespace

void add_train(CLI::App& app) {
  const auto command = std::make_shared<TrainCommand>();
  TrainingOptions& given = command->given;
  given.threads = std::max(1U, std::thread::hardware_concurrency());

  CLI::App* train = app.add_subcommand("train", "Train a network to find the largest of n tokens.");
  const auto add = [&](const char* name, auto& value, const char* description, const CLI::Validator& validator) {
    const bool real = std::is_floating_point_v<std::remove_reference_t<decltype(value)>>;
    return train->add_option(name, value, description)
        ->capture_default_str()
        ->check(validator)
        ->type_name(real ? "X" : "N");
  };
  const TrainingOptions sums = recipe(Family::token_sum), attention = recipe(Family::attention_only);
  const auto add_size = [&](const char* name, std::optional<std::uint64_t>& value, const char* description,
                            std::uint64_t of_sums, std::uint64_t of_attention, std::uint64_t largest) {
    train
        ->add_option(name, value,
                     fmt::format("{} (default: {}, attention-only: {})", description, of_sums, of_attention))
        ->check(whole_number(1, largest))
        ->type_name("N");
  };
  train
      ->add_option("--family", command->family,
                   "token-sum: the tutorial's linear network; attention-only: a transformer of one layer and one head")
      ->check(one_of("family", "families", family_names()))
      ->type_name("NAME")
      ->capture_default_str();
  add_size("--context", command->context, "tokens in an input (n)", sums.task.context, attention.task.context,
           largest_context);
  add_size("--vocabulary", command->vocabulary, "different tokens (V)", sums.task.vocabulary, attention.task.vocabulary,
           largest_vocabulary);
  add_size("--width", command->width, "width of the network (d)", sums.width, attention.width, largest_width);
  train->add_option("--head-width", command->head_width, "attention-only: width of the head (default: --width)")
      ->check(whole_number(1, largest_width))
      ->type_name("N");
  add_size("--steps", command->steps, "steps of AdamW", sums.steps, attention.steps, 1'000'000'000);
  add_size("--batch", command->batch, "fresh inputs a step", sums.batch, attention.batch, 1'048'576);
  train
      ->add_option("--objective", command->objective,
                   "cross-entropy; head-tail (token-sum, contexts 2 and 3): the upper bound of it that a short proof "
                   "can state; cubic "
                   "(attention-only): with a penalty for what the rule cubic@1 cannot show")
      ->check(one_of("objective", "objectives", objective_names()))
      ->type_name("NAME")
      ->capture_default_str();
  train->add_option("--head", command->head, "columns in the head of each token (m), with head-tail (default: 1)")
      ->check(whole_number(1, largest_vocabulary))
      ->type_name("N");
  add("--learning-rate", given.optimizer.learning_rate, "of AdamW", real_number(false));
  add("--weight-decay", given.optimizer.weight_decay, "of AdamW, decoupled, on all weights", real_number(true));
  add("--seed", given.seed, "of the random numbers", whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  train->add_option("--threads", given.threads, "default: every core; the model does not depend on them")
      ->check(whole_number(1, 256))
      ->type_name("N");
  train->add_flag("--json", command->json, "print what was trained as JSON instead of text");
  train->add_option("--output", command->output, "where the model goes (safetensors); - is standard output")
      ->required()
      ->type_name("MODEL");
  train->add_option("--history", command->history, "where the loss or bound of every step goes (CSV)")
      ->type_name("CSV");
  train->footer("Examples:\n"
                "  proofmark train --output max2.safetensors\n"
                "  proofmark train --context 3 --vocabulary 256 --output max3.safetensors --history max3.csv\n"
                "  proofmark train --family attention-only --output attention.safetensors\n"
                "  proofmark train --objective head-tail --steps 1500 --output provable.safetensors\n"
                "  proofmark train --output - | proofmark prove - --strategy symmetry --output proof.json\n");
  train->callback([command] { run(*command); });
}

} // namespace proofmark
