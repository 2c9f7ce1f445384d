#include "frontier/seed_table.hpp"

#include "files/csv.hpp"
#include "numbers/outward.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace proofmark {

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned digits = 17, digits_of_deviation = 6;

Rational number(const std::string& decimal) {
  return parse_long_decimal(decimal).value();
}

std::string shown(const Rational& value, Direction direction) {
  return decimal(value, direction, digits).value_or("");
}

Rational mean(const std::vector<Rational>& values) {
  Rational sum;
  for (const Rational& value : values) sum += value;
  return sum / values.size();
}

std::string standard_deviation(const std::vector<Rational>& values) {
  if (values.size() < 2) return {};
  const Rational centre = mean(values);
  Rational squares;
  for (const Rational& value : values) squares += (value - centre) * (value - centre);
  squares /= values.size() - 1;
  const Interval root = sqrt(enclose(numerator(squares)) / enclose(denominator(squares)));
  return decimal(exact(upper_end(root)), Direction::up, digits_of_deviation).value_or("");
}

Spread spread(const std::vector<Rational>& values, Direction direction) {
  if (values.empty()) return {};
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  return {shown(mean(values), direction), standard_deviation(values), shown(*least, direction),
          shown(*largest, direction)};
}

const FinishedPoint* verified_point(const Frontier& frontier, const std::string& name) {
  for (const FinishedPoint& point : frontier.points)
    if (point.name == name && point.verified()) return &point;
  return nullptr;
}

// The share of correct inputs itself, from a verified point of an exact strategy.
std::optional<Rational> exact_accuracy(const Frontier& frontier) {
  for (const FinishedPoint& point : frontier.points) {
    const bool exact = std::count(frontier.exact.begin(), frontier.exact.end(), point.strategy) > 0;
    if (exact && point.verified() && point.verification.accuracy) return number(*point.verification.accuracy);
  }
  return {};
}

SeedRow row(const FinishedPoint& point, std::span<const OfSeed> seeds) {
  SeedRow result{point.name, point.strategy, point.parameters, 0, {}, {}, {}, {}, {}, {}, {}};
  std::vector<Rational> accuracy, of_exact, upper, lower, length, prove_s, verify_s;
  for (const OfSeed& of_seed : seeds) {
    const FinishedPoint* const found = verified_point(of_seed.frontier, point.name);
    if (!found) continue;
    ++result.verified;
    const Verification& v = found->verification;
    if (v.accuracy) {
      accuracy.push_back(number(*v.accuracy));
      if (const auto exact = exact_accuracy(of_seed.frontier); exact && *exact > 0)
        of_exact.push_back(accuracy.back() / *exact);
    }
    if (v.upper) upper.push_back(number(*v.upper));
    if (v.lower) lower.push_back(number(*v.lower));
    length.emplace_back(v.operations.length());
    prove_s.push_back(number(fmt::format("{:.3f}", found->prove_s)));
    verify_s.push_back(number(fmt::format("{:.3f}", v.seconds)));
  }
  result.accuracy = spread(accuracy, Direction::down);
  result.accuracy_of_exact = spread(of_exact, Direction::down);
  result.upper = spread(upper, Direction::up);
  result.lower = spread(lower, Direction::down);
  result.length = spread(length, Direction::up);
  result.prove_s = spread(prove_s, Direction::up);
  result.verify_s = spread(verify_s, Direction::up);
  return result;
}

std::string joined(const std::map<std::string, std::string>& parameters) {
  std::string result;
  for (const auto& [key, value] : parameters) result += (result.empty() ? "" : " ") + key + "=" + value;
  return result;
}

// Bounds of accuracies and losses for people: some digits are enough.
std::string brief(const std::string& decimal, Direction direction, unsigned places) {
  return decimal.empty() ? "-" : fixed_decimal(number(decimal), direction, places);
}

} // namespace

std::vector<SeedRow> seed_rows(std::span<const OfSeed> seeds) {
  std::vector<SeedRow> rows;
  for (const OfSeed& of_seed : seeds)
    for (const FinishedPoint& point : of_seed.frontier.points)
      if (std::none_of(rows.begin(), rows.end(), [&](const SeedRow& r) { return r.name == point.name; }))
        rows.push_back(row(point, seeds));
  const auto length = [](const SeedRow& r) { return r.length.mean.empty() ? Rational(-1) : number(r.length.mean); };
  std::stable_sort(rows.begin(), rows.end(), [&](const SeedRow& a, const SeedRow& b) { return length(a) > length(b); });
  return rows;
}

