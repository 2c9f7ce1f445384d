#include "frontier/seeds.hpp"

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

Json record_of(const TrainedAlike& training, std::uint64_t seed, const std::string& sha256) {
  return {{"format", "proofmark-training"}, {"version", 1},
          {"generator", version},           {"seed", std::to_string(seed)},
          {"setting", training.setting},    {"model_sha256", sha256}};
}

// The model of an earlier run, when its record says that it was trained so and the file is still what the record is of.
std::optional<SafetensorsFile> kept_model(const fs::path& folder, const TrainedAlike& training, std::uint64_t seed) {
  try {
    std::ifstream stream(folder / "training.json");
    if (!stream) return {};
    const Json record = Json::parse(stream);
    SafetensorsFile file = read_safetensors((folder / "model.safetensors").string());
    if (record == record_of(training, seed, training.sha256(file))) return file;
  } catch (const std::exception&) { // what cannot be read is trained again
  }
  return {};
}

SafetensorsFile trained_model(const fs::path& folder, std::uint64_t seed, const SeedsOptions& options) {
  const TrainedAlike& training = options.training;
  if (auto file = kept_model(folder, training, seed)) {
    options.say(fmt::format("seed {}: model kept", seed));
    return std::move(*file);
  }
  const auto steps = static_cast<double>(training.steps);
  const SafetensorsFile file = training.model(seed, [&](std::uint64_t done, double loss) {
    if (options.progress)
      options.progress(static_cast<double>(done) / steps,
                       fmt::format("seed {}, step {}, loss {:.4f}", seed, done, loss));
  });
  {
    AtomicFile output(folder / "model.safetensors");
    write_safetensors(output, file);
  }
  write_file(folder / "training.json", record_of(training, seed, training.sha256(file)).dump(2) + "\n");
  options.say(fmt::format("seed {}: trained {} steps", seed, training.steps));
  return read_safetensors((folder / "model.safetensors").string());
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
    done.push_back({seed, options.frontier(trained_model(folder, seed, options), folder)});
    const std::vector<SeedRow> rows = seed_rows(done);
    write_file(options.folder / "seeds.csv", seeds_csv(done, rows));
    write_file(options.folder / "seeds.json", seeds_json(options.training.setting, done, rows));
  }
  return done;
}

} // namespace proofmark
