#include "answers/command_line.hpp"

#include "reading/limits.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <sstream>
#include <thread>

namespace verifier {
namespace {

constexpr unsigned most_threads = 1024;

// A number from 1 to `most`, or 0 for anything else.
std::uint64_t count_up_to(std::uint64_t most, const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t count = digits ? std::stoul(text) : 0;
  return count <= most ? count : 0;
}

// What an option does with its value; false where that is none of its values.
using Take = bool (*)(const std::string& value, CommandLine&);

template <auto member>
bool keep(const std::string& value, CommandLine& line) {
  line.*member = value;
  return true;
}

template <auto member>
bool set(const std::string&, CommandLine& line) {
  return line.*member = true;
}

template <Mode mode>
bool choose(const std::string&, CommandLine& line) {
  line.mode = mode;
  return true;
}

bool take_engine(const std::string& value, CommandLine& line) {
  line.engine = value == name(Engine::reference) ? Engine::reference : Engine::fast;
  return value == name(line.engine);
}

bool take_threads(const std::string& value, CommandLine& line) {
  line.threads = static_cast<unsigned>(count_up_to(most_threads, value));
  return line.threads > 0;
}

bool take_part(const std::string& value, CommandLine& line) {
  const std::size_t slash = std::min(value.find('/'), value.size());
  line.mode = Mode::part;
  line.part_index = count_up_to(limits::steps, value.substr(0, slash));
  line.part_of = count_up_to(limits::steps, value.substr(std::min(slash + 1, value.size())));
  return line.part_index > 0 && line.part_index <= line.part_of;
}

// All that is said of an option. --help prints it; manual/ makes the man page and the completions from that.
struct Option {
  std::string name, value; // the value as --help calls it; empty: it takes none
  Take take;
  std::string summary, values = {}; // which values there are, where that is not plain
};

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"--claim", "FILE", keep<&CommandLine::claim>,
       "the certificate must prove what this claim file asks (schema/FORMAT.md, section 10)"},
      {"--weights", "FILE", keep<&CommandLine::weights>,
       "the certificate's weights must be those of this safetensors file"},
      {"--receipt", "FILE", keep<&CommandLine::receipt>,
       "write a receipt: verdict, digests, established bounds, operations (JSON); never to standard output, which "
       "carries the verdict"},
      {"--engine", "NAME", take_engine,
       "fast (default): doubles with proved bounds; reference: every operation an MPFR call", "one of fast, reference"},
      {"--threads", "N", take_threads, "default: every core; the answer does not depend on it",
       "1 to " + std::to_string(most_threads)},
      {"--part", "I/N", take_part,
       "check the I-th of N parts of the steps only, and write the part's file to --receipt; a run that was "
       "interrupted goes on when it is started again",
       "1 <= I <= N <= " + std::to_string(limits::steps)},
      {"--join", "", choose<Mode::join>,
       "draw the conclusion from the files of all parts, without checking their steps again: that they belong "
       "together, leave nothing out and imply the claims"},
      {"--certificate", "FILE", keep<&CommandLine::certificate>,
       "with --join: the parts must be those of this certificate"},
      {"--key", "FILE", keep<&CommandLine::key>,
       "with --part and --join: a secret that seals the files of parts, so that nobody without it can make one"},
      {"--quiet", "", set<&CommandLine::quiet>, "print the verdict line only"},
      {"--verbose", "", set<&CommandLine::verbose>,
       "print the verifier's own enclosure of every step, and the declared slack above it"},
      {"--progress", "", set<&CommandLine::progress>, "show progress on standard error even when it is not a terminal"},
      {"--explain", "", choose<Mode::explain>,
       "say in words what the certificate claims and how it argues, without verifying it"},
      {"--trust", "", choose<Mode::trust>, "assumptions, limits, versions"},
      {"--version", "", choose<Mode::version>, "this program's version and commit, and those of its libraries"},
      {"--help", "", choose<Mode::help>, "this text"},
      {"-h", "", choose<Mode::help>, "as --help"},
  };
  return all;
}

