#pragma once

#if __has_include("commit.hpp")
#include "commit.hpp" // made by Meson; the one-command build goes without
#else
namespace verifier {
inline constexpr const char* commit = "unknown";
}
#endif

namespace verifier {

inline constexpr const char* program_name = "proofmark-verify";
inline constexpr const char* program_version = "0.1.0";

} // namespace verifier
