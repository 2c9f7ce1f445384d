// Partitions of symbols by name: of numbers by residue, of permutations by what they do (docs/explanations.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark::explanations {

using Blocks = std::vector<std::uint16_t>; // of each symbol; counted from 0 in the order of first occurrence

Blocks
in_order(std::span<const std::uint64_t> labels); // the same blocks, counted like that; std::invalid_argument: too many

// "residues:5", "images:3", "preimages:0", "image-pairs:0,1", "image-sets:0,1", "preimage-pairs:0,1", "preimage-sets:0,1", "sign",
// "left-cosets:10234,12340", "right-cosets:..", "one", "each"; with & between them their joint blocks. Permutations are those of
// `symbols` = degree! in lexicographic order. Throws std::invalid_argument that says what is wrong.
Blocks partition_named(std::string_view name, std::uint64_t symbols);

std::string name_of(const Blocks&); // a name of it, where there is one; else empty

} // namespace proofmark::explanations
