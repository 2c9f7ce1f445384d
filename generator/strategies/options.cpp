#include "strategies/options.hpp"

#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <charconv>

namespace proofmark {

Budget parse_budget(std::string_view text) {
  const auto fail = [&](const char* what) {
    return Error(Exit::usage, fmt::format("--budget {}: {}", in_quotes(text), what),
                 "write --budget 0.02 for 2 %, or a whole number of operations; --help says of what");
  };
  const auto amount = parse_decimal(text);
  if (!amount) throw fail("a budget is a decimal without an exponent");
  if (*amount == 0) throw fail("nothing can be proved for nothing");
  if (*amount >= 1 && denominator(*amount) != 1) throw fail("a budget of 1 or more is a whole number of operations");
  return {std::string(text), *amount};
}

std::optional<std::uint64_t> parse_near(std::string_view text) {
  if (text == "best") return {};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number >= limits::attention_vocabulary)
    throw Error(Exit::usage,
                fmt::format("--near {}: expected a whole number from 0 to {}, or best", in_quotes(text),
                            limits::attention_vocabulary - 1),
                "--near 4 takes the four tokens below each label");
  return number;
}

Opening parse_open(std::string_view text) {
  if (text == "none") return {std::string(text), {}};
  const auto tau = parse_decimal(text);
  if (!tau || *tau < 0)
    throw Error(Exit::usage, fmt::format("--open {}: expected a decimal from 0, or none", in_quotes(text)),
                "--open 0 opens what decides whether an input is correct; larger ones tighten the loss");
  return {std::string(text), tau->convert_to<double>()};
}

std::map<std::string, std::string> StrategyOptions::parameters() const {
  std::map<std::string, std::string> result;
  if (top) result["top"] = std::to_string(*top);
  if (groups != 1) result["groups"] = std::to_string(groups);
  if (weights) result["weights"] = "yes";
  if (!multipliers) result["multipliers"] = "no";
  if (blocks) result["blocks"] = std::to_string(*blocks);
  if (budget) result["budget"] = budget->text;
  if (near != StrategyOptions().near) result["near"] = near ? std::to_string(*near) : "best";
  if (outputs != 0) result["outputs"] = std::to_string(outputs);
  if (joint) result["joint"] = "yes";
  if (fill != 1) result["fill"] = std::to_string(fill);
  if (rank) result["rank"] = std::to_string(*rank);
  if (open) result["open"] = open->text;
  return result;
}

} // namespace proofmark
