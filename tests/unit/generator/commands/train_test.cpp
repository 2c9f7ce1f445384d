// The program itself: options, exit codes, messages, interruption. Its path comes in the environment variable
// PROOFMARK.

#include "families/token_sum/model.hpp"
#include "models/model.hpp"
#include "models/safetensors.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <vector>

using namespace proofmark;

namespace {

pid_t start(std::vector<std::string> arguments, const std::filesystem::path& output,
            const std::filesystem::path& errors) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL); // it may be ignored here, as in what a script runs in the background
    dup2(open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    const char* program = std::getenv("PROOFMARK");
    std::vector<char*> argv = {const_cast<char*>("proofmark")};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(program, argv.data());
    _exit(127);
  }
  return child;
}

int exit_code(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Whether the child is the program already, and not this one before exec, and has its signal handlers in place.
bool handles_interrupts(pid_t child) {
  const std::filesystem::path process = "/proc/" + std::to_string(child);
  std::error_code ended;
  if (std::filesystem::read_symlink(process / "exe", ended).filename() != "proofmark") return false;
  std::ifstream status(process / "status");
  for (std::string word; status >> word;)
    if (std::uint64_t caught; word == "SigCgt:" && status >> std::hex >> caught)
      return (caught >> (SIGINT - 1) & 1) != 0;
  return false;
}

struct Run {
  int exit;
  std::string output, errors;
};

Run run(const std::vector<std::string>& arguments) {
  const TemporaryDirectory directory;
  const int exit = exit_code(start(arguments, directory / "output", directory / "errors"));
  return {exit, read_text(directory / "output"), read_text(directory / "errors")};
}

std::vector<std::string> train(const std::string& steps, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"train",   "--vocabulary", "8",       "--width", "4",
                                        "--batch", "16",           "--steps", steps};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

} // namespace

