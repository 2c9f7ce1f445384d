// proofmark frontier --list: the points of a model, the lengths of their proofs, and nothing done.

#include "commands/frontier/frontier.hpp"

#include "support/error.hpp"
#include "support/messages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace proofmark {

namespace {

std::optional<PlannedPoint> plan_of(const Subject& subject, Point point) {
  point.proof.force = true; // what takes long is listed too
  try {
    return subject.plan(point);
  } catch (const Error&) {
    return std::nullopt; // there is no such proof
  }
}

void list(const Subject& subject) {
  print(subject.function + "\n\n");
  print(fmt::format("{:<24}{:<16}{:>22}{:>22}\n", "point", "strategy", "operations, about", "to find, about"));
  for (const Point& point : subject.points) {
    const auto expected = plan_of(subject, point);
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
void list_json(const Subject& subject) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Point& point : subject.points) {
    const auto expected = plan_of(subject, point);
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

void list_points(const Subject& subject, bool json) {
  (json ? list_json : list)(subject);
}

} // namespace proofmark
