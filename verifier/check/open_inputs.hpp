// Inputs that the fast engine leaves open are decided by the reference engine one by one, so that a step need not be looked at again
// for the sake of a few (docs/rules/any/enumeration.md). None of this is charged.
#pragma once

#include "check/check.hpp"
#include "check/problem.hpp"
#include "rules/result.hpp"

#include <optional>

namespace verifier {

// Whether a rule has left some inputs of its step open, and few enough.
bool has_few_open_inputs(const rules::Result&);

// What a step establishes once the reference engine has decided its open inputs; nothing where it meets numbers beyond its range.
std::optional<rules::Result> with_open_inputs_decided(rules::Result found, const Rule&, const Problem& by_reference,
                                                      const Certificate&, const Step&, const Options&);

} // namespace verifier
