#include "networks/tasks/spelled.hpp"

#include "networks/tasks/number_rows.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/joined.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>

namespace proofmark {

namespace {

constexpr std::uint64_t most_tokens = std::uint64_t{1} << 32;

std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> result;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    result.push_back(text.substr(0, end));
    if (end == text.size()) return result;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// "0..113" or "113".
std::optional<TokenRange> range_in(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos) {
    const auto token = whole_number(text);
    return token ? std::optional(TokenRange{*token, *token + 1}) : std::nullopt;
  }
  const auto from = whole_number(text.substr(0, dots)), to = whole_number(text.substr(dots + 2));
  return from && to ? std::optional(TokenRange{*from, *to}) : std::nullopt;
}

Error unusable(const std::string& spec, const std::string& what) {
  return Error(Exit::usage, fmt::format("--inputs {}: {}", in_quotes(spec), what),
               "write --inputs 0..113,0..113,113 (0..113 is 0 to 112), or the name of a file with one input a row");
}

void require_positions(const std::string& spec, std::uint64_t positions) {
  if (positions > limits::context)
    throw unusable(spec,
                   fmt::format("inputs have {} tokens, the verifier takes at most {}", positions, limits::context));
}

Domain listed(const std::string& spec) {
  NumberRows rows = read_number_rows(spec);
  require_positions(spec, rows.columns);
  return {rows.columns, {}, std::move(rows.numbers)};
}

// What stands before and after the last '@', where positions follow it.
std::pair<std::string, std::vector<std::uint64_t>> positions_in(const std::string& name) {
  const std::size_t at = name.rfind('@');
  if (at == name.npos || name.find('/', at) != name.npos) return {name, {}};
  std::vector<std::uint64_t> positions;
  for (const std::string_view part : parts(std::string_view(name).substr(at + 1), ',')) {
    const auto position = whole_number(part);
    if (!position)
      throw Error(Exit::usage, fmt::format("--label {}: expected positions after the '@'", in_quotes(name)),
                  "write --label max@0,1; positions are counted from 0");
    positions.push_back(*position);
  }
  return {name.substr(0, at), positions};
}

// The label that the table has for each input of the domain, by its tokens at these positions.
std::vector<std::uint16_t> looked_up(const std::string& file, const std::vector<std::uint64_t>& positions,
                                     const Domain& domain) {
  const NumberRows table = read_number_rows(file);
  const auto fail = [&](const std::string& what, const std::string& hint) {
    return Error(Exit::data, fmt::format("the table {} {}", in_quotes(file), what), hint);
  };
  const std::uint64_t read = positions.size();
  if (table.columns != read + 1)
    throw fail(fmt::format("has {} columns, expected {}: {} token{} and the label", table.columns, read + 1, read,
                           read == 1 ? "" : "s"),
               "'@0,1' after its name says which positions of an input its tokens are");
  const auto key = [&](std::uint64_t row) { return table.row(row).first(read); };
  const auto place = [&](std::uint64_t row) {
    return table.lines.empty() ? fmt::format("row {}", row + 1) : fmt::format("line {}", table.lines[row]);
  };
  std::vector<std::uint64_t> order(table.rows());
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  const auto before = [](std::span<const Token> a, std::span<const Token> b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  };
  std::sort(order.begin(), order.end(), [&](std::uint64_t a, std::uint64_t b) {
    return before(key(a), key(b)) || (!before(key(b), key(a)) && a < b);
  });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (std::ranges::equal(key(order[i - 1]), key(order[i])))
      throw fail(fmt::format("has the tokens {} twice, in {} and in {}", joined(key(order[i]), ","),
                             place(order[i - 1]), place(order[i])),
                 "each input stands in it once");
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    if (table.row(row).back() >= limits::vocabulary)
      throw fail(fmt::format("has the label {} in {}, expected one below {}", table.row(row).back(), place(row),
                             limits::vocabulary),
                 "the last column is the label");
  const auto inputs = size_of(domain);
  if (inputs > table.rows() && domain.is_product() && read == domain.positions)
    throw fail(fmt::format("has {} rows, but there are {} inputs, {}", table.rows(), inputs.str(), text(domain)),
               "--inputs says which inputs are meant, as ranges or as a file that lists them");
  std::vector<std::uint16_t> labels;
  std::vector<Token> input(domain.positions), tokens(read);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(inputs); ++i) {
    input_at(domain, i, input);
    for (std::size_t p = 0; p < read; ++p) tokens[p] = input[positions[p]];
    const auto found =
        std::lower_bound(order.begin(), order.end(), tokens,
                         [&](std::uint64_t row, const std::vector<Token>& t) { return before(key(row), t); });
    if (found == order.end() || !std::ranges::equal(key(*found), tokens))
      throw fail(fmt::format("has no label for {}", joined(tokens, ",")),
                 "--inputs says which inputs are meant, as ranges or as a file that lists them");
    labels.push_back(static_cast<std::uint16_t>(table.row(*found).back()));
  }
  return labels;
}

} // namespace

Domain parse_inputs(const std::string& spec) {
  Domain domain;
  for (const std::string_view part : parts(spec, ',')) {
    const auto range = range_in(part);
    if (!range) {
      std::error_code ignored;
      if (std::filesystem::exists(spec, ignored)) return listed(spec);
      throw unusable(spec, fmt::format("{} is no token and no range of tokens, and there is no file of that name",
                                       in_quotes(part)));
    }
    if (range->from >= range->to) throw unusable(spec, fmt::format("{} is an empty range", in_quotes(part)));
    if (range->to > most_tokens) throw unusable(spec, fmt::format("{} goes beyond 2^32", in_quotes(part)));
    domain.ranges.push_back(*range);
  }
  domain.positions = domain.ranges.size();
  require_positions(spec, domain.positions);
  return domain;
}

Labelling parse_label(const std::string& name, const Domain& domain) {
  auto [word, positions] = positions_in(name);
  if (word.starts_with("table:")) {
    if (positions.empty())
      for (std::uint64_t p = 0; p < domain.positions; ++p) positions.push_back(p);
    for (const std::uint64_t position : positions)
      if (position >= domain.positions)
        throw Error(Exit::usage,
                    fmt::format("--label {}: there is no position {}, inputs have {} tokens", in_quotes(name), position,
                                domain.positions),
                    "positions are counted from 0");
    return {nullptr, 0, {}, looked_up(word.substr(6), positions, domain)};
  }
  Labelling label;
  const std::size_t colon = word.find(':');
  std::string function = word.substr(0, colon);
  label.function = labels_named(function);
  label.positions = positions;
  if (!label.function) {
    std::vector<std::string> known = label_names();
    known.emplace_back("table");
    throw Error(Exit::usage, "there is no label " + in_quotes(function), spelling_hint(function, known, "labels"));
  }
  const bool takes = !label.function->parameter.name.empty();
  if (colon != word.npos) {
    const auto number = whole_number(std::string_view(word).substr(colon + 1));
    if (!takes || !number)
      throw Error(Exit::usage,
                  fmt::format("--label {}: {}", in_quotes(name),
                              takes ? fmt::format("the {} is a whole number", label.function->parameter.name)
                                    : fmt::format("{} takes no number", function)),
                  fmt::format("write it as in '{}'", label.function->example));
    label.parameter = *number;
  } else if (takes)
    throw Error(Exit::usage,
                fmt::format("--label {}: the {} is missing", in_quotes(name), label.function->parameter.name),
                fmt::format("write it as in '{}'", label.function->example));
  require_reads(label, domain.positions);
  return label;
}

} // namespace proofmark
