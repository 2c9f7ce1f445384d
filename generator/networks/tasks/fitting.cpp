#include "networks/tasks/fitting.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

namespace proofmark::networks {

Domain every_token(const Network& network) {
  Domain domain{network.positions, {}};
  for (std::uint64_t p = 0; p < network.positions; ++p) domain.ranges.push_back({0, network.vocabulary(p)});
  return domain;
}

void require_tokens(const Domain& domain, const Network& network) {
  if (domain.positions != network.positions)
    throw Error(Exit::usage,
                fmt::format("inputs have {} token{}, but the model has {} position{}", domain.positions,
                            domain.positions == 1 ? "" : "s", network.positions, network.positions == 1 ? "" : "s"),
                "--inputs 0..113,0..113,113 has one range or token a position");
  for (std::uint64_t p = 0; p < domain.positions; ++p)
    if (const Token token = largest_token(domain, p); token >= network.vocabulary(p))
      throw Error(
          Exit::usage,
          fmt::format("inputs have the token {} at position {}, expected one below {}: the embedding has no row for it",
                      token, p, network.vocabulary(p)),
          "positions and tokens are counted from 0");
}

std::string given_or_stored(const std::string& given, const SafetensorsFile& file, const char* key) {
  const auto entry = file.metadata.find(key);
  return !given.empty() || entry == file.metadata.end() ? given : entry->second;
}

} // namespace proofmark::networks
