// The families of networks that the programs know (schema/FORMAT.md, section 5). What differs from one to the next
// has a place of its own for each: the model with its tensors, training, tables, strategies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

enum class Family { token_sum, attention_only };

std::uint64_t largest_vocabulary(Family); // that the verifier takes

std::string_view name(Family);           // "token-sum", as certificates and --family have it
std::vector<std::string> family_names(); // all of them
Family family_named(std::string_view);   // one of these names

} // namespace proofmark
