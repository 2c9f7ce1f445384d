// Prints what is made from the command line of proofmark: its man page and its completions. The build runs this and
// installs what it prints, so that a new command or option is in all of them at once.
//
//     proofmark-manual man|bash|zsh

#include "manual/description.hpp"

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  if (what != "man" && what != "bash" && what != "zsh") {
    std::fputs("usage: proofmark-manual man|bash|zsh\n", stderr);
    return 64;
  }
  const std::vector<manual::Command> commands = manual::commands();
  const std::string text = what == "man"    ? manual::man_page(commands)
                           : what == "bash" ? manual::bash_completion(commands)
                                            : manual::zsh_completion(commands);
  const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? 0 : 66;
}
