// What witnesses say, decoded and checked against their ranges (docs/rules/). Within these ranges every value is sound.
#pragma once

#include "check/rules.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace verifier {

struct BlockWitness {
  std::vector<rules::token_sum::Token> starts;       // [B + 1] ascending from 0; the last is V
  std::vector<rules::token_sum::Stored> multipliers; // [V] positive
};

struct TokenSumWitnesses { // those that are there: rules of steps take them
  std::optional<rules::token_sum::HeadTailWitness> head_tail;
  std::optional<BlockWitness> blocks;
};

struct NetworkWitnesses { // of rules for any description: those that steps cite
  rules::any::Opened opened;
  std::optional<rules::any::LowRankWitness> low_rank;
  std::optional<rules::any::BlockTablesWitness> block_tables;
};

using Witnesses = std::variant<TokenSumWitnesses, rules::attention::Witnesses, NetworkWitnesses>;

// For the rules of the steps. Fails with witness-shape, witness-value, witness-missing (of two that come together),
// limit-tail-norms, step-blocks.
Witnesses read_witnesses(const Certificate&, std::span<const Rule* const> of_steps);

// By shape of model.
TokenSumWitnesses read_token_sum_witnesses(const Certificate&, std::span<const Rule* const> of_steps);
rules::attention::Witnesses read_attention_witnesses(const Certificate&);
NetworkWitnesses read_network_witnesses(const Certificate&, std::span<const Rule* const> of_steps); // of any

// ---- what they have in common ----------------------------------------------------------------------------------------

const Tensor* find_witness(const Certificate&, std::string_view name); // null if there is none
std::string witness_pointer(const Tensor&);
std::string at_element(const Tensor&, std::size_t i); // in words
// Fails with witness-shape.
void require_witness_shape(const Tensor&, bool dtype_fits, std::string_view dtypes, bool shape_fits,
                           const std::string& shape);
// Unsigned integers of this type and shape, each at most `most`.
std::vector<kernel::Index> indices(const Tensor&, DType, const std::vector<std::uint64_t>& shape, std::uint64_t most);
// The same, of any shape.
std::vector<kernel::Index> indices_of_any_shape(const Tensor&, std::uint64_t most);
// Outputs below `vocabulary`, of a tensor with rows, different ones in each.
std::vector<kernel::Index> different_in_rows(const Tensor&, std::uint64_t vocabulary);
// One finite number for each of `count`, none of them negative, nor zero unless `zero_allowed`.
std::vector<kernel::Stored> factors(const Tensor&, std::uint64_t count, bool zero_allowed);

} // namespace verifier
