// Tasks as certificates, claims and receipts have them (schema/FORMAT.md, section 4).
#pragma once

#include "tasks/labelling.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace proofmark {

// Throws std::runtime_error where it is not within the format's limits or not one that this program knows.
FiniteTask task_in(const nlohmann::json&);

nlohmann::json task_json(const FiniteTask&);
std::string task_text(const FiniteTask&); // the same in one line, keys in the order of the page

} // namespace proofmark
