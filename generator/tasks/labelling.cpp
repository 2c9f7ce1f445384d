#include "tasks/labelling.hpp"

#include "support/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

namespace proofmark {

namespace {

constexpr std::size_t most_positions = 64;

std::string parameter_hint(const Labels& function) {
  return fmt::format("write it as in '{}'; proofmark task {} explains it", function.example, function.name);
}

} // namespace

std::optional<std::uint64_t> label_of(const Labelling& label, std::uint64_t index, std::span<const Token> input) {
  if (!label.function) return label.table[index];
  if (label.positions.empty()) return label.function->of(input, label.parameter);
  std::array<Token, most_positions> read; // NOLINT: filled as far as it is read
  std::size_t count = 0;
  for (const std::uint64_t position : label.positions) read[count++] = input[position];
  return label.function->of(std::span(read).first(count), label.parameter);
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
  require_reads(task.label, task.domain.positions);
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  std::vector<Token> input(task.domain.positions);
  for (std::uint64_t i = 0; i < inputs; ++i) {
    input_at(task.domain, i, input);
    const auto label = label_of(task.label, i, input);
    if (label && *label < classes) continue;
    const std::string which = fmt::format("input {} ({})", i, fmt::join(input, ","));
    if (!label)
      throw Error(
          Exit::data,
          fmt::format("{} has no label {}: it {}", which, task.label.function->name, task.label.function->undefined),
          "--inputs says which inputs are meant, as ranges or as a file that lists them");
    throw Error(
        Exit::data,
        fmt::format("{} has the label {}, but the model has {} classes, 0 to {}", which, *label, classes, classes - 1),
        "--label says another function, --inputs other inputs");
  }
}

std::string text(const Labelling& label) {
  if (!label.function) return "table";
  std::string result(label.function->name);
  if (!label.function->parameter.name.empty()) result += fmt::format(":{}", label.parameter);
  if (!label.positions.empty()) result += fmt::format("@{}", fmt::join(label.positions, ","));
  return result;
}

std::string in_words(const Labelling& label) {
  if (!label.function) return "given by a table";
  std::string result = fmt::format(fmt::runtime(label.function->in_words), label.parameter);
  if (!label.positions.empty()) result += fmt::format(", at positions {}", fmt::join(label.positions, ", "));
  return result;
}

} // namespace proofmark
