// The version of this build, from meson.build.
#pragma once

namespace proofmark {

inline constexpr const char* version = PROOFMARK_VERSION;

} // namespace proofmark
