// proofmark frontier: one model, a proof of every kind and size, each verified; what tightness costs, as a table.

#include "../frontier/frontier.hpp"
#include "../error.hpp"
#include "../in_quotes.hpp"
#include "../progress.hpp"
#include "../safetensors.hpp"
#include "../spelling.hpp"
#include "../strategies/strategy.hpp"
#include "commands.hpp"
#include "values.hpp"

#include <CLI/CLI.hpp>
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

std::optional<Integer> length(const Model& model, const Point& point) {
  try {
    return predicted_length(model, point.proof);
  } catch (const Error&) {
    return std::nullopt; // there is no such proof
  }
}

void list(const Model& model, const std::vector<Point>& points) {
  fmt::print("{:<20}{:<16}{:>22}\n", "point", "strategy", "operations, about");
  for (const Point& point : points) {
    const auto predicted = length(model, point);
    fmt::print("{:<20}{:<16}{:>22}{}\n", point.name, point.proof.strategy,
               predicted ? predicted->str() : "cannot be proved",
               point.by_default ? "" : "  only with --points or --strategies");
  }
}

// A length may exceed what JSON readers hold in a number, so it is a string.
void list_json(const Model& model, const std::vector<Point>& points) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Point& point : points) {
    const auto predicted = length(model, point);
    all.push_back({{"name", point.name},
                   {"strategy", point.proof.strategy},
                   {"parameters", parameters(point.proof)},
                   {"predicted_length", nullptr},
                   {"by_default", point.by_default}});
    if (predicted) all.back()["predicted_length"] = predicted->str();
  }
  fmt::print("{}\n", all.dump(2));
}

Folder folder(const std::string& output) {
  Folder result{output};
  for (const fs::path& path : {result.path, result.certificate("-").parent_path(), result.receipt("-").parent_path(),
                               result.record("-").parent_path()}) {
    std::error_code error;
    fs::create_directory(path, error);
    if (!error && fs::is_directory(path, error)) continue;
    throw Error(Exit::io,
                fmt::format("cannot make the folder {}: {}", in_quotes(path.string()),
                            error ? error.message() : "something else has that name"),
                "--output names a folder; the one that it lies in must exist");
  }
  return result;
}

bool colour() {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

void run(const Options& options) {
  const Model model = recognised(read_safetensors(options.model));
  ProofOptions common = options.proof;
  common.context = context_of(model, options.proof.context);
  const Task task{common.context, vocabulary(model)};
  number_of_steps(family(model), task, common); // a mistake here would be every point's
  const std::vector<Point> points = frontier_points(model, common);
  const Selected selected = select(options, points);
  if (options.list) return options.json ? list_json(model, points) : list(model, points);
  if (options.output.empty()) throw Error(Exit::usage, "--output is required", "see 'proofmark frontier --help'");

  const SeparateVerifier verifier = separate_verifier(options.verifier);
  const Frontier frontier = [&] {
    Progress progress("frontier");
    return make_frontier(model, task, selected,
                         {folder(options.output), verifier,
                          [&](double done, const std::string& note) { progress(done, note); },
                          [&](const std::string& line) { progress.say(line); }});
  }();
  if (options.json)
    fmt::print("{}", json(frontier, rows(frontier)));
  else
    fmt::print("{}{} has frontier.csv, frontier.json, labels.csv, and the certificates with their receipts.\n",
               text(frontier, rows(frontier), colour()), in_quotes(options.output));

  std::string unverified;
  for (const FinishedPoint& point : frontier.points)
    if (!point.verified()) unverified += (unverified.empty() ? "" : ", ") + point.name;
  if (!unverified.empty())
    throw Error(Exit::not_verified, "not verified: " + unverified,
                "the other points stand; the lines above and frontier.csv have the reason codes (schema/reasons.md)");
  if (frontier.points.empty())
    throw Error(Exit::usage, "none of the points can be proved for this model and context",
                "a smaller --context or vocabulary makes proofs shorter");
}

const char* const footer =
    "What is written to DIR: frontier.csv and frontier.json (a row a point), labels.csv (the bounds by label),\n"
    "certificates/, receipts/, and points/ (records of what is done). docs/frontier.md defines every column.\n"
    "\n"
    "A second run keeps what is finished: points whose model, parameters, versions and files are unchanged. The "
    "tables\n"
    "show every point in DIR that holds for the model, so that points can be added with --points.\n"
    "\n"
    "Exit codes: 0, every certificate was verified; 1, one was not (the others are kept); 64, 65, 66 as for the other\n"
    "commands; 130, interrupted (finished points are kept).\n"
    "\n"
    "Examples:\n"
    "  proofmark frontier model.safetensors --context 2 --output frontier\n"
    "  proofmark frontier model.safetensors --context 3 --list\n"
    "  proofmark frontier model.safetensors --list --json\n"
    "  proofmark frontier model.safetensors --points symmetry,convexity --output frontier\n"
    "  proofmark frontier model.safetensors --strategies enumeration --output frontier\n";

} // namespace

void add_frontier(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  options->proof.context = 0; // not given
  options->proof.threads = std::max(1u, std::thread::hardware_concurrency());
  CLI::App* command =
      app.add_subcommand("frontier", "Prove a model in every way, verify, and compare: bound against length.");
  command->add_option("model", options->model, "the model, a safetensors file; - for standard input")
      ->required()
      ->type_name("MODEL");
  command
      ->add_option("--context", options->proof.context,
                   "tokens of an input (default 2; a model with positions says it itself)")
      ->check(whole_number(1, 64))
      ->type_name("N");
  command->add_option("--points", options->points, "only these points, and those of --strategies")
      ->delimiter(',')
      ->type_name("NAME,..");
  command->add_option("--strategies", options->strategies, "only points of these strategies, and those of --points")
      ->delimiter(',')
      ->check(one_of("strategy", "strategies", strategy_names()))
      ->type_name("NAME,..");
  command->add_flag("--list", options->list, "list the points and the lengths of their proofs, and do nothing");
  command->add_flag("--json", options->json, "print the table, or with --list the points, as JSON instead of text");
  command
      ->add_option(
          "--steps", options->proof.steps,
          "steps of every proof, each over a range of labels (default 64, or V); V gives bounds label by label")
      ->check(whole_number(1, 16384))
      ->type_name("N");
  command
      ->add_option("--threads", options->proof.threads,
                   "threads of both programs (default: every core); no bound depends on them")
      ->check(whole_number(1, 256))
      ->type_name("N");
  command->add_flag("--force", options->proof.force, "prove even what is likely to take more than half an hour");
  command
      ->add_option("--verifier", options->verifier,
                   "the separate verifier, a program (default: proofmark-verify beside this one)")
      ->type_name("PATH");
  command->add_option("--output", options->output, "the folder to write, made where it does not exist")
      ->type_name("DIR");
  command->footer(footer);
  command->callback([options] { run(*options); });
}

} // namespace proofmark
