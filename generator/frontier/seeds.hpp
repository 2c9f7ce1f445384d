// Frontiers over seeds: models trained alike from different seeds, the frontier of each, and one table of all.
#pragma once

#include "frontier/seed_table.hpp"

#include <filesystem>
#include <functional>

namespace proofmark {

// How all models are trained, but for the seed.
struct TrainedAlike {
  std::map<std::string, std::string> setting; // as records and tables have it
  std::uint64_t steps = 0;
  std::function<SafetensorsFile(std::uint64_t seed, const AfterStep&)> model;
  std::function<std::string(const SafetensorsFile&)> sha256; // of the model
};

struct SeedsOptions {
  TrainedAlike training;
  std::vector<std::uint64_t> seeds;
  std::filesystem::path folder; // exists; each model gets a folder seed-N in it
  std::function<Frontier(SafetensorsFile, const std::filesystem::path& folder)> frontier; // of one model
  std::function<void(double, const std::string&)> progress;                               // of training
  std::function<void(const std::string&)> say;
};

// "1..8", "7", "1..4,11". Throws Error (usage): another form, none, more than 10000, or one twice.
std::vector<std::uint64_t> parse_seeds(std::string_view);

// A model that an earlier run has trained with the same setting is kept, and of its frontier what is finished. After
// each model seeds.csv and seeds.json are written. Throws Error.
std::vector<OfSeed> frontiers_over_seeds(const SeedsOptions&);

} // namespace proofmark
