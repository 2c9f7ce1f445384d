// proofmark frontier: one model, a proof of every kind and size, each verified; what tightness costs, as a table.

#include "frontier/frontier.hpp"
#include "commands/commands.hpp"
#include "commands/training_choice.hpp"
#include "files/folder_lock.hpp"
#include "files/places.hpp"
#include "frontier/seeds.hpp"
#include "models/safetensors.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

struct Options {
  ProofOptions proof; // what all points share
  std::string model;
  std::string seeds;       // in place of a model: train some ..
  TrainingChoice training; // .. like this
  std::vector<std::string> points, strategies;
  bool list = false, json = false;
  std::string verifier;
  std::string output;
};

void require_known(const char* option, const std::vector<std::string>& words, const std::vector<std::string>& known) {
  for (const std::string& word : words) {
    if (std::count(known.begin(), known.end(), word)) continue;
    const std::string near = nearest_name(word, known);
    throw Error(Exit::usage, fmt::format("{} {}: there is none of that name", option, in_quotes(word)),
                near.empty() ? "--list shows the points and their strategies"
                             : fmt::format("did you mean '{}'?", near));
  }
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::count(words.begin(), words.end(), word) > 0;
}

Selected select(const Options& options, const std::vector<Point>& all) {
  std::vector<std::string> names, strategies;
  for (const Point& point : all) names.push_back(point.name), strategies.push_back(point.proof.strategy);
  require_known("--points", options.points, names);
  require_known("--strategies", options.strategies, strategies);
  Selected selected;
  selected.required = !options.points.empty();
  const bool everything = options.points.empty() && options.strategies.empty();
  for (const Point& point : all) {
    const bool wanted =
        everything ? point.by_default
                   : contains(options.points, point.name) || contains(options.strategies, point.proof.strategy);
    (wanted ? selected.points : selected.others).push_back(point);
    if (everything && !wanted)
      selected.left_out.push_back({point.name, fmt::format("a long proof; --points {} makes it", point.name)});
  }
  return selected;
}

std::optional<Outlook> outlook_of(const Shape& shape, const Point& point) {
  try {
    return outlook(shape, point.proof);
  } catch (const Error&) {
    return std::nullopt; // there is no such proof
  }
}

void list(const Shape& shape, const std::vector<Point>& points) {
  print(function_in_words(shape.family, shape.task) + "\n\n");
  print(fmt::format("{:<24}{:<16}{:>22}{:>22}\n", "point", "strategy", "operations, about", "to find, about"));
  for (const Point& point : points) {
    const auto expected = outlook_of(shape, point);
    const bool slow = expected && expected->seconds > usual_patience_s && !point.proof.force;
    print(fmt::format("{:<24}{:<16}{:>22}{:>22}{}\n", point.name, point.proof.strategy,
                      expected ? expected->length.str() : "cannot be proved",
                      expected ? in_time(expected->seconds) : "",
                      slow                ? "  only with --force"
                      : !point.by_default ? "  only with --points or --strategies"
                                          : ""));
  }
}

// A length may exceed what JSON readers hold in a number, so it is a string.
void list_json(const Shape& shape, const std::vector<Point>& points) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Point& point : points) {
    const auto expected = outlook_of(shape, point);
    all.push_back({{"name", point.name},
                   {"strategy", point.proof.strategy},
                   {"parameters", parameters(point.proof)},
                   {"predicted_length", nullptr},
                   {"by_default", point.by_default}});
    if (expected) all.back()["predicted_length"] = expected->length.str();
  }
  print(json_text(all));
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (error || !fs::is_directory(path, error))
    throw Error(Exit::io,
                fmt::format("cannot make the folder {}: {}", in_quotes(path.string()),
                            error ? error.message() : "something else has that name"),
                "--output names a folder; the one that it lies in must exist");
}

Folder folder(const std::string& output) {
  Folder result{output};
  for (const fs::path& path : {result.path, result.certificate("-").parent_path(), result.receipt("-").parent_path(),
                               result.record("-").parent_path()})
    make_folder(path);
  return result;
}

bool colour() {
  const char* const no_color = std::getenv("NO_COLOR");
  return is_able_terminal(STDOUT_FILENO) && (no_color == nullptr || *no_color == '\0');
}

