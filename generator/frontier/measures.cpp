#include "frontier/measures.hpp"

#include "numbers/outward.hpp"

namespace proofmark {

namespace {

Rational number(const std::string& decimal) {
  return parse_long_decimal(decimal).value();
}

// Both ends are rounded, and leave one number of correct inputs.
bool is_exact(const Verification& v, const Integer& inputs) {
  if (!v.accuracy) return false;
  const Rational least = number(*v.accuracy) * Rational(inputs),
                 most = v.accuracy_upper ? number(*v.accuracy_upper) * Rational(inputs) : Rational(inputs);
  const Integer whole = numerator(most) / denominator(most);
  return least > Rational(whole - 1);
}

} // namespace

Measures measures(const Frontier& frontier) {
  Measures result;
  for (const char* const share : {"0.1", "0.01", "0.001"}) {
    const Rational most = number(share) * Rational(frontier.whole.value());
    WithinShare best{share, {}, {}};
    for (const FinishedPoint& point : frontier.points) {
      const Verification& v = point.verification;
      if (!point.verified() || Rational(v.operations.length()) > most) continue;
      if (v.upper && (!best.upper || number(*v.upper) < number(*best.upper))) best.upper = v.upper;
      if (v.accuracy && (!best.accuracy || number(*v.accuracy) > number(*best.accuracy))) best.accuracy = v.accuracy;
    }
    result.within.push_back(std::move(best));
  }
  for (const FinishedPoint& point : frontier.points)
    if (point.verified() && is_exact(point.verification, size_of(frontier.task.domain)) &&
        (!result.finishing ||
         point.verification.operations.length() < result.finishing->verification.operations.length()))
      result.finishing = &point;
  return result;
}

std::optional<std::string> share_of_whole(const Frontier& frontier, const FinishedPoint& point) {
  if (!frontier.whole || !point.verified()) return {};
  return decimal(Rational(point.verification.operations.length(), *frontier.whole), Direction::up, 6);
}

} // namespace proofmark
