#include "certificates/json.hpp"

#include "numbers/outward.hpp"

#include <algorithm>
#include <stdexcept>

namespace proofmark {

using Json = nlohmann::json;

namespace {

constexpr std::uint64_t largest_count = std::uint64_t{1} << 60;

} // namespace

std::string digest_in(const Json& json) {
  const auto text = json.get<std::string>();
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != text.npos)
    throw std::runtime_error("a digest is not 64 hexadecimal digits");
  return text;
}

Claim claim_in(const Json& json) {
  Claim claim{Quantity::cross_entropy, Side::upper, json.at("bound").get<std::string>()};
  const auto quantity = std::find_if(quantities.begin(), quantities.end(),
                                     [&](Quantity known) { return json.at("quantity") == name(known); });
  if (quantity == quantities.end())
    throw std::runtime_error("a claim is about a quantity that this program does not know");
  claim.quantity = *quantity;
  if (json.at("direction") == name(Side::lower)) claim.direction = Side::lower;
  const bool known = json.at("direction") == name(claim.direction) &&
                     !(claim.quantity == Quantity::margin && claim.direction == Side::upper) &&
                     !(claim.quantity == Quantity::length && claim.direction == Side::lower);
  if (!known) throw std::runtime_error("a claim has a direction that this program does not know");
  const auto bound = parse_decimal(claim.bound);
  if (!bound || (claim.quantity != Quantity::margin && *bound < 0))
    throw std::runtime_error("a bound is not a decimal");
  return claim;
}

OperationCounts<std::uint64_t> operations_in(const Json& json) {
  OperationCounts<std::uint64_t> counts;
  for (const auto& [kind, count] : kinds(counts)) {
    *count = json.at(kind).get<std::uint64_t>();
    if (!json.at(kind).is_number_unsigned() || *count >= largest_count)
      throw std::runtime_error("a count of operations is not a whole number below 2^60");
  }
  return counts;
}

} // namespace proofmark
