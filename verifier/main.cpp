// proofmark-verify: reads a certificate, checks it, and says what came of it. The verdict is decided here and
// nowhere else.
#include "check.hpp"
#include "command_line.hpp"
#include "files.hpp"
#include "limits.hpp"
#include "progress.hpp"
#include "question.hpp"
#include "reason.hpp"
#include "receipt.hpp"
#include "sha256.hpp"
#include "words.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <unistd.h>

namespace {

using namespace verifier;

void verify(const CommandLine& line, Run& run) {
  {
    const std::string text = read_file(line.certificate, limits::file_bytes);
    run.certificate_sha256 = sha256(text);
    run.certificate = read_certificate(text);
  }
  if (line.claim) require_claim(*run.certificate, read_file(*line.claim, limits::file_bytes));
  if (line.weights) require_weights(*run.certificate, read_file(*line.weights, limits::file_bytes), *line.weights);
  Progress progress;
  Options options{line.engine, line.threads, {}};
  if (line.progress || (!line.quiet && isatty(STDERR_FILENO)))
    options.progress = [&](auto done, auto total) { progress.show(done, total); };
  run.result = check(*run.certificate, options);
  run.verdict = Verdict::verified; // every check above has passed
}

// Runs `work` and turns whatever it throws into a verdict.
template <class Work>
void guarded(Run& run, Work work) {
  const auto record = [&](const Failure& failure) {
    run.result.reset();
    run.failure = failure;
    run.verdict = verdict(failure.reason);
  };
  try {
    work();
  } catch (const Failure& failure) {
    record(failure);
  } catch (const std::bad_alloc&) {
    record({Reason::internal, "", "enough memory", "not enough"});
  } catch (const std::exception& error) {
    record({Reason::internal, "", "", shown(error.what())});
  }
}

int finish(const Run& run, const std::string& output) {
  const Reason reason = run.failure ? run.failure->reason : Reason::internal;
  try {
    write_output(output);
  } catch (const Failure& failure) {
    std::fprintf(stderr, "proofmark-verify: error: standard output: %s\n", failure.found.c_str());
    return exit_code(Verdict::error, Reason::io); // a verdict that did not arrive is none
  }
  return exit_code(run.verdict, reason);
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe shows as a failed write
  Run run;
  CommandLine line;
  std::string text; // the answer, for modes that do not verify
  guarded(run, [&] {
    line = parse_command_line({argv + 1, argv + argc});
    run.engine = line.engine;
    switch (line.mode) {
    case Mode::help:
      text = usage();
      break;
    case Mode::version:
      text = versions() + "\n";
      break;
    case Mode::trust:
      text = trust_statement();
      break;
    case Mode::explain:
      text = explanation(read_certificate(read_file(line.certificate, limits::file_bytes)));
      break;
    case Mode::verify:
      verify(line, run);
      break;
    }
  });
  if (!run.failure && line.mode != Mode::verify) {
    try {
      write_output(text);
      return 0;
    } catch (const Failure& failure) {
      std::fprintf(stderr, "proofmark-verify: error: standard output: %s\n", failure.found.c_str());
      return exit_code(Verdict::error, Reason::io);
    }
  }
  // A receipt is written for every verdict; an error is none.
  if (line.mode == Mode::verify && line.receipt && run.verdict != Verdict::error) {
    Run unwritten = run;
    guarded(unwritten, [&] { write_file(*line.receipt, receipt(run)); });
    if (unwritten.verdict == Verdict::error) run = std::move(unwritten);
  }
  return finish(run, line.quiet ? "s " + std::string(name(run.verdict)) + "\n" : summary(run, line.verbose));
}
