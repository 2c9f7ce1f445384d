#pragma once

namespace verifier {

inline constexpr const char* program_name = "proofmark-verify";
inline constexpr const char* program_version = "0.1.0";

} // namespace verifier