// Throws Error (not_verified) that says which proofs were not.
void require_verified(const std::string& unverified) {
  if (!unverified.empty())
    throw Error(Exit::not_verified, "not verified: " + unverified,
                "the other points stand; the lines above and frontier.csv have the reason codes (schema/reasons.md)");
}

std::string unverified_points(const Frontier& frontier) {
  std::string names;
  for (const FinishedPoint& point : frontier.points)
    if (!point.verified()) names += (names.empty() ? "" : ", ") + point.name;
  return names;
}

// What is to be made of a model.
struct Request {
  Shape shape;
  std::vector<Point> points;
  Selected selected;
};

// Throws Error (usage) when none of the points can be proved: then nothing is begun.
Request request(const Shape& shape, const Options& options) {
  Request result{shape, {}, {}};
  ProofOptions common = options.proof;
  common.context = shape.task.context;
  number_of_steps(shape.family, shape.task, common); // a mistake here would be every point's
  result.points = frontier_points(shape, common);
  result.selected = select(options, result.points);
  std::optional<Error> why;
  for (const Point& point : result.selected.points) {
    try {
      outlook(shape, point.proof);
      return result;
    } catch (const Error& error) {
      why = error;
    }
  }
  if (why && !options.list)
    throw Error(Exit::usage, fmt::format("none of the points can be proved: {}", why->what()), why->hint);
  return result;
}

void run_over_seeds(Options options) {
  options.training.context = options.proof.context != 0 ? std::optional(options.proof.context) : std::nullopt;
  options.training.steps = options.proof.steps != 0 ? std::optional(options.proof.steps) : std::nullopt;
  options.training.given.threads = options.proof.threads;
  options.proof.steps = 0;
  const TrainingOptions training = training_options(options.training);
  options.proof.context = training.task.context;
  const std::vector<std::uint64_t> seeds = parse_seeds(options.seeds);
  const Shape shape = shape_of(training);
  const Request asked = request(shape, options);
  const SeparateVerifier verifier = separate_verifier(options.verifier);
  require_apart({{"the verifier", options.verifier}}, {{"--output", options.output, true}});
  make_folder(options.output);
  const FolderLock lock(options.output);
  const std::vector<OfSeed> done = [&] {
    Progress progress("frontier");
    const auto say = [&](const std::string& line) { progress.say(line); };
    const auto show = [&](double fraction, const std::string& note) { progress(fraction, note); };
    return frontiers_over_seeds(
        {training, seeds, options.output,
         [&](const Model& model, const fs::path& of_seed) {
           return make_frontier(model, shape.task, asked.selected, {folder(of_seed.string()), verifier, show, say});
         },
         show, say});
  }();
  const std::vector<SeedRow> rows = seed_rows(done);
  if (options.json)
    print(seeds_json(training, done, rows));
  else
    print(fmt::format("{}{} has seeds.csv, seeds.json, and a folder for each model with its frontier.\n",
                      seeds_text(done, rows), in_quotes(options.output)));
  std::string unverified;
  for (const OfSeed& of_seed : done)
    if (const std::string names = unverified_points(of_seed.frontier); !names.empty())
      unverified += fmt::format("{}{} of seed {}", unverified.empty() ? "" : "; ", names, of_seed.seed);
  require_verified(unverified);
}

// Options of `train` that no proof has too.
std::vector<Option> only_of_training(TrainingChoice& choice) {
  std::vector<Option> options = training_table(choice);
  std::erase_if(options,
                [](const Option& option) { return option.name() == "--context" || option.name() == "--steps"; });
  return options;
}

void run(const Options& options, const Given& given) {
  if (options.model.empty() == options.seeds.empty())
    throw Error(Exit::usage,
                options.model.empty() ? "there is no model" : "there is a model, and --seeds trains others",
                "give a model, or --seeds 1..8 with what 'proofmark train' takes");
  TrainingChoice unused;
  for (const Option& option : only_of_training(unused))
    if (options.seeds.empty() && contains(given, option.name()))
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
  const Model model = recognised(read_safetensors(options.model));
  const Shape shape = shape_of(model, context_of(model, options.proof.context));
  const Request asked = request(shape, options);
  if (const std::string note = context_note(model, shape.task.context); !note.empty()) say("note: " + note);
  if (options.list) return options.json ? list_json(shape, asked.points) : list(shape, asked.points);

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
  const auto options = std::make_shared<Options>();
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
