// proofmark frontier --list: the points of a model, the lengths of their proofs, and nothing done.

#include "commands/frontier/frontier.hpp"

#include "support/error.hpp"
#include "support/messages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace proofmark {

namespace {

std::optional<Plan> plan_of(const Shape& shape, const Point& point) {
  try {
    return plan(shape, point.proof);
  } catch (const Error&) {
    return std::nullopt; // there is no such proof
  }
}

void list(const Shape& shape, const std::vector<Point>& points) {
  print(function_in_words(*shape.family, shape.task) + "\n\n");
  print(fmt::format("{:<24}{:<16}{:>22}{:>22}\n", "point", "strategy", "operations, about", "to find, about"));
  for (const Point& point : points) {
    const auto expected = plan_of(shape, point);
    const bool slow = expected && expected->seconds > usual_patience_s && !point.proof.force;
    print(fmt::format("{:<24}{:<16}{:>22}{:>22}{}\n", point.name, point.proof.strategy,
                      expected ? expected->length.str() : "cannot be proved",
                      expected ? in_time(expected->seconds) : "",
                      slow                ? "  only with --force"
                      : !point.by_default ? "  only with --points or --strategies"
                                          : ""));
  }
}

// A length may exceed what JSON readers hold in a number, so it is a string.
void list_json(const Shape& shape, const std::vector<Point>& points) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Point& point : points) {
    const auto expected = plan_of(shape, point);
    all.push_back({{"name", point.name},
                   {"strategy", point.proof.strategy},
                   {"parameters", parameters(point.proof)},
                   {"predicted_length", nullptr},
                   {"by_default", point.by_default}});
    if (expected) all.back()["predicted_length"] = expected->length.str();
  }
  print(json_text(all));
}

} // namespace

void list_points(const FrontierRequest& asked, bool json) {
  (json ? list_json : list)(asked.shape, asked.points);
}

} // namespace proofmark
