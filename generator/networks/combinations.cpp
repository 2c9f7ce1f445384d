#include "networks/combinations.hpp"

#include <bit>
#include <unordered_map>

namespace proofmark::networks {

// By those on one position less and the token there. Rows are in the order in which inputs have them first.
const Combinations::Rows& Combinations::rows(PositionSet on) {
  if (const auto known = known_.find(on); known != known_.end()) return known->second;
  Rows result;
  result.of.resize(inputs_.count());
  if (on == 0) {
    result.first = {0};
  } else {
    const std::size_t last = 63 - static_cast<std::size_t>(std::countl_zero(on));
    const std::vector<std::uint32_t>& less = rows(on & ~(PositionSet{1} << last)).of;
    const std::vector<Token>& tokens = inputs_.tokens[last];
    std::unordered_map<std::uint64_t, std::uint32_t> seen;
    for (std::uint32_t i = 0; i < result.of.size(); ++i) {
      const auto fresh = static_cast<std::uint32_t>(result.first.size());
      const auto [entry, inserted] = seen.try_emplace(std::uint64_t{less[i]} << 32 | tokens[i], fresh);
      if (inserted) result.first.push_back(i);
      result.of[i] = entry->second;
    }
  }
  return known_[on] = std::move(result);
}

std::vector<std::uint32_t> Combinations::route(PositionSet from, PositionSet to) {
  const std::vector<std::uint32_t> first = rows(from).first;
  const Rows& target = rows(to);
  std::vector<std::uint32_t> result;
  result.reserve(first.size());
  for (const std::uint32_t input : first) result.push_back(target.of[input]);
  return result;
}

} // namespace proofmark::networks
