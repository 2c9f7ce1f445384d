// The declared steps imply the claims: exact rational numbers, no tolerance.
#include "check/check.hpp"

#include "kernel/integers.hpp"
#include "reading/limits.hpp"
#include "reading/number.hpp"
#include "reading/reason.hpp"

#include <algorithm>

namespace verifier {
namespace {

constexpr std::size_t of(kernel::Operation kind) {
  return static_cast<std::size_t>(kind);
}

// schema/FORMAT.md, section 8: what the steps declare is added and compared, and each claim scaled and compared.
kernel::Performed conclusion_operations(const Outline& outline) {
  const std::uint64_t numbers =
      (outline.states_loss() ? 2 : 0) + (outline.states_correct() ? 2 : 0) + (outline.states_margin() ? 1 : 0);
  kernel::Performed performed{};
  performed[of(kernel::Operation::add)] = numbers * outline.steps.size();
  performed[of(kernel::Operation::compare)] = numbers * outline.steps.size() + outline.claims.size();
  performed[of(kernel::Operation::mul)] = outline.claims.size();
  return performed;
}

// What steps state together, of those quantities that they state.
struct Sums {
  mpq_class loss_lower = 0, loss_upper = 0;
  mpz_class least = 0, most = 0;
  std::optional<mpq_class> margin;
  mpz_class length = 0;

  void add_margin(const mpq_class& x) {
    if (!margin || x < *margin) margin = x;
  }
};

Sums declared(const Outline& outline) {
  Sums sums;
  for (const Step& step : outline.steps) {
    if (step.loss) sums.loss_lower += step.loss->lower, sums.loss_upper += step.loss->upper;
    if (step.correct) sums.least += step.correct->least, sums.most += step.correct->most;
    if (step.margin) sums.add_margin(*step.margin);
  }
  sums.length = length(outline);
  return sums;
}

Sums established(const Outline& outline, const Result& result) {
  Sums sums;
  for (const StepResult& step : result.steps) {
    const Established& found = step.established;
    if (outline.states_loss()) sums.loss_lower += found.loss_lower(), sums.loss_upper += found.loss_upper().value();
    sums.least += found.correct_at_least, sums.most += found.correct_at_most;
    if (outline.states_margin() && found.margin->lower) sums.add_margin(in_nats(*found.margin->lower));
  }
  sums.length = integer(sum(result.operations));
  return sums;
}

// The steps state what a claim is about; a least margin is bounded from below only, a length from above.
bool is_stated(const Outline& outline, const Claim& claim) {
  switch (claim.quantity) {
  case Quantity::cross_entropy:
    return outline.states_loss();
  case Quantity::accuracy:
    return outline.states_correct();
  case Quantity::margin:
    return outline.states_margin() && claim.direction == Direction::lower;
  case Quantity::length:
    break;
  }
  return claim.direction == Direction::upper;
}

// The strongest bound that the sums support for a claim of this kind; means are over all inputs.
mpq_class supported(const Claim& claim, const Sums& sums, const mpz_class& inputs) {
  const bool is_upper = claim.direction == Direction::upper;
  const auto mean = [&](const mpq_class& total) { return mpq_class(total / mpq_class(inputs)); };
  switch (claim.quantity) {
  case Quantity::cross_entropy:
    return mean(is_upper ? sums.loss_upper : sums.loss_lower);
  case Quantity::accuracy:
    return mean(is_upper ? sums.most : sums.least);
  case Quantity::margin:
    return sums.margin ? *sums.margin : claim.bound; // of no inputs
  case Quantity::length:
    break;
  }
  return sums.length;
}

} // namespace

mpz_class length(const Outline& outline) {
  mpz_class all = integer(outline.tables) + integer(sum(conclusion_operations(outline)));
  for (const Step& step : outline.steps) all += integer(step.operations);
  return all;
}

void check_outline(const Outline& outline) {
  const Sums sums = declared(outline);
  require(sums.length <= integer(limits::length), reason::limit_length, "/steps", "at most 2^50 operations in all",
          sums.length.get_str());
  const mpz_class inputs = outline.task.inputs();
  for (std::size_t i = 0; i < outline.claims.size(); ++i) {
    const Claim& claim = outline.claims[i];
    const std::string place = "/claims/" + std::to_string(i);
    require(is_stated(outline, claim), reason::claim_unsupported, place, "a quantity that the steps state",
            std::string(name(claim.quantity)));
    const bool is_upper = claim.direction == Direction::upper;
    const mpq_class bound = supported(claim, sums, inputs);
    if (is_upper ? bound <= claim.bound : bound >= claim.bound) continue;
    Failure failure(reason::claim_not_implied, place + "/bound",
                    std::string(is_upper ? "at least " : "at most ") +
                        short_decimal(bound, is_upper ? Round::up : Round::down, bound_digits),
                    claim.text, short_decimal(abs(bound - claim.bound), Round::down, 3));
    failure.hint = "the declared steps support only the expected bound; claim that, or prove the steps more tightly";
    throw failure;
  }
}

Result conclude(const Outline& outline, StepResults steps) {
  Result result{std::move(steps), conclusion_operations(outline), {}};
  add(result.operations, result.tables);
  for (const StepResult& step : result.steps) add(result.operations, step.operations);
  const Sums sums = established(outline, result);
  for (const Claim& claim : outline.claims) result.established.push_back(supported(claim, sums, outline.task.inputs()));
  return result;
}

} // namespace verifier
