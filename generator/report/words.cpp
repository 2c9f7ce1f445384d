#include "report/words.hpp"

#include "numbers/outward.hpp"
#include "report/figures/svg.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

#include <map>

namespace proofmark {

std::string inputs_in_words(const FiniteTask& task) {
  return fmt::format("all {} inputs", size_of(task.domain).str());
}

std::string in_words(const Claim& claim, const FiniteTask& task) {
  const std::string inputs = inputs_in_words(task);
  const char* const at = claim.direction == Side::upper ? "at most" : "at least";
  switch (claim.quantity) {
  case Quantity::cross_entropy:
    return fmt::format("the mean cross-entropy over {} is {} {} nats", inputs, at, claim.bound);
  case Quantity::accuracy:
    return fmt::format("the share of {} that are classified correctly is {} {}", inputs, at, claim.bound);
  case Quantity::margin:
    return fmt::format("the margin of every input is at least {} nats", claim.bound);
  case Quantity::length:
    break;
  }
  return fmt::format("checking takes {} {} operations", at, claim.bound);
}

std::string title(const FiniteTask& task) {
  if (const std::optional<Task> family = over_vocabulary(task))
    return fmt::format("{} of {} token{} out of {}", family->labels->name, family->context,
                       family->context == 1 ? "" : "s", family->vocabulary);
  return fmt::format("{} of {} inputs", text(task.label), size_of(task.domain).str());
}

std::string in_words(const FiniteTask& task) {
  if (const std::optional<Task> family = over_vocabulary(task))
    return fmt::format("from {} token{} out of {}, drawn uniformly, name {}", family->context,
                       family->context == 1 ? "" : "s", family->vocabulary, in_words(task.label));
  return fmt::format("{}, drawn uniformly; the label is {}", in_words(task.domain), in_words(task.label));
}

std::string in_words(const Verdict& verdict) {
  switch (verdict.said_by) {
  case Source::verifier:
    return fmt::format("proofmark-verify {}, run for this report", verdict.verifier);
  case Source::receipt:
    return fmt::format("proofmark-verify {}, by its receipt {}{}", verdict.verifier, verdict.receipt,
                       verdict.joined == 0 ? "" : fmt::format(", joined from {} parts", verdict.joined));
  case Source::nobody:
    return "nobody: no verifier was run and no receipt was given";
  }
  return {};
}

std::string rounded(const std::optional<std::string>& decimal, Side side, unsigned places) {
  if (!decimal) return "–";
  return fixed_decimal(parse_long_decimal(*decimal).value(), side == Side::upper ? Direction::up : Direction::down,
                       places);
}

std::string brief(const std::string& text, Side side, unsigned digits) {
  const Rational value = parse_long_decimal(text).value();
  return decimal(value, side == Side::upper ? Direction::up : Direction::down, digits).value_or(text);
}

int colour_of(const std::string& strategy) {
  // a family's strategies have different colours
  static const std::map<std::string, int, std::less<>> known = {
      {"enumeration", 0},   {"symmetry", 1}, {"convexity", 2},   {"head-tail", 3}, {"block-jensen", 4},
      {"mixed", 5},         {"near-far", 1}, {"cubic", 2},       {"band", 3},      {"placements", 4},
      {"soft-near-far", 5}, {"low-rank", 1}, {"block-tables", 2}};
  const auto found = known.find(strategy);
  return found == known.end() ? series_colours - 1 : found->second;
}

} // namespace proofmark
