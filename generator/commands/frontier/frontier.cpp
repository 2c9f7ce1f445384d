// proofmark frontier: one model, a proof of every kind and size, each verified; what tightness costs, as a table.

#include "commands/frontier/frontier.hpp"

#include "commands/commands.hpp"
#include "families/families.hpp"
#include "files/folder_lock.hpp"
#include "files/places.hpp"
#include "models/model_file.hpp"
#include "network_proofs/strategies.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>

namespace proofmark {

namespace {

bool colour() {
  const char* const no_color = std::getenv("NO_COLOR");
  return is_able_terminal(STDOUT_FILENO) && (no_color == nullptr || *no_color == '\0');
}

bool is_one_of(const Option& option, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), option.name()) != names.end();
}

// Options of `train` that no proof has too.
std::vector<Option> only_of_training(TrainingChoice& choice, NetworkChoice& network) {
  std::vector<Option> options = training_table(choice, true);
  const std::vector<Option> of_networks = network_table(network);
  options.insert(options.end(), of_networks.begin(), of_networks.end());
  std::erase_if(options, [](const Option& option) {
    return is_one_of(option, {"--context", "--steps", "--architecture", "--inputs", "--label"});
  });
  return options;
}

Subject subject_of(SafetensorsFile file, const FrontierCommand& options) {
  const NetworkChoice& network = options.network;
  auto chosen =
      chosen_model(std::move(file), {network.architecture, network.inputs, network.label, options.proof.context});
  ProofOptions common = options.proof;
  if (const auto* const described = std::get_if<NetworkModel>(&chosen)) {
    common.context = 0;
    return subject_of(described->model, described->task, common);
  }
  const auto& [model, context] = std::get<FamilyModel>(chosen);
  common.context = context_of(model, context);
  if (const std::string note = context_note(model, common.context); !note.empty()) say("note: " + note);
  return subject_of(model, common);
}

void run(const FrontierCommand& options, const Given& given) {
  if (options.model.empty() == options.seeds.empty())
    throw Error(Exit::usage,
                options.model.empty() ? "there is no model" : "there is a model, and --seeds trains others",
                "give a model, or --seeds 1..8 with what 'proofmark train' takes");
  TrainingChoice unused;
  NetworkChoice unused_too;
  for (const Option& option : only_of_training(unused, unused_too))
    if (options.seeds.empty() && std::count(given.begin(), given.end(), option.name()) > 0)
      throw Error(Exit::usage, fmt::format("{} says how models are trained, and there is no --seeds", option.name()),
                  "add --seeds 1..8 in place of a model, or leave it out");
  if (options.list && !options.seeds.empty())
    throw Error(Exit::usage, "--list shows the points of a model, and --seeds trains others",
                "leave one of the two out");
  if (options.output.empty() && !options.list)
    throw Error(Exit::usage, "--output is required", "see 'proofmark frontier --help'");
  if (!options.seeds.empty()) return run_over_seeds(options, given);
  if (!options.list)
    require_apart({{"the model", options.model},
                   {"--architecture", options.network.architecture},
                   {"the verifier", options.verifier}},
                  Folder{options.output}.places("--output"));
  const Subject subject = subject_of(read_model_file(options.model), options);
  const Selected selected = request(subject, options);
  if (options.list) return list_points(subject, options.json);

  const SeparateVerifier verifier = separate_verifier(options.verifier);
  const Folder written = folder(options.output);
  const FolderLock lock(written.path);
  const Frontier frontier = [&] {
    Progress progress("frontier");
    return make_frontier(subject, selected,
                         {written, verifier, [&](double done, const std::string& note) { progress(done, note); },
                          [&](const std::string& line) { progress.say(line); }});
  }();
  if (options.json)
    print(json(frontier, rows(frontier)));
  else
    print(fmt::format("{}{} has frontier.csv, frontier.json, labels.csv, and the certificates with their receipts.\n",
                      text(frontier, rows(frontier), colour()), in_quotes(options.output)));
  require_verified(unverified_points(frontier));
  if (frontier.points.empty())
    throw Error(Exit::data, "none of the points could be proved: the lines above say why",
                "'proofmark prove' says more about one of them");
}

} // namespace

