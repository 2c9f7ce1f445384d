// What proofmark-verify takes, so that nothing is begun that it will decline. The two programs share no source: these
// are numbers of verifier/reading/limits.hpp, and `test_limits.py` compares the two files.
#pragma once

#include <cstddef>
#include <cstdint>

namespace proofmark::limits {

inline constexpr std::uint64_t file_bytes = std::uint64_t{1} << 30;
inline constexpr std::size_t claims = 16;
inline constexpr std::size_t steps = 65536;
inline constexpr std::size_t provenance_entries = 64;
inline constexpr std::uint64_t context = 64;
inline constexpr std::uint64_t vocabulary = 16384;
inline constexpr std::uint64_t attention_vocabulary = 1024; // of the family attention-only
inline constexpr std::uint64_t width = 4096;
inline constexpr std::uint64_t tail_norms = 4096;               // of one token: head sizes times column groups
inline constexpr std::uint64_t length = std::uint64_t{1} << 50; // operations of one proof
inline constexpr std::uint64_t safetensors_header_bytes = 100'000'000;

} // namespace proofmark::limits
