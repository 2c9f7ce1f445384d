// Labellings of a task's inputs by name (docs/explanations.md).
#pragma once

#include "tasks/labelling.hpp"

#include <string>
#include <vector>

namespace proofmark::explanations {

// "token@0", "label" (the task's own), "difference-modulo:113@0,1", or a function of the tokens as `proofmark task` lists them:
// "sum-modulo:113@0,1", "max". Throws Error (usage, data), or std::invalid_argument that says what is wrong.
std::vector<std::uint16_t> labelling_named(const std::string& name, const FiniteTask&);

} // namespace proofmark::explanations
