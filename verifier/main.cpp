// proofmark-verify: reads files, has a certificate judged, and says what came of it. VERIFIED is said by judge() and nowhere
// else; PARTIAL and JOINED are said here.
#include "answers/command_line.hpp"
#include "answers/progress.hpp"
#include "answers/receipt.hpp"
#include "answers/words.hpp"
#include "judge.hpp"
#include "parts/join.hpp"
#include "parts/part_file.hpp"
#include "reading/files.hpp"
#include "reading/limits.hpp"
#include "reading/question.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <unistd.h>

namespace {

using namespace verifier;

// Memory is out, on whatever thread: GMP and MPFR, which are C, could not pass an exception on.
[[noreturn]] void out_of_memory() {
  constexpr std::string_view text = "s ERROR\nc reason internal\nc expected enough memory\nc found not enough\n";
  static_cast<void>(!::write(STDOUT_FILENO, text.data(), text.size()));
  ::_exit(exit_code(Verdict::error, reason::internal));
}

void end_in_order_without_memory() {
  std::set_new_handler(out_of_memory);
  static constexpr auto require_memory = [](void* memory) {
    if (memory == nullptr) out_of_memory();
    return memory;
  };
  mp_set_memory_functions(
      [](std::size_t size) { return require_memory(std::malloc(size)); },
      [](void* old, std::size_t, std::size_t size) { return require_memory(std::realloc(old, size)); },
      [](void* memory, std::size_t) { std::free(memory); });
}

std::optional<std::string> contents(const std::optional<std::string>& path) {
  return path ? std::optional(read_file(*path, limits::file_bytes)) : std::nullopt;
}

Question question(const CommandLine& line) {
  return {contents(line.claim), contents(line.weights), line.weights.value_or("")};
}

// A certificate, and the digest of its bytes, which is known also when the certificate is malformed.
Certificate read(const std::string& path, std::string& certificate_sha256) {
  InputFile file(path, limits::file_bytes);
  Sha256 digest;
  return read_certificate([&] {
    const std::string_view piece = file.next();
    digest.update(piece);
    if (file.at_end()) certificate_sha256 = Sha256(digest).hexadecimal();
    return piece;
  });
}

// What a question asks of whatever was read; notes the digests of its files.
template <class Read>
void ask(const CommandLine& line, const Read& certificate, Run& run) {
  const Question asked = question(line);
  if (asked.claim) {
    run.claim_sha256 = sha256(*asked.claim);
    require_claim(certificate, *asked.claim);
  }
  if (asked.weights) {
    run.weights_sha256 = sha256(*asked.weights);
    run.ignored = require_weights(certificate, *asked.weights, asked.weights_path);
  }
}

Options options(const CommandLine& line, Progress& progress) {
  Options options{.engine = line.engine, .threads = line.threads};
  if (line.progress || (!line.quiet && isatty(STDERR_FILENO)))
    options.progress = [&](auto done, auto total) { progress.show(done, total); };
  return options;
}

std::string key(const CommandLine& line) {
  if (!line.key) return "";
  const std::string key = read_file(*line.key, limits::key_bytes);
  require(!key.empty(), reason::usage, "--key", "a file with a secret in it", "an empty one");
  return key;
}

void verify(const CommandLine& line, Run& run) {
  const Question asked = question(line);
  InputFile file(line.certificate, limits::file_bytes);
  Progress progress;
  static_cast<Judgement&>(run) = judge([&] { return file.next(); }, asked, options(line, progress));
}

std::atomic<bool> stop = false;
std::atomic<int> stop_signal = 0;

// The first signal ends the work in order, the second one at once.
void stop_in_order() {
  struct sigaction action {};
  action.sa_handler = [](int signal) {
    stop_signal = signal;
    stop = true;
  };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU}) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr); // nohup stays what it is
  }
}

// Ends the process as the signal would have, had nobody caught it.
[[noreturn]] void end_by_signal() {
  std::signal(stop_signal, SIG_DFL);
  std::raise(stop_signal);
  std::abort(); // not reached
}

// Takes up what an earlier run of the same part has left in its file. A part of another check is not replaced: it may be
// hours of work.
void resume(const std::string& path, const std::string& key, const Certificate& certificate, Part& part, Run& run) {
  if (!is_file(path)) return;
  const std::string text = read_file(path, limits::file_bytes);
  try {
    take_up(part, certificate, read_part(text, key));
    run.resumed = part.outline.steps.size();
  } catch (const Failure& failure) {
    if (!is_part(text)) return; // a receipt, say: replaced, as receipts are
    const std::string why =
        std::string(failure.reason.code) + (failure.pointer.empty() ? "" : " at " + failure.pointer);
    Failure foreign(reason::io, path, "this part's own file, or none", "a part of another check: " + why);
    foreign.hint = "move it away, or give another file; nothing was changed";
    throw foreign;
  }
}

