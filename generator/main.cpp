// proofmark: trains or imports a small network and writes proof certificates of its performance.
// Nothing here is trusted: whatever this program writes, proofmark-verify recomputes.
// Read next: commands/, one file a command.

#include "command_line.hpp"
#include "commands/commands.hpp"
#include "interrupt.hpp"
#include "version.hpp"

#include <csignal>
#include <fcntl.h>

int main(int argc, char** argv) {
  // A standard stream that is closed must not become the next file opened. Writing to these replacements
  // fails.
  for (const int stream : {0, 1, 2})
    if (fcntl(stream, F_GETFD) < 0)
      open("/dev/null", O_RDONLY);
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an output error like any other
  proofmark::catch_interrupts();

  CLI::App app{"Proof certificates of neural-network performance."};
  app.name("proofmark");
  app.set_version_flag("--version", std::string("proofmark ") + proofmark::version);
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  proofmark train --output model.safetensors\n"
             "  proofmark prove model.safetensors --context 2 --strategy symmetry --output proof.json\n"
             "  proofmark-verify proof.json\n");
  proofmark::add_train(app);
  proofmark::add_prove(app);
  return proofmark::run_command_line(app, argc, argv);
}
