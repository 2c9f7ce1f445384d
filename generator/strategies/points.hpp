// Proofs that are worth comparing, by name: what a family proposes to `frontier`.
#pragma once

#include "strategies/options.hpp"

#include <string>

namespace proofmark {

struct Strategy;

struct NamedProof {
  std::string name; // letters, digits, hyphens
  const Strategy* strategy;
  StrategyOptions how;
  bool by_default = true; // whether it is made when nobody asks for it by name
};

} // namespace proofmark
