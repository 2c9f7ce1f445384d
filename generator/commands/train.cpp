// proofmark train: task -> training -> weights, and nothing about proofs.

#include "commands/training/network_choice.hpp"
#include "commands/training/training_choice.hpp"
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
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>

namespace proofmark {

namespace {

struct TrainCommand {
  TrainingChoice choice;
  NetworkChoice network;
  std::string output;
  std::string history;
  bool json = false;
};

const char* what(Objective objective) { // the numbers of the history are
  switch (objective) {
  case Objective::head_tail:
    return "head-tail bound";
  case Objective::cubic:
  case Objective::low_rank:
    return "loss with penalty";
  default:
    return "loss";
  }
}

struct Trained {
  SafetensorsFile file;
  std::vector<double> losses;
  nlohmann::ordered_json record;                     // what --json prints
  std::function<std::string(double elapsed_s)> text; // and what it is told otherwise
};

Trained of_family(const TrainCommand& command, const TrainingOptions& options, const AfterStep& after_step) {
  Training training = train(options, after_step);
  const std::string sha256 = model_sha256(training.model, options.task.context);
  const double loss = final_loss(training.losses);
  const std::size_t steps = training.losses.size();
  return {as_file(training.model),
          std::move(training.losses),
          {{"model", command.output},
           {"model_sha256", sha256},
           {"objective", command.choice.objective},
           {"steps", steps},
           {"final_loss", loss}},
          [=, name = command.output, objective = options.objective](double elapsed_s) {
            return fmt::format("trained {} steps in {:.1f} s, final {} {:.4f} nats (mean of the last five steps)\n"
                               "model {}, model digest {}\n",
                               steps, elapsed_s, what(objective), loss, printable(name, std::string::npos), sha256);
          }};
}

// What a described network's file leaves out, for `prove`.
std::string left_out(const FiniteTask& task) {
  std::string text;
  if (!task.domain.is_product()) text += "its file does not hold the list of inputs: give --inputs to 'prove' too\n";
  if (!task.label.function) text += "its file does not hold the table: give --label to 'prove' too\n";
  return text;
}

Trained of_network(const TrainCommand& command, const networks::NetworkTraining& options, const AfterStep& after_step) {
  networks::TrainedNetwork trained = networks::train(options, after_step);
  const double loss = final_loss(trained.losses);
  const std::size_t steps = trained.losses.size();
  const std::string where = printable(command.output, std::string::npos), objective = command.choice.objective;
  const auto text = [=, inputs = trained.inputs, trained_on = trained.trained_on, correct = trained.correct,
                     sha256 = trained.sha256, more = left_out(options.task)](double elapsed_s) {
    return fmt::format("trained {} steps in {:.1f} s on {} of {} inputs, final {} {:.4f} nats (mean of the last five "
                       "steps)\nright on {} of all {} inputs, as far as floats can tell\nmodel {}, model digest {}\n{}",
                       steps, elapsed_s, trained_on, inputs, what(objective_named(objective)), loss, correct, inputs,
                       where, sha256, more);
  };
  return {std::move(trained.file),
          std::move(trained.losses),
          {{"model", command.output},
           {"model_sha256", trained.sha256},
           {"inputs", trained.inputs},
           {"trained_on", trained.trained_on},
           {"correct", trained.correct},
           {"steps", steps},
           {"final_loss", loss}},
          text};
}

void run(const TrainCommand& command, std::uint64_t steps, Objective objective,
         const std::function<Trained(const AfterStep&)>& work) {
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
  Trained trained = [&] {
    Progress progress("training");
    return work([&](std::uint64_t done, double loss) {
      progress(static_cast<double>(done) / static_cast<double>(steps), fmt::format("step {}, loss {:.4f}", done, loss));
    });
  }();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;

  write_safetensors(output, std::move(trained.file));
  if (history) write_history(*history, trained.losses, objective);
  (on_stdout ? say : print)(command.json ? json_text(trained.record) : trained.text(elapsed.count()));
}

void run(const TrainCommand& command, const Given& given) {
  if (const networks::Recipe* recipe = recipe_of(command.choice, command.network, given)) {
    const networks::NetworkTraining options = network_training(*recipe, command.choice, command.network, given);
    run(command, options.schedule.steps, objective_named(command.choice.objective),
        [&](const AfterStep& after_step) { return of_network(command, options, after_step); });
  } else {
    const TrainingOptions options = training_options(command.choice);
    run(command, options.steps, options.objective,
        [&](const AfterStep& after_step) { return of_family(command, options, after_step); });
  }
}

} // namespace

Command train_command() {
  const auto command = std::make_shared<TrainCommand>();
  TrainingOptions& given = command->choice.given;
  given.threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<Option> options = training_table(command->choice, true);
  const std::vector<Option> of_networks = network_table(command->network);
  options.insert(options.end(), of_networks.begin(), of_networks.end());
  const std::vector<Option> own = {
      number("--seed", "N", given.seed, 0, std::numeric_limits<std::uint64_t>::max(), "of the random numbers"),
      threads(given.threads, "default: every core; the model does not depend on them"),
      flag("--json", command->json, "print what was trained as JSON instead of text"),
      required(text("--output", "FILE", command->output, "where the model goes (safetensors); - is standard output")),
      text("--history", "FILE", command->history, "where the loss or bound of every step goes (CSV)"),
  };
  options.insert(options.end(), own.begin(), own.end());
  return {"train",      "Train a network: to find the largest of n tokens, or on a label of your own.",
          {},           options,
          R"(examples:
  proofmark train --output max2.safetensors
  proofmark train --context 3 --vocabulary 256 --output max3.safetensors --history max3.csv
  proofmark train --family attention-only --output attention.safetensors
  proofmark train --objective head-tail --steps 1500 --output provable.safetensors
  proofmark train --family mlp --label symmetric-group:5 --output s5.safetensors
  proofmark train --family transformer --label sum-modulo:59 --output addition.safetensors
  proofmark train --architecture network.json --inputs 0..2,0..2,0..2,0..2 --label balanced-brackets --output own.safetensors
  proofmark train --output - | proofmark prove - --strategy symmetry --output proof.json
)", [command](const Given& given) { run(*command, given); }};
}

} // namespace proofmark
