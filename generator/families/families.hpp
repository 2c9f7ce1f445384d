// The families that this program knows, each with a folder of its name and a row in it. One line here, one in families.cpp.
#pragma once

#include "models/model.hpp"

namespace proofmark {

extern const Family token_sum_family, attention_only_family;

std::span<const Family* const> families();

std::vector<std::string> family_names();      // all of them
const Family& family_named(std::string_view); // one of these names

// The model in a file, of the family that recognises it. Throws Error (data) as the family's `model` does, and when the file
// names a context that cannot be.
Model recognised(SafetensorsFile);

std::vector<std::string> strategy_names(const Family&);
std::vector<std::string> strategy_names();                           // of all families, each name once
const Strategy* find_strategy(const Family&, std::string_view name); // null when there is none

} // namespace proofmark
