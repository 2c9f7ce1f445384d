#include "networks/evaluation/answers.hpp"

#include "files/json_file.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <sstream>
#include <utility>

namespace proofmark::networks {

namespace {

using Json = nlohmann::ordered_json;

Rational end(const Interval& x, bool upper) {
  Rational result;
  mpfr_get_q(result.backend().data(), upper ? x.backend().right_data() : x.backend().left_data());
  return result;
}

// 20 significant digits, rounded outward: a double is read back from 17.
std::string end_text(const Interval& x, bool upper) {
  const Direction direction = upper ? Direction::up : Direction::down;
  const auto text = decimal(end(x, upper), direction, 20);
  return text ? *text : fixed_decimal(end(x, upper), direction, 0);
}

std::string enclosure_text(const Interval& x) {
  return fmt::format("{} .. {}", end_text(x, false), end_text(x, true));
}

std::optional<long> parse_exponent(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < -5000 || value > 5000) return {};
  return value;
}

std::string_view stripped(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(" \t\r"), text.size());
  return text.substr(from, text.find_last_not_of(" \t\r") + 1 - from);
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result(1);
  for (const char c : line)
    if (c == ',')
      result.emplace_back();
    else
      result.back() += c;
  for (std::string& cell : result) cell = stripped(cell);
  return result;
}

// How far a number lies from an interval; 0 inside.
Rational distance(const Rational& x, const Interval& from) {
  const Rational lower = end(from, false), upper = end(from, true);
  return x < lower ? Rational(lower - x) : x > upper ? Rational(x - upper) : Rational(0);
}

const Interval& enclosure(const Evaluated& of, std::size_t column) {
  return column < of.logits.size() ? of.logits[column] : *of.loss;
}

} // namespace

std::optional<Rational> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view number = text.substr(0, e);
  const auto exponent = e == text.size() ? std::optional(0L) : parse_exponent(text.substr(e + 1));
  const std::size_t point = std::min(number.find('.'), number.size());
  std::string digits(number.substr(0, point));
  const std::string_view fraction = number.substr(std::min(point + 1, number.size()));
  digits += fraction;
  if (!exponent || digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) return {};
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1)); // GMP reads a leading zero as octal
  const long places = static_cast<long>(fraction.size()) - *exponent;
  const Integer scale = power(10, static_cast<std::uint64_t>(std::abs(places)));
  const Rational value = places < 0 ? Rational(Integer(digits) * scale) : Rational(Integer(digits), scale);
  return negative ? Rational(-value) : value;
}

std::vector<Outside> numbers_outside(const std::vector<Evaluated>& evaluated, const std::filesystem::path& csv,
                                     const Rational& tolerance, std::size_t& compared) {
  const std::string name = in_quotes(csv.string());
  constexpr const char* expected =
      "numpy.savetxt(FILE, logits, delimiter=\",\", fmt=\"%.17g\") writes one row an input";
  std::vector<Outside> result;
  compared = 0;
  std::istringstream lines(read_text(csv));
  std::size_t input = 0, number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (stripped(line).empty()) continue;
    if (input == evaluated.size())
      throw Error(Exit::data,
                  fmt::format("{} has more rows than the {} inputs (line {})", name, evaluated.size(), number),
                  expected);
    const Evaluated& here = evaluated[input];
    const std::vector<std::string> row = cells(line);
    const std::size_t logits = here.logits.size();
    if (row.size() != logits && !(here.loss && row.size() == logits + 1))
      throw Error(Exit::data,
                  fmt::format("{} has {} numbers in line {}, expected {} logits{}", name, row.size(), number, logits,
                              here.loss ? ", and perhaps the loss" : ""),
                  expected);
    for (std::size_t column = 0; column < row.size(); ++column, ++compared) {
      const std::optional<Rational> value = parse_number(row[column]);
      constexpr std::string_view none[] = {"nan", "inf", "-inf", "NaN", "Infinity", "-Infinity"};
      if (!value && std::find(std::begin(none), std::end(none), row[column]) == std::end(none))
        throw Error(Exit::data,
                    fmt::format("{} has {} in line {}, expected a number", name, in_quotes(row[column]), number),
                    expected);
      if (!value)
        result.push_back({input, column, row[column], {}});
      else if (const Rational far = distance(*value, enclosure(here, column)); far > tolerance)
        result.push_back({input, column, row[column], far});
    }
    ++input;
  }
  if (input < evaluated.size())
    throw Error(Exit::data, fmt::format("{} has {} rows, expected {}, one an input", name, input, evaluated.size()),
                expected);
  return result;
}

std::string text(const std::vector<Evaluated>& evaluated) {
  std::string result;
  for (const Evaluated& here : evaluated) {
    result += fmt::format("input {}\n", here.input);
    for (std::size_t c = 0; c < here.logits.size(); ++c)
      result += fmt::format("  logit {}: {}\n", c, enclosure_text(here.logits[c]));
    if (here.loss) result += fmt::format("  loss with label {}: {}\n", *here.label, enclosure_text(*here.loss));
  }
  return result;
}

std::string text(const Outside& number, const std::vector<Evaluated>& evaluated) {
  const Evaluated& here = evaluated[number.input];
  const bool loss = number.column == here.logits.size();
  return fmt::format("input {}, {}: {} lies {} outside {}", here.input,
                     loss ? "loss" : fmt::format("logit {}", number.column), printable(number.number),
                     number.distance ? scientific(*number.distance, Direction::up) : "infinitely far",
                     enclosure_text(enclosure(here, number.column)));
}

Json json(const std::vector<Evaluated>& evaluated) {
  Json result = Json::array();
  const auto ends = [](const Interval& x) { return Json::array({end_text(x, false), end_text(x, true)}); };
  for (const Evaluated& here : evaluated) {
    Json entry = {{"input", here.input}, {"logits", Json::array()}};
    for (const Interval& logit : here.logits) entry["logits"].push_back(ends(logit));
    if (here.loss) entry["label"] = *here.label, entry["loss"] = ends(*here.loss);
    result.push_back(entry);
  }
  return result;
}

Json json(const std::vector<Outside>& outside, const std::vector<Evaluated>& evaluated) {
  Json result = Json::array();
  for (const Outside& number : outside) {
    const Evaluated& here = evaluated[number.input];
    Json entry = {{"input", here.input}};
    if (number.column == here.logits.size())
      entry["quantity"] = "loss";
    else
      entry["logit"] = number.column;
    entry["number"] = number.number;
    if (number.distance) entry["distance"] = scientific(*number.distance, Direction::up);
    result.push_back(entry);
  }
  return result;
}

} // namespace proofmark::networks
