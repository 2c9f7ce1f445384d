// What a step declares, against what its rule established.
#include "check/check.hpp"

#include "reading/number.hpp"
#include "reading/reason.hpp"

#include <algorithm>
#include <numeric>

namespace verifier {
namespace {

[[noreturn]] void fail_in(const Step& step, Failure failure) {
  failure.rule = step.rule;
  throw failure;
}

} // namespace

mpq_class in_nats(const kernel::Integer& steps) {
  return times_power_of_two(steps, -kernel::step_bits);
}
mpq_class Established::loss_lower() const {
  return in_nats(std::max(at_least.lower, kernel::Integer(0)));
}
std::optional<mpq_class> Established::loss_upper() const {
  return at_most ? std::optional(in_nats(at_most->upper)) : std::nullopt;
}

std::uint64_t sum(const kernel::Performed& performed) { // of what a budget allowed: no overflow
  return std::accumulate(performed.begin(), performed.end(), std::uint64_t{0});
}

void add(kernel::Performed& performed, const kernel::Performed& more) {
  for (std::size_t kind = 0; kind < performed.size(); ++kind) performed[kind] += more[kind];
}

bool step_holds(const Step& step, const mpz_class& inputs, const StepResult& result, bool may_stay_open) {
  const std::string place = "/steps/" + std::to_string(step.id);
  const Established& found = result.established;
  bool holds = true;
  // `possible`: the declaration may be true, as far as the enclosures say.
  const auto require_shown = [&](bool shown, bool possible, auto&& failure) { // a failure is words: made when needed
    if (shown) return;
    if (!possible || !may_stay_open) fail_in(step, failure());
    holds = false;
  };
  const auto in_short = [](const mpq_class& x) { return short_decimal(x, Round::down, bound_digits); };
  const auto apart = [](const mpq_class& x, const mpq_class& y) { return short_decimal(abs(x - y), Round::down, 3); };

  require_shown(sum(result.operations) <= step.operations, false, [&] {
    return Failure(reason::operations_budget, place + "/operations", std::to_string(sum(result.operations)),
                   std::to_string(step.operations));
  });
  if (step.loss) {
    require_shown(found.at_most.has_value(), false, [&] {
      return Failure(reason::rule_loss, place + "/loss", "no loss, of which the rule says nothing", "a loss");
    });
    const mpq_class lower = found.loss_lower(), upper = *found.loss_upper();
    require_shown(step.loss->lower <= lower, step.loss->lower <= in_nats(found.at_least.upper), [&] {
      return Failure(reason::loss_lower, place + "/loss/0", "at most " + hexadecimal(lower), in_short(step.loss->lower),
                     apart(step.loss->lower, lower));
    });
    require_shown(upper <= step.loss->upper, in_nats(found.at_most->lower) <= step.loss->upper, [&] {
      return Failure(reason::loss_upper, place + "/loss/1", "at least " + hexadecimal(upper),
                     in_short(step.loss->upper), apart(step.loss->upper, upper));
    });
  }
  if (step.correct) {
    const mpz_class &least = step.correct->least, &most = step.correct->most;
    require_shown(least <= found.correct_at_least, least <= found.correct_at_most, [&] {
      return Failure(reason::correct_count, place + "/correct/0", "at most " + found.correct_at_least.get_str(),
                     least.get_str());
    });
    require_shown(found.correct_at_most <= most, found.correct_at_least <= most, [&] {
      return Failure(reason::correct_count, place + "/correct/1", "at least " + found.correct_at_most.get_str(),
                     most.get_str());
    });
  }
  if (step.margin) {
    require_shown(found.margin.has_value(), false, [&] {
      return Failure(reason::rule_margin, place + "/margin", "no margin, of which the rule says nothing", "a margin");
    });
    const auto &lower = found.margin->lower, &upper = found.margin->upper;
    const bool nothing = inputs == 0; // of no inputs every number is the least margin
    require_shown(nothing || (lower && *step.margin <= in_nats(*lower)), upper && *step.margin <= in_nats(*upper), [&] {
      return Failure(reason::margin, place + "/margin", lower ? "at most " + hexadecimal(in_nats(*lower)) : "none",
                     in_short(*step.margin), lower ? apart(*step.margin, in_nats(*lower)) : "");
    });
  }
  return holds;
}

} // namespace verifier