std::map<std::string, std::string> setting(const TrainingOptions& options) {
  const auto text = [](auto value) { return fmt::format("{}", value); };
  std::map<std::string, std::string> result{{"family", std::string(options.family->name)},
                                            {"context", text(options.task.context)},
                                            {"vocabulary", text(options.task.vocabulary)},
                                            {"width", text(options.width)},
                                            {"steps", text(options.steps)},
                                            {"batch", text(options.batch)},
                                            {"objective", std::string(name(options.objective))},
                                            {"learning-rate", text(options.optimizer.learning_rate)},
                                            {"weight-decay", text(options.optimizer.weight_decay)}};
  if (options.optimizer.cool_from < options.optimizer.cool_to)
    result["cool-down"] = text(options.optimizer.cool_to - options.optimizer.cool_from);
  if (options.objective == Objective::head_tail) result["top"] = text(options.top);
  if (options.head_width != 0) result["head-width"] = text(options.head_width);
  return result;
}

std::string seeds_csv(std::span<const OfSeed> seeds, const std::vector<SeedRow>& rows) {
  std::vector<std::string> header{"name", "strategy", "parameters", "models", "verified"};
  for (const auto& [quantity, spread] : SeedRow{}.spreads())
    for (const char* const part : {"mean", "sd", "least", "largest"})
      header.push_back(fmt::format("{}_{}", quantity, part));
  std::string result = csv_line(header);
  for (const SeedRow& row : rows) {
    std::vector<std::string> cells{row.name, row.strategy, joined(row.parameters), std::to_string(seeds.size()),
                                   std::to_string(row.verified)};
    for (const auto& [quantity, spread] : row.spreads())
      cells.insert(cells.end(), {spread->mean, spread->standard_deviation, spread->least, spread->largest});
    result += csv_line(cells);
  }
  return result;
}

std::string seeds_json(const std::map<std::string, std::string>& setting, std::span<const OfSeed> seeds,
                       const std::vector<SeedRow>& rows) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  Json json;
  json["format"] = "proofmark-frontier-seeds";
  json["version"] = 1;
  json["setting"] = setting;
  json["models"] = Json::array();
  for (const OfSeed& of_seed : seeds)
    json["models"].push_back({{"seed", std::to_string(of_seed.seed)}, {"model_sha256", of_seed.frontier.model_sha256}});
  json["points"] = Json::array();
  for (const SeedRow& row : rows) {
    Json point{
        {"name", row.name}, {"strategy", row.strategy}, {"parameters", row.parameters}, {"verified", row.verified}};
    for (const auto& [quantity, spread] : row.spreads())
      point[quantity] = {{"mean", or_null(spread->mean)},
                         {"sd", or_null(spread->standard_deviation)},
                         {"least", or_null(spread->least)},
                         {"largest", or_null(spread->largest)}};
    json["points"].push_back(point);
  }
  return json.dump(2) + "\n";
}

std::string seeds_text(std::span<const OfSeed> seeds, const std::vector<SeedRow>& rows) {
  std::vector<std::vector<std::string>> cells{{"point", "models", "accuracy >=", "sd", "least", "of exact", "sd",
                                               "loss <=", "sd", "operations", "prove s", "verify s"}};
  for (const SeedRow& row : rows) {
    const auto deviation = [](const Spread& s) { return brief(s.standard_deviation, Direction::up, 6); };
    cells.push_back(
        {row.name, fmt::format("{}/{}", row.verified, seeds.size()), brief(row.accuracy.mean, Direction::down, 6),
         deviation(row.accuracy), brief(row.accuracy.least, Direction::down, 6),
         brief(row.accuracy_of_exact.mean, Direction::down, 6), deviation(row.accuracy_of_exact),
         brief(row.upper.mean, Direction::up, 6), deviation(row.upper), brief(row.length.mean, Direction::up, 0),
         brief(row.prove_s.mean, Direction::up, 1), brief(row.verify_s.mean, Direction::up, 1)});
  }
  std::vector<std::size_t> widths(cells.front().size());
  for (const auto& line : cells)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string result;
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i)
      result += i == 0 ? fmt::format("{:<{}}", line[i], widths[i]) : fmt::format("  {:>{}}", line[i], widths[i]);
    result += '\n';
  }
  return result +
         "\nMeans over the models whose proof was verified; sd: standard deviation of the sample. Bounds are the "
         "verifier's.\n";
}

} // namespace proofmark
