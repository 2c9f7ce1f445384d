#include "support/interrupt.hpp"

#include "support/error.hpp"

#include <atomic>
#include <csignal>

namespace proofmark {

namespace {

std::atomic<bool> signal_arrived = false;              // read by every thread
static_assert(std::atomic<bool>::is_always_lock_free); // and so safe in a handler

extern "C" void remember_signal(int) {
  signal_arrived = true;
}

} // namespace

void arrange_signals() {
  // A pipe that nobody reads and a file that may not grow are failed writes like any other.
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL); // ignored, it would hide how a child ended
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr); // nohup stays what it is
  }
}

void stop_if_interrupted() {
  if (signal_arrived)
    throw Error(Exit::interrupted, "interrupted", "an output file is either complete or as it was before");
}

} // namespace proofmark
