// proofmark: trains or imports a small network and writes proof certificates of its performance.
// Nothing here is trusted: whatever this program writes, proofmark-verify recomputes.
// Read next: command_line, then commands/, one file a command.

#include "command_line.hpp"
#include "interrupt.hpp"

#include <csignal>
#include <fcntl.h>
#include <initializer_list>

int main(int argc, char** argv) {
  // A standard stream that is closed must not become the next file opened. Writing to these replacements
  // fails.
  for (const int stream : {0, 1, 2})
    if (fcntl(stream, F_GETFD) < 0) open("/dev/null", O_RDONLY);
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an output error like any other
  proofmark::catch_interrupts();
  return proofmark::run_command_line(argc, argv);
}
