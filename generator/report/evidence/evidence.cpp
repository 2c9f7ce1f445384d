#include "report/evidence/evidence.hpp"

namespace proofmark {

std::optional<std::string> ShownProof::bound(Quantity quantity, Side side) const {
  for (std::size_t i = 0; i < established.size(); ++i)
    if (certificate.claims[i].quantity == quantity && certificate.claims[i].direction == side) return established[i];
  return {};
}

} // namespace proofmark
