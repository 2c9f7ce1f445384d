#include "evidence.hpp"

#include "../in_quotes.hpp"

namespace proofmark {

std::optional<std::string> ShownProof::bound(Quantity quantity, Side side) const {
  for (std::size_t i = 0; i < established.size(); ++i)
    if (certificate.claims[i].quantity == quantity && certificate.claims[i].direction == side) return established[i];
  return {};
}

std::string ShownProof::strategy() const {
  const std::string& first = certificate.steps.front().rule;
  for (const StatedStep& step : certificate.steps)
    if (step.rule != first) return "mixed";
  return printable(first.substr(0, first.find('@')), 40);
}

} // namespace proofmark