TEST_CASE("train writes a model, a history and a summary") {
  const TemporaryDirectory directory;
  const std::string model = directory / "model", history = directory / "history";
  const Run trained = run(train("3", {"--output", model, "--history", history}));
  CHECK(trained.exit == 0);
  CHECK(trained.errors == "");
  const Model read = token_sum_model(read_safetensors(model).tensors);
  CHECK(read.vocabulary == 8);
  CHECK(trained.output.starts_with("trained 3 steps in "));
  CHECK(trained.output.ends_with("model " + model + ", model digest " + model_sha256(Model(read), 2) + "\n"));
  const std::string csv = read_text(history);
  CHECK(csv.starts_with("step,loss,objective\n1,2."));
  CHECK(csv.ends_with(",cross-entropy\n"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(directory.size() == 2);

  const Run piped = run(train("3", {"--output", "-"}));
  CHECK(piped.exit == 0);
  CHECK(piped.output == read_text(model));
  CHECK(piped.errors.starts_with("trained 3 steps in "));
}

TEST_CASE("train --objective head-tail says what it minimised") {
  const TemporaryDirectory directory;
  const std::string model = directory / "model", history = directory / "history";
  const Run trained =
      run(train("4", {"--objective", "head-tail", "--top", "2", "--output", model, "--history", history}));
  CHECK(trained.exit == 0);
  CHECK(trained.output.find(", final head-tail bound ") != std::string::npos);
  const std::string csv = read_text(history);
  CHECK(csv.starts_with("step,loss,objective\n1,"));
  CHECK(csv.find("cross-entropy") == std::string::npos);
  CHECK(csv.ends_with(",head-tail\n"));
}

TEST_CASE("wrong options give exit 64, a message and a hint, and write nothing") {
  const TemporaryDirectory directory;
  const std::string model = directory / "model";
  struct Wrong {
    std::vector<std::string> arguments;
    std::string message, hint;
  };
  const Wrong wrong[] = {
      {{}, "--output is required", "see 'proofmark train --help'"},
      {{"--output", model, "--stepss", "3"}, "--stepss", "did you mean '--steps'?"},
      {{"--output", model, "--vocabulary", "0"}, "expected a whole number from 1 to 16384, found '0'", ""},
      {{"--output", model, "--vocabulary", "16385"}, "from 1 to 16384, found '16385'", ""},
      {{"--output", model, "--context", "65"}, "from 1 to 64, found '65'", ""},
      {{"--output", model, "--width", "4097"}, "from 1 to 4096, found '4097'", ""},
      {{"--output", model, "--batch", "1e3"}, "found '1e3'", ""},
      {{"--output", model, "--steps=-1"}, "found '-1'", ""},
      {{"--output", model, "--seed", "18446744073709551616"}, "found '18446744073709551616'", ""},
      {{"--output", model, "--learning-rate", "0"}, "expected a finite number above 0, found '0'", ""},
      {{"--output", model, "--learning-rate", "nan"}, "found 'nan'", ""},
      {{"--output", model, "--weight-decay", "-1"}, "expected a finite number from 0, found '-1'", ""},
      {{"--output", model, "--objective", "headtail"}, "there is no objective 'headtail'", "did you mean 'head-tail'?"},
      {{"--output", model, "--objective", "loss"}, "'loss'", "objectives are: cross-entropy, head-tail"},
      {{"--output", model, "--top", "1"}, "--top is given", "add --objective head-tail"},
      {{"--output", model, "--objective", "head-tail", "--top", "0"}, "from 1 to 16384, found '0'", ""},
      {{"--output", model, "--objective", "head-tail", "--vocabulary", "8", "--top", "9"},
       "--top 9",
       "a head holds a few"},
      {{"--output", model, "--objective", "head-tail", "--context", "4"}, "2 or 3 tokens, not 4", "use --context 2"},
      {{"--output", model, "--objective", "head-tail", "--context", "1"}, "2 or 3 tokens, not 1", "use --context 2"},
      {{"--output", model, "--history", model}, "are one place", ""},
      {{"--output", model, "--history", directory.path / "." / "model"}, "are one place", ""},
      {{"--output", model, "--objective", "head-tail", "--head", "1"},
       "there is no option '--head'",
       "--head is now --top"},
      {{"--output", model, "word"}, "word", "see 'proofmark train --help'"},
      {{"--output", model, "--output", model}, "--output is given twice", "keep one of them"},
      {{"--output"}, "--output: FILE is missing", ""},
      {{"--output", "--json"}, "--output: FILE is missing", ""},
      {{"--output", model, "--json=yes"}, "--json takes no value, found 'yes'", ""},
  };
  for (const Wrong& line : wrong) {
    CAPTURE(line.message);
    std::vector<std::string> arguments = {"train"};
    arguments.insert(arguments.end(), line.arguments.begin(), line.arguments.end());
    const Run refused = run(arguments);
    CHECK(refused.exit == 64);
    CHECK(refused.output == "");
    CHECK(refused.errors.starts_with("proofmark: error: "));
    CHECK_MESSAGE(refused.errors.find(line.message) != std::string::npos, refused.errors);
    CHECK_MESSAGE(refused.errors.find("\nhint: " + line.hint) != std::string::npos, refused.errors);
  }
  CHECK(directory.size() == 0);
}

TEST_CASE("the program explains itself") {
  CHECK(run({"--version"}).output.starts_with("proofmark "));
  CHECK(run({"--help"}).output.find("\ncommands:\n") != std::string::npos);
  CHECK(run({"train", "--help"}).output.find("--learning-rate") != std::string::npos);
  CHECK(run({}).exit == 64);
  const Run misspelt = run({"trian"});
  CHECK(misspelt.exit == 64);
  CHECK(misspelt.errors.find("did you mean 'train'?") != std::string::npos);
}

TEST_CASE("an output that cannot be written is found out at once") {
  const Run refused = run({"train", "--output", "/no/such/directory/model"}); // the full-size training is never begun
  CHECK(refused.exit == 66);
  CHECK(refused.errors.find("'/no/such/directory/model'") != std::string::npos);
  CHECK(run(train("3", {"--output", "/dev/full"})).exit == 66);
}

TEST_CASE("closed and full standard streams") {
  const TemporaryDirectory directory;
  const std::string program =
      std::string(std::getenv("PROOFMARK")) + " train --vocabulary 8 --width 4 --batch 16 --steps 3 --output ";
  const std::string model = directory / "model";
  const auto exit_of = [](const std::string& command) { return WEXITSTATUS(std::system((command + " 2>&-").c_str())); };
  CHECK(exit_of(program + model + " > /dev/full") == 66);
  CHECK(exit_of(program + "- >&-") == 66);
  CHECK(exit_of(program + model + " <&- >&-") == 66);
  CHECK_NOTHROW(token_sum_model(read_safetensors(model).tensors)); // and not a summary written into the model
}

TEST_CASE("an interrupt ends with exit 130 and leaves no file") {
  const TemporaryDirectory directory, streams;
  const pid_t child =
      start(train("1000000000", {"--output", directory / "model"}), streams / "output", streams / "errors");
  while (!handles_interrupts(child) && waitpid(child, nullptr, WNOHANG) == 0) usleep(1000);
  kill(child, SIGINT);
  CHECK(exit_code(child) == 130);
  CHECK(directory.size() == 0);
  CHECK(read_text(streams / "output") == "");
  CHECK(read_text(streams / "errors").starts_with("proofmark: error: interrupted\n"));
}
