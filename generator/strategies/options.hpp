// What a user may ask of a strategy beyond its name. Each strategy takes some of it.
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

namespace explanations {
struct OfFamily;
}

// How long a proof may be: so many operations, or a share: of the multiplications of symmetry@1's steps (head-tail, mixed), of what
// every input by itself takes (described networks).
struct Budget {
  std::string text; // as given
  Rational amount;
  bool share() const { return amount < 1; }
};

Budget parse_budget(std::string_view); // throws Error (usage)

std::optional<std::uint64_t> parse_near(std::string_view); // a number below 1024, or "best"; throws Error (usage)

// Which classes of an input are evaluated exactly: those whose upper end of z_c - z_y is at least -tau; none at all.
struct Opening {
  std::string text; // as given
  std::optional<double> tau;
};

Opening parse_open(std::string_view); // a decimal from 0, or "none"; throws Error (usage)

struct StrategyOptions {
  std::optional<std::uint64_t> top;    // head-tail: outputs in each token's head; 16
  std::uint64_t groups = 1;            // head-tail: groups of outputs
  bool weights = false;                // head-tail: weights of outputs
  bool multipliers = true;             // head-tail
  std::optional<Budget> budget;        // head-tail, mixed, low-rank, block-tables
  std::optional<std::uint64_t> blocks; // block-jensen: blocks of tokens; 32

  // attention-only: how many tokens below a label are near it (nothing: for each label as many as count most), how many
  // outputs are bounded one by one, whether the label's own slots are bounded together with the query, and up to how many
  // near slots are filled in full (placements).
  std::optional<std::uint64_t> near = 4;
  std::uint64_t outputs = 0;
  bool joint = false;
  std::uint64_t fill = 1;

  // Of described networks.
  std::optional<std::uint64_t> rank; // low-rank: rows of its basis
  std::optional<Opening> open;       // low-rank, block-tables: 0
  // What an explanation says beyond these (explanations/); null: there is none.
  std::shared_ptr<const explanations::OfFamily> explained = nullptr;

  std::map<std::string, std::string> parameters() const; // what differs from the default, by command-line name
};

} // namespace proofmark
