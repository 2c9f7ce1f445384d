#include "models/family.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <array>

namespace proofmark {

namespace {

constexpr std::array families{Family::token_sum, Family::attention_only};

} // namespace

std::string_view name(Family family) {
  return family == Family::token_sum ? "token-sum" : "attention-only";
}

std::uint64_t largest_vocabulary(Family family) {
  return family == Family::attention_only ? limits::attention_vocabulary : limits::vocabulary;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Family family : families) names.emplace_back(name(family));
  return names;
}

Family family_named(std::string_view text) {
  for (const Family family : families)
    if (name(family) == text) return family;
  throw Error(Exit::internal, "there is no family " + in_quotes(std::string(text)));
}

} // namespace proofmark
