// proofmark frontier: one model, a proof of every kind and size, each verified; what tightness costs, as a table.

#include "commands/frontier/frontier.hpp"

#include "commands/commands.hpp"
#include "families/described_model.hpp"
#include "families/families.hpp"
#include "files/folder_lock.hpp"
#include "files/places.hpp"
#include "models/model_file.hpp"
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

// Options of `train` that no proof has too.
std::vector<Option> only_of_training(TrainingChoice& choice) {
  std::vector<Option> options = training_table(choice, false);
  std::erase_if(options,
                [](const Option& option) { return option.name() == "--context" || option.name() == "--steps"; });
  return options;
}

// Of a described network there is one proof; of one that has a family's shape, those of the family.
Model model_with_strategies(SafetensorsFile file) {
  const auto description = stated_description(file, {});
  if (!description) return recognised(std::move(file));
  if (auto model = described_model(*description, file)) return *model;
  throw Error(Exit::usage,
              "frontier makes proofs by the strategies of the families, and this file describes another network",
              "'proofmark prove MODEL --strategy enumeration' proves it");
}

void run(const FrontierCommand& options, const Given& given) {
  if (options.model.empty() == options.seeds.empty())
    throw Error(Exit::usage,
                options.model.empty() ? "there is no model" : "there is a model, and --seeds trains others",
                "give a model, or --seeds 1..8 with what 'proofmark train' takes");
  TrainingChoice unused;
  for (const Option& option : only_of_training(unused))
    if (options.seeds.empty() && std::count(given.begin(), given.end(), option.name()) > 0)
      throw Error(Exit::usage, fmt::format("{} says how models are trained, and there is no --seeds", option.name()),
                  "add --seeds 1..8 in place of a model, or leave it out");
  if (options.list && !options.seeds.empty())
    throw Error(Exit::usage, "--list shows the points of a model, and --seeds trains others",
                "leave one of the two out");
  if (options.output.empty() && !options.list)
    throw Error(Exit::usage, "--output is required", "see 'proofmark frontier --help'");
  if (!options.seeds.empty()) return run_over_seeds(options);
  if (!options.list)
    require_apart({{"the model", options.model}, {"the verifier", options.verifier}},
                  Folder{options.output}.places("--output"));
  const Model model = model_with_strategies(read_model_file(options.model));
  const Shape shape = shape_of(model, context_of(model, options.proof.context));
  const FrontierRequest asked = request(shape, options);
  if (const std::string note = context_note(model, shape.task.context); !note.empty()) say("note: " + note);
  if (options.list) return list_points(asked, options.json);

  const SeparateVerifier verifier = separate_verifier(options.verifier);
  const Folder written = folder(options.output);
  const FolderLock lock(written.path);
  const Frontier frontier = [&] {
    Progress progress("frontier");
    return make_frontier(model, shape.task, asked.selected,
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
      words("--points", options->points, {}, "only these points, and those of --strategies"),
      words("--strategies", options->strategies, {"strategy", "strategies", strategy_names()},
            "only points of these strategies, and those of --points"),
      flag("--list", options->list, "list the points and the lengths of their proofs, and do nothing"),
      flag("--json", options->json, "print the table, or with --list the points, as JSON instead of text"),
      number("--steps", "N", proof.steps, 1, most_training_steps,
             "steps of every proof, each over a range of labels (default: 64, or V); V gives bounds label by label; "
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
  const std::vector<Option> of_training = only_of_training(options->training);
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
  proofmark frontier --seeds 1..8 --family attention-only --context 4 --vocabulary 64 --output seeds
)",
          [options](const Given& given) { run(*options, given); }};
}

} // namespace proofmark
