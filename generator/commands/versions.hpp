// What this build is made of, for `proofmark --version`.
#pragma once

#include <string>

namespace proofmark {

// "proofmark 0.1.0 (commit ab12, Boost 1.74.0, ..)": libraries that are only compiled in by the version they were
// compiled with, the others by the version that runs.
std::string versions();

} // namespace proofmark
