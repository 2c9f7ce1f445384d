#include "explanations/labellings.hpp"

#include "networks/tasks/spelled.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <stdexcept>

namespace proofmark::explanations {

namespace {

constexpr std::uint64_t most_labels = 1u << 16;

// "NAME:PARAMETER@POSITION,POSITION": the parameter, where there is one, and the positions.
struct Parts {
  std::optional<std::uint64_t> parameter;
  std::vector<std::uint64_t> positions;
};

std::uint64_t whole_number(std::string_view text, const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument(fmt::format("{}: expected a whole number, found {}", name, in_quotes(text)));
  return number;
}

Parts parts_of(const std::string& name, std::string_view rest) {
  Parts result;
  if (rest.starts_with(':')) {
    const std::size_t end = std::min(rest.find('@'), rest.size());
    result.parameter = whole_number(rest.substr(1, end - 1), name);
    rest.remove_prefix(end);
  }
  while (!rest.empty()) { // "@0,1"
    const std::size_t end = std::min(rest.find(',', 1), rest.size());
    result.positions.push_back(whole_number(rest.substr(1, end - 1), name));
    rest.remove_prefix(end);
  }
  return result;
}

template <class Label>
std::vector<std::uint16_t> of_each(const std::string& name, const FiniteTask& task, const Label& label) {
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  std::vector<Token> input(task.domain.positions);
  std::vector<std::uint16_t> result;
  for (std::uint64_t i = 0; i < inputs; ++i) {
    input_at(task.domain, i, input);
    const std::optional<std::uint64_t> found = label(i, input);
    if (!found) throw std::invalid_argument(fmt::format("{} is not defined of input {}", name, i));
    if (*found >= most_labels)
      throw std::invalid_argument(
          fmt::format("{} of input {} is {}, expected one below {}", name, i, *found, most_labels));
    result.push_back(static_cast<std::uint16_t>(*found));
  }
  return result;
}

void require_positions(const std::string& name, const Parts& parts, std::size_t count, const FiniteTask& task) {
  if (parts.positions.size() != count)
    throw std::invalid_argument(fmt::format("{} reads {} position{}, expected {}", name, parts.positions.size(),
                                            parts.positions.size() == 1 ? "" : "s", count));
  for (const std::uint64_t position : parts.positions)
    if (position >= task.domain.positions)
      throw std::invalid_argument(
          fmt::format("{} reads position {}, and inputs have {}", name, position, task.domain.positions));
}

} // namespace

std::vector<std::uint16_t> labelling_named(const std::string& name, const FiniteTask& task) {
  constexpr std::string_view token = "token", difference = "difference-modulo", table = "table:";
  if (name == "label")
    return of_each(name, task, [&](std::uint64_t i, const auto& input) { return label_of(task.label, i, input); });
  if (name.starts_with("token@")) {
    const Parts parts = parts_of(name, std::string_view(name).substr(token.size()));
    require_positions(name, parts, 1, task);
    return of_each(name, task, [&](std::uint64_t, const auto& input) {
      return std::optional<std::uint64_t>(input[parts.positions[0]]);
    });
  }
  if (name.starts_with(difference)) {
    const Parts parts = parts_of(name, std::string_view(name).substr(difference.size()));
    require_positions(name, parts, 2, task);
    const std::uint64_t modulus = parts.parameter.value_or(0);
    if (modulus < 1 || modulus > most_labels)
      throw std::invalid_argument(fmt::format("{} needs a modulus from 1 to {}", name, most_labels));
    return of_each(name, task, [&](std::uint64_t, const auto& input) {
      const std::uint64_t x = input[parts.positions[0]] % modulus, y = input[parts.positions[1]] % modulus;
      return std::optional<std::uint64_t>((x + modulus - y) % modulus);
    });
  }
  if (name.starts_with(table)) throw std::invalid_argument("a table is written out as a list");
  const Labelling label = parse_label(name, task.domain);
  require_reads(label, task.domain.positions);
  return of_each(name, task, [&](std::uint64_t i, const auto& input) { return label_of(label, i, input); });
}

} // namespace proofmark::explanations
