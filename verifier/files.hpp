// Files in and out: bounded reading, and writing that never leaves half a file behind.
#pragma once

#include <cstdint>
#include <string>

namespace verifier {

// The whole file, or standard input for "-". Fails with io, or with `limit_file` when it is longer than
// `limit` bytes.
std::string read_file(const std::string& path, std::uint64_t limit);

// Writes a temporary sibling, flushes it to disk and renames it; a device or pipe is written to; "-" is
// standard output. Fails with io.
void write_file(const std::string& path, const std::string& text);

// Writes to standard output and makes sure that it arrived. Fails with io.
void write_output(const std::string& text);

} // namespace verifier
