#include "fillings.hpp"

#include <algorithm>

namespace verifier::rules::attention {

std::vector<Placement> all_placements(const Problem& problem, const Queries& queries, bool has_near, bool has_far) {
  std::vector<Placement> result(1);
  for (Index p = 0; p + 1 < problem.n; ++p) {
    std::vector<Placement> longer;
    for (const Placement& x : result) {
      longer.push_back(x), longer.back().label.push_back(p);
      if (has_near) longer.push_back(x), longer.back().near.push_back(p);
      if (has_far) longer.push_back(x), longer.back().far.push_back(p);
    }
    result = std::move(longer);
  }
  if (queries.below) std::erase_if(result, [](const Placement& x) { return x.label.empty(); });
  return result;
}

std::uint64_t number_of_fillings(Token c, std::size_t slots) {
  const Integer number = power(c, slots);
  return number.fits_ulong_p() ? number.get_ui() : UINT64_MAX;
}

Fillings fillings(const Queries& queries, Token c, std::size_t slots, std::uint64_t from, std::size_t columns) {
  const std::uint64_t each = number_of_fillings(c, slots);
  const std::uint64_t end =
      queries.count() > 1 ? queries.count() * each : std::min(each - from, most_entries / columns) + from;
  Fillings result{{}, std::vector<Tokens>(slots)};
  for (std::uint64_t i = from; i < end; ++i) {
    std::uint64_t rest = i % each;
    const auto query = static_cast<Token>(i / each);
    result.query.push_back(query);
    for (Tokens& pair : result.pair) {
      pair.push_back(query * c + static_cast<Token>(rest % c));
      rest /= c;
    }
  }
  return result;
}

} // namespace verifier::rules::attention
