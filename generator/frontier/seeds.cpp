#include "frontier/seeds.hpp"

#include "families/families.hpp"
#include "files/atomic_file.hpp"
#include "files/folder_lock.hpp"
#include "models/safetensors.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace proofmark {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t most_seeds = 10'000;

Json record_of(const TrainingOptions& training) {
  return {{"format", "proofmark-training"},
          {"version", 1},
          {"generator", version},
          {"seed", std::to_string(training.seed)},
          {"setting", setting(training)}};
}

// The model of an earlier run, when its record says that it was trained so and the file is still what the record is of.
std::optional<Model> kept_model(const fs::path& folder, const TrainingOptions& training) {
  try {
    std::ifstream stream(folder / "training.json");
    if (!stream) return {};
    Json record = Json::parse(stream), wanted = record_of(training);
    Model model = recognised(read_safetensors((folder / "model.safetensors").string()));
    wanted["model_sha256"] = model_sha256(model, training.task.context);
    if (record == wanted) return model;
  } catch (const std::exception&) { // what cannot be read is trained again
  }
  return {};
}

Model trained_model(const fs::path& folder, const TrainingOptions& training, const SeedsOptions& options) {
  if (auto model = kept_model(folder, training)) {
    options.say(fmt::format("seed {}: model kept", training.seed));
    return std::move(*model);
  }
  const auto steps = static_cast<double>(training.steps);
  Model model = train(training, [&](std::uint64_t done, double loss) {
                  if (options.progress)
                    options.progress(static_cast<double>(done) / steps,
                                     fmt::format("seed {}, step {}, loss {:.4f}", training.seed, done, loss));
                }).model;
  AtomicFile file(folder / "model.safetensors");
  write_safetensors(file, as_file(model));
  Json record = record_of(training);
  record["model_sha256"] = model_sha256(model, training.task.context);
  write_file(folder / "training.json", record.dump(2) + "\n");
  options.say(fmt::format("seed {}: trained {} steps", training.seed, training.steps));
  return model;
}

std::uint64_t seed(std::string_view text, std::string_view all) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(Exit::usage, fmt::format("--seeds {}: {} is no seed", in_quotes(all), in_quotes(text)),
                "write --seeds 1..8, or single ones with commas: 1..4,11");
  return number;
}

} // namespace

std::vector<std::uint64_t> parse_seeds(std::string_view text) {
  std::vector<std::uint64_t> seeds;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size()), dots = text.substr(at, end - at).find("..");
    const std::string_view part = text.substr(at, end - at);
    const bool range = dots != std::string_view::npos;
    const std::uint64_t first = seed(part.substr(0, dots), text),
                        last = range ? seed(part.substr(dots + 2), text) : first;
    if (last < first)
      throw Error(Exit::usage, fmt::format("--seeds {}: {} has no seeds", in_quotes(text), in_quotes(part)),
                  "the smaller seed comes first");
    if (last - first >= most_seeds || seeds.size() + (last - first + 1) > most_seeds)
      throw Error(Exit::usage, fmt::format("--seeds {} are more than {} seeds", in_quotes(text), most_seeds),
                  "several folders can have some each");
    for (std::uint64_t i = first;; ++i) {
      if (std::find(seeds.begin(), seeds.end(), i) != seeds.end())
        throw Error(Exit::usage, fmt::format("--seeds {} has {} twice", in_quotes(text), i), "give each seed once");
      seeds.push_back(i);
      if (i == last) break;
    }
    at = end + 1;
  }
  return seeds;
}

std::vector<OfSeed> frontiers_over_seeds(const SeedsOptions& options) {
  std::vector<OfSeed> done;
  for (const std::uint64_t seed : options.seeds) {
    const fs::path folder = options.folder / fmt::format("seed-{}", seed);
    std::error_code error;
    fs::create_directory(folder, error);
    if (error || !fs::is_directory(folder))
      throw Error(Exit::io, fmt::format("cannot make the folder {}", in_quotes(folder.string())),
                  "something else may have that name");
    const FolderLock lock(folder);
    TrainingOptions training = options.training;
    training.seed = seed;
    const Model model = trained_model(folder, training, options);
    done.push_back({seed, options.frontier(model, folder)});
    const std::vector<SeedRow> rows = seed_rows(done);
    write_file(options.folder / "seeds.csv", seeds_csv(done, rows));
    write_file(options.folder / "seeds.json", seeds_json(options.training, done, rows));
  }
  return done;
}

} // namespace proofmark
