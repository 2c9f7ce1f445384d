// A form as witnesses (docs/rules/any/block-tables.md), and as an explanation that gives it again.
#pragma once

#include "block_tables/form.hpp"
#include "certificates/witness.hpp"
#include "explanations/networks.hpp"

namespace proofmark::block_tables {

Witnesses witnesses(const Form&);
explanations::BlockTables explanation(const Form&);

} // namespace proofmark::block_tables
