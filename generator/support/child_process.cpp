#include "support/child_process.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/interrupt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace proofmark {

namespace {

constexpr int turn_ms = 100;
constexpr std::size_t most_output = std::size_t{1} << 28; // a child that writes more has gone wrong

[[noreturn]] void fail(const std::filesystem::path& program, int error_number) {
  throw Error(Exit::io, "cannot run " + in_quotes(program.string()) + ": " + std::strerror(error_number),
              "it must be a program that you may execute");
}

struct Descriptor {
  int number = -1;
  ~Descriptor() { close_now(); }
  void close_now() {
    if (number >= 0) close(number);
    number = -1;
  }
};

// The child's side of vfork: nothing but system calls. Returns when the program cannot be started.
void become(char* const* argv, int output, int errors, pid_t parent) {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGTERM); // it ends with this program, however that ends ..
  if (getppid() != parent) return;  // .. even if that was a moment ago
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(errors, STDERR_FILENO) >= 0)
    execv(argv[0], argv);
}

// Signals that this program handles or ignores act as usual in the child.
pid_t start(const std::filesystem::path& program, const std::vector<std::string>& arguments, int output, int errors) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  volatile int error_number = 0; // the child writes it: until it has become the program, memory is shared
  const pid_t child = vfork();
  if (child == 0) {
    become(argv.data(), output, errors, parent);
    error_number = errno;
    _exit(1);
  }
  if (child < 0) fail(program, errno);
  if (error_number != 0) {
    waitpid(child, nullptr, 0);
    fail(program, error_number);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw Error(Exit::internal, "nothing is known of the end of a program that was started");
  return status;
}

struct Pipe {
  explicit Pipe(const std::filesystem::path& program) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail(program, errno);
    from.number = ends[0], to.number = ends[1];
  }
  Descriptor from, to;
  std::string text;

  // Reads what is there; closes the end from which nothing will come any more.
  void read_some() {
    std::array<char, 65536> buffer;
    const ssize_t count = read(from.number, buffer.data(), buffer.size());
    if (count == 0) from.close_now();
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > most_output) throw Error(Exit::data, "the program that was started writes without end");
  }
};

// Until the child closes both, which it does at its end.
void read_all(Pipe& output, Pipe& errors, const std::function<void(const std::string&)>& waiting) {
  while (output.from.number >= 0 || errors.from.number >= 0) {
    stop_if_interrupted();
    if (waiting) waiting(errors.text);
    // poll passes over negative descriptors
    std::array<pollfd, 2> ready{pollfd{output.from.number, POLLIN, 0}, pollfd{errors.from.number, POLLIN, 0}};
    if (poll(ready.data(), ready.size(), turn_ms) <= 0) continue;
    if (ready[0].revents != 0) output.read_some();
    if (ready[1].revents != 0) errors.read_some();
  }
}

} // namespace

ChildResult run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                        const std::function<void(const std::string& errors)>& waiting) {
  Pipe output(program), errors(program);
  const pid_t child = start(program, arguments, output.to.number, errors.to.number);
  output.to.close_now();
  errors.to.close_now();
  try {
    read_all(output, errors, waiting);
  } catch (...) {
    kill(child, SIGTERM);
    wait_for(child);
    throw;
  }
  ChildResult result;
  result.output = std::move(output.text);
  result.errors = std::move(errors.text);
  const int status = wait_for(child);
  stop_if_interrupted(); // Ctrl-C ends both: then the child's end says nothing
  if (WIFEXITED(status)) result.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

} // namespace proofmark
