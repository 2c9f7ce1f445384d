#include "claims.hpp"

#include "error.hpp"
#include "in_quotes.hpp"
#include "outward.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace {

const char* const largest_decimal = "99999999999999999999";

std::string decimal_or_words(const Rational& value, Direction direction) {
  return decimal(value, direction).value_or("beyond 20 digits");
}

} // namespace

Supported supported(const Task& task, const std::vector<Step>& steps) {
  Rational lo, hi;
  Integer correct;
  bool counted = true;
  for (const Step& step : steps) {
    lo += exact(step.lo);
    hi += exact(step.hi);
    counted = counted && step.correct.has_value();
    correct += step.correct.value_or(0);
  }
  const Integer inputs = power(task.vocabulary, task.context);
  Supported result{lo / Rational(inputs), hi / Rational(inputs), {}};
  if (counted) result.accuracy_lower = Rational(correct, inputs);
  return result;
}

Claim parse_bound(std::string_view text) {
  const auto fail = [&](const std::string& what) {
    return Error(Exit::usage, fmt::format("--bound {}: {}", in_quotes(text), what),
                 "write --bound 0.25, --bound cross-entropy:lower:0.2 or --bound accuracy:lower:0.96");
  };
  Claim claim{Quantity::cross_entropy, Side::upper, std::string(text.substr(text.rfind(':') + 1))};
  if (const std::size_t last = text.rfind(':'); last != text.npos) {
    const std::string_view what = text.substr(0, last);
    if (what == "cross-entropy:lower")
      claim.direction = Side::lower;
    else if (what == "accuracy:lower")
      claim = {Quantity::accuracy, Side::lower, claim.bound};
    else if (what == "accuracy:upper")
      throw fail("no rule proves an accuracy from above");
    else if (what != "cross-entropy:upper")
      throw fail("the quantity and direction must be cross-entropy:upper, cross-entropy:lower or accuracy:lower");
  }
  const auto value = parse_decimal(claim.bound);
  if (!value)
    throw fail("the bound must be a decimal like 0.25, not negative, without an exponent, with at most 20 "
               "digits before "
               "and 60 after the point");
  if (claim.quantity == Quantity::accuracy && *value > 1) throw fail("an accuracy is at most 1");
  return claim;
}

std::vector<Claim> best_claims(const Supported& s, const Wanted& wanted) {
  std::vector<Claim> claims;
  if (wanted.loss_upper)
    if (const auto upper = decimal(s.loss_upper, Direction::up))
      claims.push_back({Quantity::cross_entropy, Side::upper, *upper});
  if (wanted.loss_lower)
    claims.push_back(
        {Quantity::cross_entropy, Side::lower, decimal(s.loss_lower, Direction::down).value_or(largest_decimal)});
  if (wanted.accuracy && s.accuracy_lower)
    claims.push_back({Quantity::accuracy, Side::lower, decimal(*s.accuracy_lower, Direction::down).value()});
  return claims;
}

bool vacuous(const Claim& claim, const Task& task) {
  return claim.quantity == Quantity::cross_entropy && claim.direction == Side::upper &&
         vacuous(parse_decimal(claim.bound).value(), task);
}

bool vacuous(const Rational& mean_loss, const Task& task) {
  if (task.vocabulary < 2) return false;
  const Interval difference =
      log(enclose(Integer(task.vocabulary))) * enclose(denominator(mean_loss)) - enclose(numerator(mean_loss));
  return !certainly_positive(difference);
}

void require_supported(const Claim& claim, const Supported& s) {
  const Rational bound = parse_decimal(claim.bound).value();
  const auto refuse = [&](const char* relation, const std::string& best) {
    throw Error(Exit::data,
                fmt::format("the proof does not support {} {} {}: it shows {} {}", name(claim.quantity), relation,
                            claim.bound, relation, best),
                "weaken --bound, or leave it out to claim the best that is proved");
  };
  if (claim.quantity == Quantity::accuracy) {
    if (!s.accuracy_lower)
      throw Error(Exit::usage, "an accuracy was asked for, but --quantity cross-entropy leaves it out",
                  "use --quantity both");
    if (bound > *s.accuracy_lower) refuse(">=", decimal_or_words(*s.accuracy_lower, Direction::down));
  } else if (claim.direction == Side::upper) {
    if (bound < s.loss_upper) refuse("<=", decimal_or_words(s.loss_upper, Direction::up));
  } else if (bound > s.loss_lower) {
    refuse(">=", decimal_or_words(s.loss_lower, Direction::down));
  }
}

} // namespace proofmark
