// Explanations of models of a family: the fields of each strategy with witnesses, read and written.
#pragma once

#include "certificates/certificate.hpp"
#include "explanations/families.hpp"
#include "explanations/file.hpp"
#include "strategies/options.hpp"
#include "tasks/task.hpp"

namespace proofmark {

// What the command line gives together with what the explanation says. Throws Error: usage where both say the same thing or the
// strategy takes no explanation, data for what is malformed or names a token that the model does not have.
StrategyOptions explained(const explanations::File&, const Task&, const StrategyOptions& given);

bool takes_explanation(const std::string& strategy); // of a family

// The explanation that a proof by this strategy with these options found: read again, it gives the same certificate. Empty where the
// strategy has no witnesses.
std::string explanation_of(const std::string& strategy, const StrategyOptions&, const Certificate&);

} // namespace proofmark
