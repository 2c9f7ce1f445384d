#include "support/messages.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace proofmark {

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Error(Exit::io, std::string("cannot write to standard output: ") + std::strerror(errno));
}

void say(std::string_view text) {
  const std::string shown = printable_lines(text) + (text.ends_with('\n') ? "" : "\n");
  std::fwrite(shown.data(), 1, shown.size(), stderr); // where nobody listens, the work goes on
}

bool is_able_terminal(int stream) {
  const char* const kind = std::getenv("TERM");
  return isatty(stream) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

} // namespace proofmark
