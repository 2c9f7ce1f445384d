// A model, a task and witnesses as what rules see: decoded once, and prepared by an engine.
#pragma once

#include "check/rules.hpp"
#include "kernel/engine.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace verifier {

// Of the rules of the steps, within their ranges, where every value is sound.
struct BlockWitness {
  std::vector<rules::token_sum::Token> starts;       // [B + 1] ascending from 0; the last is V
  std::vector<rules::token_sum::Stored> multipliers; // [V] positive
};
struct TokenSumWitnesses { // of the rules that steps name
  std::optional<rules::token_sum::HeadTailWitness> head_tail;
  std::optional<BlockWitness> blocks;
};
using Witnesses = std::variant<TokenSumWitnesses, rules::attention::Witnesses>;
// Fails with witness-shape, witness-value, witness-missing (of two that come together), limit-tail-norms, step-blocks.
Witnesses read_witnesses(const Certificate&, std::span<const Rule* const> of_steps);

using Problem = std::variant<rules::token_sum::Problem, rules::attention::Problem>;
// With the tables that these rules take; charged to the kernel. Throws what the kernel throws.
Problem prepare(kernel::Kernel&, const Certificate&, std::span<const Rule* const> of_steps, const Witnesses&,
                unsigned threads);

// Labels from .. to-1, which a rule closes at a time.
struct Unit {
  std::uint32_t from, to;
};
std::vector<Unit> units(const Rule&, const Step&, const Problem&);
rules::Result close(const Rule&, kernel::Kernel&, const Problem&, Unit);
// Elements of tensors that closing a unit keeps alive, about: how many threads memory allows depends on it.
std::uint64_t elements_of_unit(const Problem&);

} // namespace verifier
