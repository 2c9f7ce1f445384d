// proofmark train: task -> training -> weights, and nothing about proofs.

#include "commands/commands.hpp"
#include "commands/training_choice.hpp"
#include "files/atomic_file.hpp"
#include "files/places.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"
#include "training/history.hpp"
#include "training/training.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>

namespace proofmark {

namespace {

struct TrainCommand {
  TrainingChoice choice;
  std::string output;
  std::string history;
  bool json = false;
};

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
std::string summary(const TrainCommand& command, const Training& training, std::uint64_t context, double elapsed_s) {
  const std::string sha256 = model_sha256(training.model, context);
  const double loss = final_loss(training.losses);
  if (command.json)
    return json_text(nlohmann::ordered_json{{"model", command.output},
                                            {"model_sha256", sha256},
                                            {"objective", command.choice.objective},
                                            {"steps", training.losses.size()},
                                            {"final_loss", loss}});
  return fmt::format("trained {} steps in {:.1f} s, final {} {:.4f} nats (mean of the last five steps)\n"
                     "model {} sha256 {}\n",
                     training.losses.size(), elapsed_s, what(objective_named(command.choice.objective)), loss,
                     printable(command.output, std::string::npos), sha256);
}

void run(const TrainCommand& command) {
  const TrainingOptions options = training_options(command.choice);
  require_apart({}, {{"--output", command.output}, {"--history", command.history}});
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

  write_safetensors(output, as_file(training.model));
  if (history) write_history(*history, training.losses, options.objective);
  (on_stdout ? say : print)(summary(command, training, options.task.context, elapsed.count()));
}

} // namespace

Command train_command() {
  const auto command = std::make_shared<TrainCommand>();
  TrainingOptions& given = command->choice.given;
  given.threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<Option> options = training_table(command->choice);
  const std::vector<Option> own = {
      number("--seed", "N", given.seed, 0, std::numeric_limits<std::uint64_t>::max(), "of the random numbers"),
      threads(given.threads, "default: every core; the model does not depend on them"),
      flag("--json", command->json, "print what was trained as JSON instead of text"),
      required(text("--output", "FILE", command->output, "where the model goes (safetensors); - is standard output")),
      text("--history", "FILE", command->history, "where the loss or bound of every step goes (CSV)"),
  };
  options.insert(options.end(), own.begin(), own.end());
  return {"train",      "Train a network to find the largest of n tokens.", {}, options,
          R"(examples:
  proofmark train --output max2.safetensors
  proofmark train --context 3 --vocabulary 256 --output max3.safetensors --history max3.csv
  proofmark train --family attention-only --output attention.safetensors
  proofmark train --objective head-tail --steps 1500 --output provable.safetensors
  proofmark train --output - | proofmark prove - --strategy symmetry --output proof.json
)", [command](const Given&) { run(*command); }};
}

} // namespace proofmark
