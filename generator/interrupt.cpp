#include "interrupt.hpp"

#include "error.hpp"

#include <csignal>

namespace proofmark {

namespace {

volatile std::sig_atomic_t signal_arrived = 0;

extern "C" void remember_signal(int) {
  signal_arrived = 1;
}

} // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

void stop_if_interrupted() {
  if (signal_arrived)
    throw Error(Exit::interrupted, "interrupted", "an output file is either complete or as it was before");
}

} // namespace proofmark
