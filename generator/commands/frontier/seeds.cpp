// proofmark frontier --seeds: a model for each seed, its frontier, and a table of all.

#include "commands/frontier/frontier.hpp"

#include "certificates/task_json.hpp"
#include "families/described_model.hpp"
#include "families/families.hpp"
#include "files/digest.hpp"
#include "files/folder_lock.hpp"
#include "files/places.hpp"
#include "frontier/seeds.hpp"
#include "networks/training/training.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <optional>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

TrainedAlike alike(const TrainingOptions& training) {
  return {setting(training), training.steps,
          [=](std::uint64_t seed, const AfterStep& after_step) {
            TrainingOptions options = training;
            options.seed = seed;
            return as_file(train(options, after_step).model);
          },
          [=](const SafetensorsFile& file) { return model_sha256(recognised(file), training.task.context); }};
}

networks::DescribedModel described(const SafetensorsFile& file) {
  return networks::model_of(stated_description(file, {}).value(), file);
}

TrainedAlike alike(const networks::NetworkTraining& training, const TrainingChoice& choice) {
  const auto text = [](auto value) { return fmt::format("{}", value); };
  const AdamWOptions& optimizer = training.schedule.optimizer;
  return {{{"architecture", Sha256().update(training.description.text).hex()},
           {"task", Sha256().update(task_text(training.task)).hex()},
           {"family", choice.family},
           {"inputs", proofmark::text(training.task.domain)},
           {"label", proofmark::text(training.task.label)},
           {"width", text(training.sizes.width)},
           {"share", text(training.share)},
           {"batch", text(training.batch)},
           {"steps", text(training.schedule.steps)},
           {"objective", choice.objective},
           {"rank", text(training.rank)},
           {"cool-down", text(choice.cool_down)},
           {"learning-rate", text(optimizer.learning_rate)},
           {"weight-decay", text(training.factored ? optimizer.l2 : optimizer.weight_decay)}},
          training.schedule.steps,
          [=](std::uint64_t seed, const AfterStep& after_step) {
            networks::NetworkTraining options = training;
            options.seed = seed;
            return networks::train(options, after_step).file;
          },
          [](const SafetensorsFile& file) { return described(file).sha256; }};
}

// What is trained, and what is then asked of each file.
struct Trainees {
  TrainedAlike training;
  std::function<Subject(SafetensorsFile)> subject;
  Selected selected; // by an outline: what cannot be proved is found out before the work
};

Trainees trainees(const FrontierCommand& options, const Given& given) {
  if (const networks::Recipe* recipe = recipe_of(options.training, options.network, given)) {
    const networks::NetworkTraining training = network_training(*recipe, options.training, options.network, given);
    ProofOptions common = options.proof;
    common.context = 0;
    networks::NetworkTraining begun = training;
    begun.schedule.steps = 1;
    const auto subject = [=](SafetensorsFile file) { return subject_of(described(file), training.task, common); };
    return {alike(training, options.training), subject, request(subject(networks::train(begun).file), options)};
  }
  const TrainingOptions training = training_options(options.training);
  ProofOptions common = options.proof;
  common.context = training.task.context;
  return {alike(training), [=](SafetensorsFile file) { return subject_of(recognised(std::move(file)), common); },
          request(outline_of(training.family->training.shape(training), common), options)};
}

} // namespace

void run_over_seeds(FrontierCommand options, const Given& given) {
  options.training.context = options.proof.context != 0 ? std::optional(options.proof.context) : std::nullopt;
  options.training.steps = options.proof.steps != 0 ? std::optional(options.proof.steps) : std::nullopt;
  options.training.given.threads = options.proof.threads;
  options.proof.steps = 0;
  const std::vector<std::uint64_t> seeds = parse_seeds(options.seeds);
  const Trainees asked = trainees(options, given);
  const SeparateVerifier verifier = separate_verifier(options.verifier);
  require_apart({{"the verifier", options.verifier}}, {{"--output", options.output, true}});
  make_folder(options.output);
  const FolderLock lock(options.output);
  const std::vector<OfSeed> done = [&] {
    Progress progress("frontier");
    const auto say = [&](const std::string& line) { progress.say(line); };
    const auto show = [&](double fraction, const std::string& note) { progress(fraction, note); };
    return frontiers_over_seeds({asked.training, seeds, options.output,
                                 [&](SafetensorsFile file, const fs::path& of_seed) {
                                   return make_frontier(asked.subject(std::move(file)), asked.selected,
                                                        {folder(of_seed.string()), verifier, show, say});
                                 },
                                 show, say});
  }();
  const std::vector<SeedRow> rows = seed_rows(done);
  if (options.json)
    print(seeds_json(asked.training.setting, done, rows));
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
