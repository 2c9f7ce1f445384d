#include "tasks/labelling.hpp"

#include "support/error.hpp"
#include "support/joined.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace proofmark {

namespace {

constexpr std::size_t most_positions = 64;

std::string parameter_hint(const Labels& function) {
  return fmt::format("write it as in '{}'; proofmark task {} explains it", function.example, function.name);
}

// What a function makes of the tokens that are read.
std::optional<std::uint64_t> of_read(const Labelling& label, std::span<const Token> input,
                                     std::optional<std::uint64_t> (*function)(std::span<const Token>, std::uint64_t)) {
  if (label.positions.empty()) return function(input, label.parameter);
  std::array<Token, most_positions> read; // NOLINT: filled as far as it is read
  std::size_t count = 0;
  for (const std::uint64_t position : label.positions) read[count++] = input[position];
  return function(std::span(read).first(count), label.parameter);
}

std::optional<std::uint64_t> bound_of(const Labelling& label, std::span<const Token> largest) {
  return of_read(label, largest, label.function->most);
}

Error undefined(const std::string& which, const Labelling& label) {
  return Error(Exit::data,
               fmt::format("{} has no label {}: it {}", which, label.function->name, label.function->undefined),
               "--inputs says which inputs are meant, as ranges or as a file that lists them");
}

} // namespace

std::optional<std::uint64_t> label_of(const Labelling& label, std::uint64_t index, std::span<const Token> input) {
  if (!label.function) return label.table[index];
  return of_read(label, input, label.function->of);
}

void require_reads(const Labelling& label, std::uint64_t positions) {
  if (!label.function) return;
  const Labels& function = *label.function;
  const LabelParameter& parameter = function.parameter;
  if (!parameter.name.empty() && (label.parameter < parameter.least || label.parameter > parameter.most))
    throw Error(Exit::usage,
                fmt::format("the label {} needs a {} from {} to {}", function.name, parameter.name, parameter.least,
                            parameter.most),
                parameter_hint(function));
  std::set<std::uint64_t> seen;
  for (const std::uint64_t position : label.positions) {
    if (position >= positions)
      throw Error(Exit::usage,
                  fmt::format("the label reads position {}, but inputs have {} tokens", position, positions),
                  "positions are counted from 0");
    if (!seen.insert(position).second)
      throw Error(Exit::usage, fmt::format("the label reads position {} twice", position),
                  "each position stands once after the '@'");
  }
  const std::uint64_t read = label.positions.empty() ? positions : label.positions.size();
  if (read < function.least_tokens || read > function.most_tokens)
    throw Error(Exit::usage,
                fmt::format("the label {} reads {} token{}, expected {}", function.name, read, read == 1 ? "" : "s",
                            function.least_tokens == function.most_tokens
                                ? fmt::format("{}", function.least_tokens)
                                : fmt::format("at least {}", function.least_tokens)),
                fmt::format("'{}@0,1' reads positions 0 and 1 alone", function.example));
}

void require_labels(const FiniteTask& task, std::uint64_t classes) {
  const auto& [domain, label] = task;
  require_reads(label, domain.positions);
  const auto too_large = [&](const std::string& what, std::uint64_t found) {
    return Error(Exit::data,
                 fmt::format("{} {}, but the model has {} class{}, 0 to {}", what, found, classes,
                             classes == 1 ? "" : "es", classes - 1),
                 "--label says another function, --inputs other inputs");
  };
  if (label.function && domain.is_product()) { // as the verifier asks it
    std::vector<Token> largest;
    for (std::uint64_t p = 0; p < domain.positions; ++p) largest.push_back(largest_token(domain, p));
    const auto most = bound_of(label, largest);
    if (!most) throw undefined(fmt::format("an input of {}", text(domain)), label);
    if (*most >= classes) throw too_large(fmt::format("the label {} of {} may be", text(label), text(domain)), *most);
    if (label.function != &induction_labels) return; // the others are defined of all of these
  }
  const auto inputs = static_cast<std::uint64_t>(size_of(domain));
  std::vector<Token> input(domain.positions);
  for (std::uint64_t i = 0; i < inputs; ++i) {
    input_at(domain, i, input);
    const auto found = label_of(label, i, input);
    if (found && *found < classes) continue;
    const std::string which = fmt::format("input {} ({})", i, joined(input, ","));
    if (!found) throw undefined(which, label);
    throw too_large(fmt::format("{} has the label", which), *found);
  }
}

std::string text(const Labelling& label) {
  if (!label.function) return "table";
  std::string result(label.function->name);
  if (!label.function->parameter.name.empty()) result += fmt::format(":{}", label.parameter);
  if (!label.positions.empty()) result += fmt::format("@{}", joined(label.positions, ","));
  return result;
}

std::string in_words(const Labelling& label) {
  if (!label.function) return "given by a table";
  std::string result = in_words(*label.function, std::to_string(label.parameter));
  if (!label.positions.empty()) result += fmt::format(", at positions {}", joined(label.positions, ", "));
  return result;
}

} // namespace proofmark
