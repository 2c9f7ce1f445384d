// block-tables@1: for which descriptions and tasks it is, and its witness (docs/rules/any/block-tables.md).
#pragma once

#include "reading/certificate.hpp"
#include "rules/any/block_tables.hpp"

namespace verifier {

// What a certificate would have if the rule were for it; nothing: it is.
std::optional<std::string> why_no_block_tables(const Certificate&);
std::vector<rules::any::TokenSpan> token_spans(const Task&); // of ranges
std::uint64_t right_symbols(const Task&);                    // N_y, of ranges

// Fails with witness-shape, witness-value, witness-missing, witness-unused.
rules::any::BlockTablesWitness read_block_tables_witness(const Certificate&);

} // namespace verifier
