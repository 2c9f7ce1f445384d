#include "fillings.hpp"

#include <algorithm>

namespace verifier::rules::attention {

Placements::Placements(const Problem& problem, const Queries& queries, bool has_near, bool has_far)
    : kinds_{Kind::label}, positions_(problem.n - 1), below_(queries.below) {
  if (has_near) kinds_.push_back(Kind::near);
  if (has_far) kinds_.push_back(Kind::far);
}

bool Placements::next() {
  do {
    if (!more_) return false;
    held = {};
    for (Token p = 0; p < positions_.size(); ++p) {
      const Kind kind = kinds_[positions_[p]];
      (kind == Kind::label ? held.label : kind == Kind::near ? held.near : held.far).push_back(p);
    }
    std::size_t p = positions_.size(); // the next: numbers with a digit for each position
    while (p > 0 && positions_[p - 1] + 1 == kinds_.size()) positions_[--p] = 0;
    more_ = p > 0;
    if (more_) ++positions_[p - 1];
  } while (below_ && held.label.empty());
  return true;
}

std::uint64_t number_of_fillings(Token c, std::size_t positions) {
  const Integer number = power(c, positions);
  return has_64_bits(number) ? in_64_bits(number) : UINT64_MAX;
}

Fillings fillings(const Queries& queries, Token c, std::size_t positions, std::uint64_t from, std::size_t columns) {
  const std::uint64_t each = number_of_fillings(c, positions);
  const std::uint64_t end = queries.count() > 1 ? queries.count() * each
                                                : std::min<std::uint64_t>(each - from, most_entries / columns) + from;
  Fillings result{{}, std::vector<Tokens>(positions)};
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
