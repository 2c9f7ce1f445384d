// What receipts and parts write alike.
#pragma once

#include "certificate.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace verifier {

using Output = nlohmann::ordered_json;

inline Output operations_json(const Operations& operations) {
  Output json;
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    json[std::string(Operations::names[i])] = operations.*Operations::kinds[i];
  return json;
}

// Of inputs: from 2^63 on a string of its digits.
inline Output count_json(const mpz_class& count) {
  if (count >= mpz_class(1) << 63) return count.get_str();
  return count.get_ui(); // 64 bits, as below
}
static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));

inline Output task_json(const Task& task) {
  return {{"name", "max"}, {"context", task.context}, {"vocabulary", task.vocabulary}, {"inputs", "uniform"}};
}

inline Output claim_json(const Claim& claim) {
  return {{"quantity", std::string(name(claim.quantity))},
          {"direction", std::string(name(claim.direction))},
          {"bound", claim.text}};
}

} // namespace verifier
