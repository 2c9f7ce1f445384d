// Combinations of tokens: integers alone, no number of the model.
#include "rules/any/network.hpp"

#include <bit>
#include <unordered_map>

namespace verifier::rules::any {

const Shared::Rows& Shared::rows(Positions on) {
  if (const auto known = known_.find(on); known != known_.end()) return known->second;
  const std::size_t inputs = tokens_.front().size();
  Rows found{Tokens(inputs), {}};
  if (on == 0) {
    found.first.push_back(0);
  } else { // a combination on one position less, and the token there
    const auto last = static_cast<std::size_t>(std::bit_width(on)) - 1;
    const Tokens& less = rows(on & ~(Positions{1} << last)).of;
    std::unordered_map<std::uint64_t, Index> row_of;
    for (std::size_t i = 0; i < inputs; ++i) {
      const std::uint64_t combination = std::uint64_t{less[i]} << 32 | tokens_[last][i];
      const auto [row, is_new] = row_of.try_emplace(combination, static_cast<Index>(found.first.size()));
      if (is_new) found.first.push_back(static_cast<Index>(i));
      found.of[i] = row->second;
    }
  }
  return known_.emplace(on, std::move(found)).first->second;
}

Tokens Shared::tokens(std::size_t position, Positions on) {
  Tokens found;
  for (const Index input : rows(on).first) found.push_back(tokens_[position][input]);
  return found;
}

Tokens Shared::route(Positions from, Positions to) {
  const Tokens &first = rows(from).first, &of = rows(to).of; // neither moves in its map
  Tokens found;
  for (const Index input : first) found.push_back(of[input]);
  return found;
}

const Tokens& Shared::of_inputs(Positions on) {
  return rows(on).of;
}
std::size_t Shared::count(Positions on) {
  return rows(on).first.size();
}

Real at(const Value& value, Positions on, Shared& shared) {
  return value.on == on ? value.x : rows_at(value.x, shared.route(on, value.on));
}

Value sum(const Value& a, const Value& b, Shared& shared) {
  const Positions on = a.on | b.on;
  if (a.on != on && b.on == on) return sum(b, a, shared); // no copy
  const Real x = at(a, on, shared);
  return {b.on == on ? x + b.x : plus_rows_at(x, b.x, shared.route(on, b.on)), on};
}

} // namespace verifier::rules::any
