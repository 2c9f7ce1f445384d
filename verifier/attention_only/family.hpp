// The family "attention-only" as the rest of the verifier sees it.
#pragma once

#include "../check.hpp"
#include "model.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verifier::attention_only {

inline constexpr std::string_view family_name = "attention-only";

std::vector<std::string> rule_names(); // "near-far@1", ..
bool bounds_from_below(const std::string& rule);

void require_witnesses(const Certificate&);
std::unique_ptr<LabelProver> make_prover(const Certificate&, const Options&);
// What a thread holds beside the tables, in bytes, at most; `columns` are J of docs/rules/attention/README.md, 0 without rules
// that have them.
std::uint64_t worker_bytes(const Task&, std::uint64_t columns, bool has_enumeration);
// What tables and witnesses cost.
Operations tables_operations(const Certificate&);

// The inputs of the step, each by a forward pass that reads the last position only: n d for its vectors, (2n + 1) d h for
// query, keys and values, 2 n h for scores and mixture, h d + d V for the logits, and 3 V for the loss.
mpz_class tutorial_multiply_adds(const Certificate&);

} // namespace verifier::attention_only
