// proofmark: trains or imports a small network and writes proof certificates of its performance.
// Nothing here is trusted: whatever this program writes, proofmark-verify recomputes.
// Read next: command_line, then commands/, one file a command.

#include "commands/command_line.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <gmp.h>
#include <initializer_list>
#include <unistd.h>

namespace {

// GMP and MPFR, which are C, could not pass std::bad_alloc on.
void* require_memory(void* memory) {
  if (memory != nullptr) return memory;
  std::fputs("proofmark: error: there is not enough memory\n", stderr);
  _exit(static_cast<int>(proofmark::Exit::internal));
}

} // namespace

int main(int argc, char** argv) {
  mp_set_memory_functions(
      [](std::size_t size) { return require_memory(std::malloc(size)); },
      [](void* old, std::size_t, std::size_t size) { return require_memory(std::realloc(old, size)); },
      [](void* memory, std::size_t) { std::free(memory); });
  // A standard stream that is closed must not become the next file opened. Writing to these replacements
  // fails.
  for (const int stream : {0, 1, 2})
    if (fcntl(stream, F_GETFD) < 0) open("/dev/null", O_RDONLY);
  proofmark::arrange_signals();
  return proofmark::run_command_line(argc, argv);
}
