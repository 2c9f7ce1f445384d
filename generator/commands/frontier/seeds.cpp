// proofmark frontier --seeds: a model for each seed, its frontier, and a table of all.

#include "commands/frontier/frontier.hpp"

#include "files/folder_lock.hpp"
#include "files/places.hpp"
#include "frontier/seeds.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <optional>

namespace proofmark {

namespace fs = std::filesystem;

void run_over_seeds(FrontierCommand options) {
  options.training.context = options.proof.context != 0 ? std::optional(options.proof.context) : std::nullopt;
  options.training.steps = options.proof.steps != 0 ? std::optional(options.proof.steps) : std::nullopt;
  options.training.given.threads = options.proof.threads;
  options.proof.steps = 0;
  const TrainingOptions training = training_options(options.training);
  options.proof.context = training.task.context;
  const std::vector<std::uint64_t> seeds = parse_seeds(options.seeds);
  const Shape shape = training.family->training.shape(training);
  const FrontierRequest asked = request(shape, options);
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

} // namespace proofmark
