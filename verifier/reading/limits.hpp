// Every limit of the verifier, in one place. docs/limits.md and --trust print these numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace verifier::limits {

inline constexpr std::uint64_t file_bytes = std::uint64_t{1} << 30;
inline constexpr std::size_t json_depth = 8;
inline constexpr std::size_t string_length = 4096; // other than tensor data
inline constexpr std::size_t claims = 16;
inline constexpr std::size_t steps = 65536;
inline constexpr std::size_t provenance_entries = 64;
inline constexpr std::size_t tensors = 4096;    // of a model
inline constexpr std::size_t tensor_name = 256; // characters
inline constexpr std::size_t witnesses = 64;
inline constexpr std::size_t dimensions = 64;
inline constexpr std::uint64_t context = 64; // positions
inline constexpr std::uint64_t token_range = std::uint64_t{1} << 32;
inline constexpr std::size_t blocks = 64, readout = 16;         // of a description
inline constexpr std::uint64_t vocabulary = 16384;              // tokens, and classes
inline constexpr std::uint64_t attention_vocabulary = 1024;     // of the shape attention-only
inline constexpr std::uint64_t width = 4096;                    // of every row between two maps, and of a head
inline constexpr std::uint64_t tail_norms = 4096;               // of one token: head sizes times column groups
inline constexpr std::uint64_t length = std::uint64_t{1} << 50; // operations of one proof
// Elements of tensors that are alive at a time: of the tables that all steps share, and of what closes a step on one thread. Of the
// reference engine, whose numbers take eight times the memory, an eighth.
inline constexpr std::uint64_t elements_of_tables = std::uint64_t{1} << 31, elements_of_unit = std::uint64_t{1} << 30;
inline constexpr std::uint64_t memory_of_threads = std::uint64_t{1}
                                                   << 31; // bytes beside the tables; beyond, fewer threads
inline constexpr std::uint64_t key_bytes = 65536;
inline constexpr std::uint64_t safetensors_header_bytes = 100'000'000;
inline constexpr std::size_t safetensors_entries = 4096; // tensors, and entries of metadata

} // namespace verifier::limits
