// What the frontiers of several models, trained alike from different seeds, have in common: a row a point, with the spread
// of each number over the seeds. docs/frontier.md, "Over seeds", defines the columns.
#pragma once

#include "frontier/table.hpp"
#include "training/training.hpp"

#include <array>
#include <span>

namespace proofmark {

struct OfSeed {
  std::uint64_t seed;
  Frontier frontier;
};

// Of the models whose proof was verified and has the number. Decimals; empty where there is none, or, of the deviation,
// where there is only one.
struct Spread {
  std::string mean;               // rounded to the side on which it still is a bound
  std::string standard_deviation; // of a sample, rounded up
  std::string least, largest;
};

struct SeedRow {
  std::string name, strategy;
  std::map<std::string, std::string> parameters;
  std::size_t verified = 0;
  Spread accuracy;
  Spread accuracy_of_exact; // relative to what an exact strategy counts, where a point of one was verified
  Spread upper, lower, length, prove_s, verify_s;

  std::array<std::pair<const char*, const Spread*>, 7> spreads() const {
    return {{{"accuracy", &accuracy},
             {"accuracy_of_exact", &accuracy_of_exact},
             {"upper", &upper},
             {"lower", &lower},
             {"length", &length},
             {"prove_s", &prove_s},
             {"verify_s", &verify_s}}};
  }
};

// The longest proofs first, and last what was verified for no model.
std::vector<SeedRow> seed_rows(std::span<const OfSeed>);

// How the models were trained, without the seed; as records and tables have it.
std::map<std::string, std::string> setting(const TrainingOptions&);

std::string seeds_csv(std::span<const OfSeed>, const std::vector<SeedRow>&);
std::string seeds_json(const std::map<std::string, std::string>& setting, std::span<const OfSeed>,
                       const std::vector<SeedRow>&);
std::string seeds_text(std::span<const OfSeed>, const std::vector<SeedRow>&);

} // namespace proofmark
