#include "command_line.hpp"

#include "reason.hpp"
#include "version.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <thread>

namespace verifier {
namespace {

constexpr unsigned most_threads = 1024;

[[noreturn]] void fail_usage(const std::string& what, const std::string& expected, const std::string& found,
                             const std::string& hint) {
  Failure failure(Reason::usage, what, expected, found);
  failure.hint = hint;
  throw failure;
}

// Levenshtein distance, to suggest the option that was meant.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j)
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])}));
  }
  return row.back();
}

unsigned thread_count(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == std::string::npos;
  const unsigned long count = digits ? std::stoul(text) : 0;
  if (count < 1 || count > most_threads)
    fail_usage("--threads", "1 to " + std::to_string(most_threads), shown(text),
               "leave --threads out to use every core");
  return static_cast<unsigned>(count);
}

Engine engine(const std::string& text) {
  for (const Engine known : {Engine::exact, Engine::reference})
    if (text == name(known)) return known;
  fail_usage("--engine", "exact or reference", shown(text), "the default is exact");
}

} // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.threads = std::clamp(std::thread::hardware_concurrency(), 1u, most_threads);
  const std::map<std::string, std::function<void()>> flags = {
      {"--quiet", [&] { line.quiet = true; }},       {"--verbose", [&] { line.verbose = true; }},
      {"--progress", [&] { line.progress = true; }}, {"--explain", [&] { line.mode = Mode::explain; }},
      {"--trust", [&] { line.mode = Mode::trust; }}, {"--help", [&] { line.mode = Mode::help; }},
      {"-h", [&] { line.mode = Mode::help; }},       {"--version", [&] { line.mode = Mode::version; }},
  };
  const std::map<std::string, std::function<void(const std::string&)>> options = {
      {"--claim", [&](const std::string& value) { line.claim = value; }},
      {"--weights", [&](const std::string& value) { line.weights = value; }},
      {"--receipt", [&](const std::string& value) { line.receipt = value; }},
      {"--engine", [&](const std::string& value) { line.engine = engine(value); }},
      {"--threads", [&](const std::string& value) { line.threads = thread_count(value); }},
  };
  bool only_files = false; // after "--"
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_files || argument == "-" || !argument.starts_with("-")) {
      if (argument.empty())
        fail_usage("CERT", "a file name", "an empty one", "give the certificate's path, or - for standard input");
      if (!line.certificate.empty())
        fail_usage("CERT", "one certificate", "a second one, " + shown(argument), "verify one certificate at a time");
      line.certificate = argument;
    } else if (argument == "--") {
      only_files = true;
    } else if (flags.contains(argument)) {
      flags.at(argument)();
    } else {
      const std::size_t equals = argument.find('=');
      const std::string option = argument.substr(0, equals);
      if (!options.contains(option)) {
        std::string closest;
        const auto consider = [&](const std::string& known) {
          if (closest.empty() || distance(option, known) < distance(option, closest)) closest = known;
        };
        for (const auto& [known, action] : flags) consider(known);
        for (const auto& [known, action] : options) consider(known);
        fail_usage(shown(option), "a known option", "an unknown one",
                   distance(option, closest) <= 3 ? "did you mean " + closest + "?" : "see --help");
      }
      if (equals == std::string::npos && i + 1 == arguments.size()) fail_usage(option, "a value", "none", "see --help");
      const std::string value = equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
      if (value.empty()) fail_usage(option, "a value", "an empty one", "see --help");
      options.at(option)(value);
    }
  }
  const bool needs_certificate = line.mode == Mode::verify || line.mode == Mode::explain;
  if (needs_certificate && line.certificate.empty())
    fail_usage("CERT", "a certificate", "none", "proofmark-verify CERT, or --help");
  const auto inputs = {line.certificate, line.claim.value_or(""), line.weights.value_or("")};
  if (std::count(inputs.begin(), inputs.end(), "-") > 1)
    fail_usage("-", "standard input once", "twice", "give the other file by its path");
  for (const std::string& input : inputs) {
    std::error_code ignored; // a path that does not exist is nobody's
    if (line.receipt && std::filesystem::equivalent(*line.receipt, input, ignored))
      fail_usage("--receipt", "a file of its own", "an input, " + shown(input), "the receipt would replace it");
  }
  if (line.receipt == "-")
    fail_usage("--receipt", "a file", "standard output, which carries the verdict", "write the receipt to a file");
  return line;
}

std::string usage() {
  return std::string("usage: ") + program_name +
         " CERT [options]\n\n"
         "Rechecks every step of a proof certificate with directed rounding and says VERIFIED or exactly why "
         "not.\n"
         "CERT is a file, or - for standard input.\n\n"
         "  --claim FILE          the certificate must prove what this claim file asks (schema/FORMAT.md, "
         "section 10)\n"
         "  --weights FILE        the certificate's weights must be those of this safetensors file\n"
         "  --receipt FILE        write a receipt: verdict, digests, established bounds, operations (JSON)\n"
         "  --engine NAME         exact (default): inner products as exact integers; reference: every "
         "operation an MPFR call\n"
         "  --threads N           default: every core; the answer does not depend on it\n"
         "  --quiet               print the verdict line only\n"
         "  --verbose             print the verifier's own enclosure of every step, and the declared slack above it\n"
         "  --progress            show progress on standard error even when it is not a terminal\n"
         "  --explain             say in words what the certificate claims and how it argues, without "
         "verifying it\n"
         "  --trust               assumptions, limits, versions\n"
         "  --version, --help\n\n"
         "The first line of standard output and the exit code agree:\n"
         "  s VERIFIED 0    s REJECTED 1    s DECLINED 2    s MALFORMED 3    s ERROR 64 usage, 66 "
         "input/output, 70 internal\n"
         "Reason codes are explained in schema/reasons.md.\n\n"
         "examples:\n"
         "  proofmark-verify proof.cert.json\n"
         "  proofmark-verify proof.cert.json --weights model.safetensors --receipt receipt.json\n"
         "  proofmark-verify proof.cert.json --engine reference --threads 2\n"
         "  gunzip -c proof.cert.json.gz | proofmark-verify - --quiet\n";
}

} // namespace verifier