Command frontier_command() {
  const auto options = std::make_shared<FrontierCommand>();
  ProofOptions& proof = options->proof;
  proof.threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<Option> table = {
      number("--context", "N", proof.context, 1, limits::context,
             "tokens of an input (default: what the model's file says)"),
      text("--architecture", "FILE", options->network.architecture,
           "the description of the network (default: the file's metadata, or the names of a family)"),
      text("--inputs", "SPEC", options->network.inputs,
           "its inputs, as 'prove' takes them; with --seeds as 'train' does (default: the metadata, or every token)"),
      text("--label", "NAME", options->network.label,
           "what it is to find, as 'proofmark task' lists it (default: the metadata)"),
      words("--points", options->points, {}, "only these points, and those of --strategies"),
      words("--strategies", options->strategies, {"strategy", "strategies", every_strategy_name()},
            "only points of these strategies, and those of --points"),
      flag("--list", options->list, "list the points and the lengths of their proofs, and do nothing"),
      flag("--json", options->json, "print the table, or with --list the points, as JSON instead of text"),
      number(
          "--steps", "N", proof.steps, 1, most_training_steps,
          "steps of every proof, each over a range of labels (default: 64, or V); V gives bounds label by label; of a "
          "network's inputs; "
          "with --seeds, steps of the training"),
      threads(proof.threads, "threads of both programs (default: every core); no bound depends on them"),
      flag("--force", proof.force, "prove even what is likely to take more than half an hour"),
      text("--verifier", "FILE", options->verifier,
           "the separate verifier, a program (default: proofmark-verify beside this one)"),
      text("--seeds", "A..B", options->seeds,
           "no model, but one for each of these seeds, trained as the options of 'train' say, and a table of all: "
           "1..8, or 1..4,11"),
      text("--output", "DIR", options->output, "the folder to write, made where it does not exist"),
  };
  const std::vector<Option> of_training = only_of_training(options->training, options->network);
  table.insert(table.end() - 1, of_training.begin(), of_training.end());
  return {"frontier",
          "Prove a model in every way, verify, and compare: bound against length.",
          {text("", "MODEL", options->model, "the model, a safetensors file; - for standard input")},
          table,
          R"(What is written to DIR: frontier.csv and frontier.json (a row a point), labels.csv (the bounds by label),
certificates/, receipts/, and points/ (records of what is done). docs/frontier.md defines every column.

A second run keeps what is finished: points whose model, parameters, versions and files are unchanged. The tables
show every point in DIR that holds for the model, so that points can be added with --points.

With --seeds, DIR gets seeds.csv and seeds.json (a row a point: means, deviations, least and largest over the seeds)
and for each seed a folder with the model and its frontier, which a second run keeps likewise.

Exit codes: 0, every certificate was verified; 1, one was not (the others are kept); 64, 65, 66 as for the other
commands; 130, interrupted (finished points are kept).

examples:
  proofmark frontier model.safetensors --context 2 --output frontier
  proofmark frontier model.safetensors --context 3 --list
  proofmark frontier model.safetensors --list --json
  proofmark frontier model.safetensors --points symmetry,convexity --output frontier
  proofmark frontier model.safetensors --strategies enumeration --output frontier
  proofmark frontier network.safetensors --label sum-modulo:113@0,1 --output frontier
  proofmark frontier --seeds 1..10 --family mlp --label symmetric-group:5 --output seeds
  proofmark frontier --seeds 1..8 --family attention-only --context 4 --vocabulary 64 --output seeds
)",
          [options](const Given& given) { run(*options, given); }};
}

} // namespace proofmark