void verify_part(const CommandLine& line, Run& run) {
  const Certificate certificate = read(line.certificate, run.certificate_sha256);
  run.outline = certificate;
  ask(line, certificate, run);
  const std::string secret = key(line);
  Part part = unchecked_part(certificate, run.certificate_sha256, line.part_index, line.part_of, line.engine);
  resume(*line.receipt, secret, certificate, part, run);
  const auto save = [&](const Part& finished) { write_file(*line.receipt, part_text(finished, secret)); };
  stop_in_order();
  {
    Progress progress;
    Options stoppable = options(line, progress);
    stoppable.stop = &stop;
    complete(part, certificate, stoppable, save);
  }
  save(part);
  run.part = std::move(part);
  run.verdict = Verdict::partial;
}

void verify_joined(const CommandLine& line, Run& run) {
  const std::string secret = key(line);
  std::vector<PartFile> files;
  for (const std::string& path : line.parts) files.push_back({path, read_file(path, limits::file_bytes)});
  Joined joined = join(files, secret);
  run.certificate_sha256 = joined.certificate_sha256;
  run.engine = joined.engine;
  run.outline = joined.outline;
  if (!line.certificate.empty()) {
    std::string certificate_sha256;
    const Certificate certificate = read(line.certificate, certificate_sha256);
    require_certificate(joined, certificate, certificate_sha256);
  }
  ask(line, joined.outline, run);
  run.parts_sha256 = std::move(joined.parts_sha256);
  run.result = std::move(joined.result);
  run.verdict = Verdict::joined; // every check above has passed, and the machines that made the parts are relied on
}

// Runs `work` and turns whatever it throws into a verdict.
template <class Work>
void guarded(Run& run, Work work) {
  const auto record = [&](const Failure& failure) {
    run.result.reset();
    run.part.reset();
    run.failure = failure;
    run.verdict = failure.reason.verdict;
  };
  try {
    work();
  } catch (const Failure& failure) {
    record(failure);
  } catch (const Interrupted&) {
    std::fprintf(stderr, "proofmark-verify: interrupted; the same command goes on from here\n");
    end_by_signal();
  } catch (const std::bad_alloc&) {
    record({reason::internal, "", "enough memory", "not enough"});
  } catch (const std::exception& error) {
    record({reason::internal, "", "", shown(error.what())});
  }
}

// As POSIX has it: the first of these that is set names the locale.
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == 0) continue;
    const std::string_view locale = value;
    return locale.ends_with(".UTF-8") || locale.ends_with(".utf8");
  }
  return false;
}

int finish(const std::string& output, int exit) {
  try {
    write_output(output);
    return exit;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "proofmark-verify: error: standard output: %s\n", failure.found.c_str());
    return exit_code(Verdict::error, reason::io); // a verdict that did not arrive is none
  }
}

} // namespace

int main(int argc, char** argv) {
  end_in_order_without_memory();
  // A closed pipe, and a file that may not grow, show as failed writes.
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
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
      text = explanation(read(line.certificate, run.certificate_sha256));
      break;
    case Mode::verify:
      verify(line, run);
      break;
    case Mode::part:
      verify_part(line, run);
      break;
    case Mode::join:
      verify_joined(line, run);
      break;
    }
  });
  const bool answers = line.mode == Mode::verify || line.mode == Mode::part || line.mode == Mode::join;
  if (!run.failure && !answers) return finish(text, 0);
  // A receipt is written for every verdict; an error is none. A part that holds has written its own file, and one that does
  // not leaves alone what is in its place.
  const bool takes_receipt = run.verdict != Verdict::error && run.verdict != Verdict::partial &&
                             !(line.mode == Mode::part && line.receipt && is_file(*line.receipt));
  if (answers && line.receipt && takes_receipt) {
    Run unwritten = run;
    guarded(unwritten, [&] { write_file(*line.receipt, receipt(run)); });
    if (unwritten.verdict == Verdict::error) run = std::move(unwritten);
  }
  return finish(line.quiet ? "s " + std::string(name(run.verdict)) + "\n" : summary(run, line.verbose, speaks_utf8()),
                exit_code(run.verdict, run.failure ? run.failure->reason : reason::internal));
}
