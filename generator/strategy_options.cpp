#include "strategy_options.hpp"

#include "error.hpp"
#include "in_quotes.hpp"
#include "outward.hpp"

#include <fmt/format.h>

namespace proofmark {

Budget parse_budget(std::string_view text) {
  const auto fail = [&](const char* what) {
    return Error(Exit::usage, fmt::format("--budget {}: {}", in_quotes(text), what),
                 "write --budget 0.02 for 2 % of symmetry's multiplications, or a whole number of operations");
  };
  const auto amount = parse_decimal(text);
  if (!amount) throw fail("a budget is a decimal without an exponent");
  if (*amount == 0) throw fail("nothing can be proved for nothing");
  if (*amount >= 1 && denominator(*amount) != 1) throw fail("a budget of 1 or more is a whole number of operations");
  return {std::string(text), *amount};
}

std::map<std::string, std::string> StrategyOptions::parameters() const {
  std::map<std::string, std::string> result;
  if (head) result["head"] = std::to_string(*head);
  if (groups != 1) result["groups"] = std::to_string(groups);
  if (weights) result["weights"] = "yes";
  if (!multipliers) result["multipliers"] = "no";
  if (blocks) result["blocks"] = std::to_string(*blocks);
  if (budget) result["budget"] = budget->text;
  return result;
}

} // namespace proofmark
