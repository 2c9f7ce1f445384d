#include "answers/command_line.hpp"

#include "reading/limits.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"
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

// A number from 1 to `most`, or 0 for anything else.
std::uint64_t count_up_to(std::uint64_t most, const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t count = digits ? std::stoul(text) : 0;
  return count <= most ? count : 0;
}

unsigned thread_count(const std::string& text) {
  const std::uint64_t count = count_up_to(most_threads, text);
  if (count == 0)
    fail_usage("--threads", "1 to " + std::to_string(most_threads), shown(text),
               "leave --threads out to use every core");
  return static_cast<unsigned>(count);
}

void set_part(const std::string& text, CommandLine& line) {
  const std::size_t slash = text.find('/');
  line.mode = Mode::part;
  line.part_index = slash == std::string::npos ? 0 : count_up_to(limits::steps, text.substr(0, slash));
  line.part_of = slash == std::string::npos ? 0 : count_up_to(limits::steps, text.substr(slash + 1));
  if (line.part_index == 0 || line.part_of == 0 || line.part_index > line.part_of)
    fail_usage("--part", "I/N with 1 <= I <= N <= " + std::to_string(limits::steps), shown(text),
               "--part 2/8 is the second of eight parts");
}

Engine engine(const std::string& text) {
  for (const Engine known : {Engine::fast, Engine::reference})
    if (text == name(known)) return known;
  fail_usage("--engine", "fast or reference", shown(text), "the default is fast");
}

struct Given {
  std::vector<std::string> files;         // without an option
  std::vector<std::string> options;       // by name, with duplicates
  std::optional<std::string> certificate; // --certificate
};

// What belongs to which mode, and what excludes what.
void arrange(const Given& given, CommandLine& line) {
  const auto is_given = [&](std::string_view option) {
    return std::ranges::find(given.options, option) != given.options.end();
  };
  if (is_given("--join")) {
    for (const char* other : {"--part", "--explain", "--engine", "--threads", "--progress"})
      if (is_given(other))
        fail_usage(other, "nothing that concerns checking", "--join, which checks no step again", "leave it out");
    if (given.files.empty())
      fail_usage("PART", "the files of the parts", "none", "proofmark-verify --join PART.json...");
    line.parts = given.files;
    line.certificate = given.certificate.value_or("");
    return;
  }
  if (given.certificate)
    fail_usage("--certificate", "--join", "no --join", "the certificate to verify is given without an option");
  if (is_given("--part") && is_given("--explain"))
    fail_usage("--explain", "no --part", "both", "--explain is about the whole certificate");
  if (line.key && line.mode != Mode::part)
    fail_usage("--key", "--part or --join", "neither", "a key seals the files of parts");
  if (line.mode == Mode::part && !line.receipt)
    fail_usage("--part", "--receipt FILE", "none", "the file of the part is what --join takes");
  if (given.files.size() > 1)
    fail_usage("CERT", "one certificate", "a second one, " + shown(given.files[1]), "verify one certificate at a time");
  if (!given.files.empty()) line.certificate = given.files.front();
  const bool needs_certificate = line.mode == Mode::verify || line.mode == Mode::part || line.mode == Mode::explain;
  if (needs_certificate && line.certificate.empty())
    fail_usage("CERT", "a certificate", "none", "proofmark-verify CERT, or --help");
}

} // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  Given given;
  line.threads = std::clamp(std::thread::hardware_concurrency(), 1u, most_threads);
  const std::map<std::string, std::function<void()>> flags = {
      {"--quiet", [&] { line.quiet = true; }},           {"--verbose", [&] { line.verbose = true; }},
      {"--progress", [&] { line.progress = true; }},     {"--explain", [&] { line.mode = Mode::explain; }},
      {"--trust", [&] { line.mode = Mode::trust; }},     {"--help", [&] { line.mode = Mode::help; }},
      {"--join", [&] { line.mode = Mode::join; }},       {"-h", [&] { line.mode = Mode::help; }},
      {"--version", [&] { line.mode = Mode::version; }},
  };
  const std::map<std::string, std::function<void(const std::string&)>> options = {
      {"--claim", [&](const std::string& value) { line.claim = value; }},
      {"--weights", [&](const std::string& value) { line.weights = value; }},
      {"--receipt", [&](const std::string& value) { line.receipt = value; }},
      {"--engine", [&](const std::string& value) { line.engine = engine(value); }},
      {"--threads", [&](const std::string& value) { line.threads = thread_count(value); }},
      {"--part", [&](const std::string& value) { set_part(value, line); }},
      {"--key", [&](const std::string& value) { line.key = value; }},
      {"--certificate", [&](const std::string& value) { given.certificate = value; }},
  };
  bool only_files = false; // after "--"
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_files || argument == "-" || !argument.starts_with("-")) {
      if (argument.empty())
        fail_usage("CERT", "a file name", "an empty one", "give the certificate's path, or - for standard input");
      given.files.push_back(argument);
    } else if (argument == "--") {
      only_files = true;
    } else if (flags.contains(argument)) {
      flags.at(argument)();
      given.options.push_back(argument);
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
      given.options.push_back(option);
    }
  }
  if (line.mode != Mode::help && line.mode != Mode::version && line.mode != Mode::trust) arrange(given, line);
  std::vector<std::string> inputs = {line.certificate, line.claim.value_or(""), line.weights.value_or(""),
                                     line.key.value_or("")};
  inputs.insert(inputs.end(), line.parts.begin(), line.parts.end());
  if (std::ranges::count(inputs, "-") > 1)
    fail_usage("-", "standard input once", "twice", "give the other file by its path");
  const auto is_receipt = [&](const std::string& path) {
    std::error_code ignored; // a path that does not exist is nobody's
    return line.receipt && std::filesystem::equivalent(*line.receipt, path, ignored);
  };
  for (const std::string& input : inputs)
    if (is_receipt(input == "-" ? "/dev/stdin" : input))
      fail_usage("--receipt", "a file of its own", "an input, " + shown(input), "the receipt would replace it");
  if (line.receipt == "-" || (is_receipt("/dev/stdout") && !is_receipt("/dev/null")))
    fail_usage("--receipt", "a file", "standard output, which carries the verdict", "write the receipt to a file");
  return line;
}

