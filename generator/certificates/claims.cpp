#include "certificates/claims.hpp"

#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

const char* const largest_decimal = "99999999999999999999";

std::string decimal_or_words(const Rational& value, Direction direction) {
  return decimal(value, direction).value_or("beyond 20 digits");
}

// The sides from which a quantity can be claimed.
std::vector<Side> sides(Quantity quantity) {
  switch (quantity) {
  case Quantity::margin:
    return {Side::lower};
  case Quantity::length:
    return {Side::upper};
  default:
    return {Side::upper, Side::lower};
  }
}

// Every "quantity:direction" that there is, with commas between them.
std::string all_kinds_of_bounds() {
  std::string result;
  for (const Quantity quantity : quantities)
    for (const Side side : sides(quantity))
      result += fmt::format("{}{}:{}", result.empty() ? "" : ", ", name(quantity), name(side));
  return result;
}

bool* part(Quantities& all, Quantity quantity) {
  switch (quantity) {
  case Quantity::cross_entropy:
    return &all.cross_entropy;
  case Quantity::accuracy:
    return &all.accuracy;
  case Quantity::margin:
    return &all.margin;
  case Quantity::length:
    break;
  }
  return &all.length;
}

} // namespace

Supported supported(const Integer& inputs, const std::vector<Step>& steps) {
  Rational lo, hi;
  Integer least, most;
  Supported result;
  for (const Step& step : steps) {
    if (step.loss) lo += step.loss->lo, hi += step.loss->hi;
    if (step.correct) least += step.correct->least, most += step.correct->most;
    if (step.margin) result.margin = std::min(result.margin.value_or(*step.margin), *step.margin);
  }
  if (steps.front().loss) { // in every step or in none
    result.loss_lower = lo / Rational(inputs);
    result.loss_upper = hi / Rational(inputs);
  }
  if (steps.front().correct) {
    result.accuracy_lower = Rational(least, inputs);
    result.accuracy_upper = Rational(most, inputs);
  }
  return result;
}

Claim parse_bound(std::string_view text) {
  const auto fail = [&](const std::string& what) {
    return Error(Exit::usage, fmt::format("--bound {}: {}", in_quotes(text), what),
                 "write --bound 0.25, --bound accuracy:lower:0.96 or --bound margin:lower:-1.5");
  };
  Claim claim{Quantity::cross_entropy, Side::upper, std::string(text.substr(text.rfind(':') + 1))};
  if (const std::size_t last = text.rfind(':'); last != text.npos) {
    bool known = false;
    for (const Quantity quantity : quantities)
      for (const Side side : sides(quantity))
        if (text.substr(0, last) == name(quantity) + ":" + name(side)) {
          claim = {quantity, side, claim.bound};
          known = true;
        }
    if (!known) throw fail("the quantity and direction must be one of " + all_kinds_of_bounds());
  }
  const auto value = parse_decimal(claim.bound);
  if (!value)
    throw fail("the bound must be a decimal like 0.25, without an exponent, with at most 20 digits before and 60 after "
               "the point");
  if (claim.quantity != Quantity::margin && *value < 0) throw fail("only a margin may be negative");
  if (claim.quantity == Quantity::accuracy && *value > 1) throw fail("an accuracy is at most 1");
  if (claim.quantity == Quantity::length && claim.bound.find('.') != claim.bound.npos)
    throw fail("a length is a whole number of operations");
  return claim;
}

bool Quantities::has(Quantity quantity) const {
  Quantities copy = *this;
  return *part(copy, quantity);
}

std::vector<std::string> quantity_names() {
  std::vector<std::string> names{"all"};
  for (const Quantity quantity : quantities) names.push_back(name(quantity));
  return names;
}

Quantities quantities_named(std::span<const std::string> names) {
  const auto named = [&](const std::string& word) { return std::count(names.begin(), names.end(), word) > 0; };
  if (names.empty() || named("all")) return {};
  Quantities result;
  for (const Quantity quantity : quantities) *part(result, quantity) = named(name(quantity));
  return result;
}

std::string text(const Quantities& wanted) {
  if (wanted == Quantities()) return "all";
  std::string result;
  for (const Quantity quantity : quantities)
    if (wanted.has(quantity)) result += fmt::format("{}{}", result.empty() ? "" : ",", name(quantity));
  return result;
}

std::vector<Claim> best_claims(const Supported& s, bool loss_from_below) {
  std::vector<Claim> claims;
  if (s.loss_upper)
    if (const auto upper = decimal(*s.loss_upper, Direction::up))
      claims.push_back({Quantity::cross_entropy, Side::upper, *upper});
  if (loss_from_below && s.loss_lower)
    claims.push_back(
        {Quantity::cross_entropy, Side::lower, decimal(*s.loss_lower, Direction::down).value_or(largest_decimal)});
  if (s.accuracy_lower)
    claims.push_back({Quantity::accuracy, Side::lower, decimal(*s.accuracy_lower, Direction::down).value()});
  if (s.accuracy_upper && *s.accuracy_upper < 1)
    claims.push_back({Quantity::accuracy, Side::upper, decimal(*s.accuracy_upper, Direction::up).value()});
  if (s.margin) { // of logits as large as 10^20 no decimal may be there
    if (const auto margin = decimal(*s.margin, Direction::down))
      claims.push_back({Quantity::margin, Side::lower, *margin});
    else if (*s.margin > 0)
      claims.push_back({Quantity::margin, Side::lower, largest_decimal});
  }
  return claims;
}

Claim claim_of_length(const Certificate& certificate) {
  Certificate outline; // with one claim more
  outline.tables = certificate.tables;
  outline.steps = certificate.steps;
  outline.claims = certificate.claims;
  outline.claims.push_back({Quantity::length, Side::upper, {}});
  return {Quantity::length, Side::upper, length(outline).str()};
}

bool vacuous(const Claim& claim, std::uint64_t classes) {
  return claim.quantity == Quantity::cross_entropy && claim.direction == Side::upper &&
         vacuous(parse_decimal(claim.bound).value(), classes);
}

bool vacuous(const Rational& mean_loss, std::uint64_t classes) {
  if (classes < 2) return false;
  const Interval difference =
      log(enclose(Integer(classes))) * enclose(denominator(mean_loss)) - enclose(numerator(mean_loss));
  return !certainly_positive(difference);
}

void require_supported(const Claim& claim, const Supported& s, const Integer& length) {
  const auto of = [&]() -> std::optional<Rational> {
    switch (claim.quantity) {
    case Quantity::cross_entropy:
      return claim.direction == Side::upper ? s.loss_upper : s.loss_lower;
    case Quantity::accuracy:
      return claim.direction == Side::upper ? s.accuracy_upper : s.accuracy_lower;
    case Quantity::margin:
      return s.margin;
    case Quantity::length:
      break;
    }
    return Rational(length);
  };
  const std::optional<Rational> best = of();
  if (!best)
    throw Error(Exit::usage, fmt::format("the steps of this proof say nothing about the {}", name(claim.quantity)),
                "leave --bound out to claim what is proved");
  const Rational bound = parse_decimal(claim.bound).value();
  const bool upper = claim.direction == Side::upper;
  if (upper ? bound >= *best : bound <= *best) return;
  throw Error(Exit::data,
              fmt::format("the proof does not support {} {} {}: it shows {} {}", name(claim.quantity),
                          upper ? "<=" : ">=", claim.bound,
                          upper ? "<=" : ">=", decimal_or_words(*best, upper ? Direction::up : Direction::down)),
              "weaken --bound, or leave it out to claim the best that is proved");
}

} // namespace proofmark
