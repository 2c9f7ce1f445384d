// Explanations of described networks: the fields of low-rank and block-tables, read and written (docs/explanations.md).
#pragma once

#include "explanations/file.hpp"
#include "strategies/network_strategy.hpp"

namespace proofmark::network_proofs {

struct Explained {
  NetworkExplanation explanation;
  StrategyOptions options; // what the command line gives, and what the file says of the price
};

// Throws Error: usage where both say the same thing or the strategy takes no explanation, data for what is malformed.
Explained explained(const explanations::File&, const networks::DescribedModel&, const FiniteTask&,
                    const StrategyOptions& given);

// The explanation as a file has it; read again with the same task, it gives the same witnesses. Empty where nothing is explained.
std::string explanation_of(std::string_view strategy, const NetworkExplanation&, const StrategyOptions&);

} // namespace proofmark::network_proofs