[[noreturn]] void fail_usage(const std::string& what, const std::string& expected, const std::string& found,
                             const std::string& hint) {
  Failure failure(reason::usage, what, expected, found);
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

// The option of that name.
const Option& named(const std::string& name) {
  const auto closer = [&](const Option& a, const Option& b) { return distance(name, a.name) < distance(name, b.name); };
  const Option& closest = *std::ranges::min_element(options(), closer);
  if (closest.name != name)
    fail_usage(shown(name), "a known option", "an unknown one",
               distance(name, closest.name) <= 3 ? "did you mean " + closest.name + "?" : "see --help");
  return closest;
}

struct Given {
  std::vector<std::string> files, options; // options by name, with duplicates
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
    return;
  }
  if (is_given("--certificate"))
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

// Which options and files there are.
Given read(const std::vector<std::string>& arguments, CommandLine& line) {
  Given given;
  bool only_files = false; // after "--"
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_files || argument == "-" || !argument.starts_with("-")) {
      if (argument.empty())
        fail_usage("CERT", "a file name", "an empty one", "give the certificate's path, or - for standard input");
      given.files.push_back(argument);
    } else if (argument == "--") {
      only_files = true;
    } else {
      const std::size_t equals = argument.find('=');
      const Option& option = named(argument.substr(0, equals));
      std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
      if (option.value.empty() && equals != std::string::npos)
        fail_usage(option.name, "no value", shown(value), "leave it out");
      if (!option.value.empty() && equals == std::string::npos) {
        if (i + 1 == arguments.size()) fail_usage(option.name, "a value", "none", "see --help");
        value = arguments[++i];
      }
      if (!option.value.empty() && value.empty()) fail_usage(option.name, "a value", "an empty one", "see --help");
      if (!option.value.empty() && std::ranges::find(given.options, option.name) != given.options.end())
        fail_usage(option.name, "one value", "a second one, " + shown(value), "keep one of them");
      if (!option.take(value, line)) fail_usage(option.name, option.values, shown(value), "see --help");
      given.options.push_back(option.name);
    }
  }
  return given;
}

// A line or more of --help.
std::string entry(const std::string& title, const std::string& summary) {
  constexpr std::size_t column = 24, width = 110;
  std::string line = "  " + title, text;
  line.resize(std::max(column, line.size() + 2), ' ');
  std::istringstream words(summary);
  for (std::string word; words >> word; line += word) {
    if (line.size() + 1 + word.size() > width) {
      text += line + "\n";
      line = std::string(column, ' ');
    } else if (line.back() != ' ') {
      line += ' ';
    }
  }
  return text + line + "\n";
}

} // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.threads = std::clamp(std::thread::hardware_concurrency(), 1u, most_threads);
  const Given given = read(arguments, line);
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
  std::string text = R"(usage: proofmark-verify CERT [options]
       proofmark-verify --join PART... [options]

Rechecks every step of a proof certificate with directed rounding and says VERIFIED or exactly why not.
An option's value follows it as the next word or after an equals sign; -- ends the options.

arguments:
)";
  text += entry("CERT", "the certificate, or - for standard input") +
          entry("PART...", "with --join: the files of the parts") + "\noptions:\n";
  for (const Option& option : options())
    text += entry(option.name + (option.value.empty() ? "" : " " + option.value),
                  option.summary + (option.values.empty() ? "" : "; " + option.values));
  return text + R"(
exit codes:
  0   s VERIFIED   the claims hold
  0   s PARTIAL    with --part: its steps hold; the claims stay open
  0   s JOINED     with --join: the claims hold if the parts' machines can be trusted
  1   s REJECTED   well formed, but not a proof of the claim
  2   s DECLINED   outside what this verifier knows or is willing to do
  3   s MALFORMED  not a certificate of this format
  64  s ERROR      wrong use; nothing was decided
  66  s ERROR      input or output failed; nothing was decided
  70  s ERROR      an internal failure; nothing was decided

The first line of standard output says the same as the exit code. The lines after it start with c and say what was
claimed and established, or the reason, the place, what was expected and what was found; schema/reasons.md explains the
reasons. With --explain, --trust, --version and --help 0 means that the text was written, and nothing was verified.

examples:
  proofmark-verify proof.cert.json
  proofmark-verify proof.cert.json --weights model.safetensors --receipt receipt.json
  proofmark-verify proof.cert.json --engine reference --threads 2
  proofmark-verify proof.cert.json --part 2/8 --receipt part-2.json
  proofmark-verify --join part-*.json --certificate proof.cert.json --receipt receipt.json
  gunzip -c proof.cert.json.gz | proofmark-verify - --quiet
)";
}

} // namespace verifier