std::string usage() {
  return std::string("usage: ") + program_name +
         " CERT [options]\n"
         "       proofmark-verify --join PART... [options]\n\n"
         "Rechecks every step of a proof certificate with directed rounding and says VERIFIED or exactly why "
         "not.\n"
         "CERT is a file, or - for standard input.\n\n"
         "  --claim FILE          the certificate must prove what this claim file asks (schema/FORMAT.md, "
         "section 10)\n"
         "  --weights FILE        the certificate's weights must be those of this safetensors file\n"
         "  --receipt FILE        write a receipt: verdict, digests, established bounds, operations (JSON)\n"
         "  --engine NAME         fast (default): doubles with proved bounds; reference: every operation an MPFR call\n"
         "  --threads N           default: every core; the answer does not depend on it\n"
         "  --part I/N            check the I-th of N parts of the steps only, and write the part's file to "
         "--receipt;\n"
         "                        a run that was interrupted goes on when it is started again\n"
         "  --join                draw the conclusion from the files of all parts, without checking their steps again\n"
         "  --certificate FILE    with --join: the parts must be those of this certificate\n"
         "  --key FILE            with --part and --join: a secret that seals the files of parts\n"
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
         "  s PARTIAL 0: with --part, its steps hold; nothing is said of the claims\n"
         "  s JOINED 0: with --join, the claims hold if the machines that made the parts are to be relied on\n"
         "Reason codes are explained in schema/reasons.md.\n\n"
         "examples:\n"
         "  proofmark-verify proof.cert.json\n"
         "  proofmark-verify proof.cert.json --weights model.safetensors --receipt receipt.json\n"
         "  proofmark-verify proof.cert.json --engine reference --threads 2\n"
         "  proofmark-verify proof.cert.json --part 2/8 --receipt part-2.json\n"
         "  proofmark-verify --join part-*.json --certificate proof.cert.json --receipt receipt.json\n"
         "  gunzip -c proof.cert.json.gz | proofmark-verify - --quiet\n";
}

} // namespace verifier
