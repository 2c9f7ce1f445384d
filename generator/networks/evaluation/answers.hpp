// What `proofmark evaluate` says: enclosures of the logits and losses of some inputs, and which of the user's own numbers
// lie outside them.
#pragma once

#include "numbers/interval.hpp"
#include "tasks/labels.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark::networks {

struct Evaluated {
  std::string input; // "3,7"
  std::vector<Interval> logits;
  std::optional<Token> label;
  std::optional<Interval> loss; // where there is a label
};

// One of the user's numbers that lies farther outside its enclosure than the tolerance.
struct Outside {
  std::size_t input = 0, column = 0; // the column after the logits is the loss
  std::string number;                // as written
  std::optional<Rational> distance;  // from the enclosure, rounded up; none: it is no number
};

// A number as programs write it, exactly: "-1.5e-05". Nothing for another text; so also for nan and inf.
std::optional<Rational> parse_number(std::string_view);

// Compares with a CSV that has the logits of an input in each row, and then perhaps, where there are labels, its loss. Throws
// Error (io, data) that names the line.
std::vector<Outside> numbers_outside(const std::vector<Evaluated>&, const std::filesystem::path& csv,
                                     const Rational& tolerance, std::size_t& compared);

std::string text(const std::vector<Evaluated>&);
std::string text(const Outside&, const std::vector<Evaluated>&); // one line
nlohmann::ordered_json json(const std::vector<Evaluated>&);
nlohmann::ordered_json json(const std::vector<Outside>&, const std::vector<Evaluated>&);

} // namespace proofmark::networks
