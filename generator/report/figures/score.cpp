// Explanations side by side: what each establishes at what length, and what its slack is made of.

#include "files/csv.hpp"
#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"
#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace proofmark {

namespace {

constexpr int width = 760, plot_bottom = 330, explained_colour = 1, searched_colour = 6;
constexpr double row_height = 30, readout_y = 24;

struct Kind {
  std::string_view kind, words, colour;
};
constexpr std::array<Kind, 9> kinds = {{{"left", "left remainder", "#0068a8"},
                                        {"right", "right remainder", "#b84a00"},
                                        {"fold", "folding", "#00704f"},
                                        {"signs", "sign of the remainder", "#0068a8"},
                                        {"norms", "norms for products", "#b84a00"},
                                        {"labels", "by labels", "#a03a8c"},
                                        {"inputs", "by inputs", "#a03a8c"},
                                        {"whole", "not taken apart", "#7a5700"},
                                        {"rounding", "rounding", "#5a6570"}}};

double drawn(const std::string& decimal) {
  return parse_long_decimal(decimal)->convert_to<double>();
}

// What is drawn of a proof: its bound on the loss, or where none bounds it the share that is not shown correct.
struct Point {
  const ScoredProof* proof;
  double length, value;
};

struct Plane {
  bool of_loss;
  std::vector<Point> points;
};

Plane plane_of(const Scores& scores) {
  Plane result{std::any_of(scores.proofs.begin(), scores.proofs.end(),
                           [](const ScoredProof& proof) { return proof.verification.upper.has_value(); }),
               {}};
  for (const ScoredProof& proof : scores.proofs) {
    const auto& bound = result.of_loss ? proof.verification.upper : proof.verification.accuracy;
    if (!proof.verified() || !bound) continue;
    const double value = result.of_loss ? drawn(*bound) : 1 - drawn(*bound);
    result.points.push_back({&proof, static_cast<double>(proof.verification.operations.length()), value});
  }
  return result;
}

std::string in_words(const Plane& plane, const Point& point) {
  const Verification& v = point.proof->verification;
  return fmt::format("{}: {} {}, {} operations", point.proof->name,
                     plane.of_loss ? "mean loss at most" : "accuracy at least",
                     plane.of_loss ? fixed_decimal(parse_long_decimal(*v.upper).value(), Direction::up, 6)
                                   : fixed_decimal(parse_long_decimal(*v.accuracy).value(), Direction::down, 6),
                     grouped(v.operations.length()));
}

// Beside its mark, on the side where there is room, and not on another name.
void draw_name(Svg& svg, const Box& box, double x, double y, const std::string& name,
               std::vector<std::pair<double, double>>& taken) {
  const bool leftwards = x + 14 + text_width(name) > box.right;
  double at = y + 4.5;
  const auto is_taken = [&] {
    return std::any_of(taken.begin(), taken.end(), [&](const auto& other) {
      return std::abs(other.second - at) < 15 && std::abs(other.first - x) < 14 + text_width(name);
    });
  };
  for (int tries = 0; tries < 12 && is_taken(); ++tries)
    at += tries % 2 == 0 ? -16.0 * (tries + 1) : 16.0 * (tries + 1);
  taken.emplace_back(x, at);
  svg.text(x + (leftwards ? -10 : 10), at, name, {Look::ink, leftwards ? Anchor::end : Anchor::start});
}

void draw_plane(Svg& svg, const Scores& scores, const Plane& plane) {
  const Box box{72, 44, 740, plot_bottom};
  const double guessing = elementary::log(static_cast<double>(scores.classes));
  const std::optional<Rational> exact = plane.of_loss ? exact_loss(scores) : exact_accuracy(scores);
  const double truth = !exact ? 0 : plane.of_loss ? exact->convert_to<double>() : 1 - exact->convert_to<double>();
  double least = 1e300, most = 1e-9, shortest = 1e300, longest = 1;
  const auto reach = [&](double value) {
    if (value > 0) least = std::min(least, value), most = std::max(most, value);
  };
  for (const Point& point : plane.points) {
    reach(point.value);
    shortest = std::min(shortest, point.length), longest = std::max(longest, point.length);
  }
  reach(truth);
  if (plane.of_loss) reach(guessing);
  if (scores.enumeration) longest = std::max(longest, scores.enumeration->convert_to<double>());
  const Scale x = Scale::logarithmic(shortest / 1.4, longest * 1.4, box.left, box.right),
              y = Scale::logarithmic(std::min(least, most) / 2.5, most * 1.6, box.bottom, box.top);
  if (plane.of_loss && guessing > 0)
    svg.rectangle(box.left, box.top, box.right - box.left, y(guessing) - box.top, Look::shade);
  draw_axes(svg, box, x, y, "proof length (operations)",
            plane.of_loss ? "mean loss, at most (nats)" : "share not shown correct");
  std::vector<std::pair<double, double>> taken;
  if (plane.of_loss && guessing > 0) svg.text(box.left + 8, y(guessing) - 6, "vacuous", {Look::soft});
  if (truth > 0) {
    svg.line(box.left, y(truth), box.right, y(truth), Look::guide);
    svg.text(box.left + 8, y(truth) + (y(truth) + 24 < box.bottom ? 17 : -6), "exact", {Look::soft});
  }
  if (scores.enumeration) {
    const double at = x(scores.enumeration->convert_to<double>());
    svg.line(at, box.top, at, box.bottom, Look::guide);
    svg.text(at - 6, box.top + 16, "enumeration", {Look::soft, Anchor::end});
  }
  for (const Point& point : plane.points) {
    const bool is_explained = !point.proof->explanation.empty();
    svg.begin_point(in_words(plane, point));
    svg.mark(x(point.length), y(point.value), is_explained ? explained_colour : searched_colour, !is_explained);
    svg.end_point(box.left, readout_y, in_words(plane, point));
    draw_name(svg, box, x(point.length), y(point.value), point.proof->name, taken);
  }
}

// The shares of what is lost: parts of one kind together, negative ones left out.
std::map<std::string_view, double> by_kind(const std::vector<SlackPart>& parts) {
  std::map<std::string_view, double> result;
  for (const SlackPart& part : parts) result[part.kind] += part.amount.convert_to<double>();
  return result;
}

double draw_parts(Svg& svg, const Scores& scores, double top) {
  double names = 0, y = top + 34;
  for (const ScoredProof& proof : scores.proofs)
    if (!proof.loss.empty()) names = std::max(names, text_width(proof.name));
  const double left = std::min(names, 260.0) + 28, right = 610;
  svg.text(16, top + 12, "What lies between the bound and the exact loss", {Look::ink, Anchor::start, false, true});
  std::vector<const Kind*> seen;
  for (const ScoredProof& proof : scores.proofs) {
    if (proof.loss.empty()) continue;
    const auto parts = by_kind(proof.loss);
    double whole = 0, at = left;
    for (const auto& [kind, amount] : parts) whole += std::max(0.0, amount);
    svg.text(left - 10, y + 4.5, proof.name, {Look::ink, Anchor::end});
    for (const Kind& kind : kinds) {
      const auto found = parts.find(kind.kind);
      if (found == parts.end() || !(found->second > 0) || !(whole > 0)) continue;
      const double length = (right - left) * found->second / whole;
      if (length >= 0.5 && std::find(seen.begin(), seen.end(), &kind) == seen.end()) seen.push_back(&kind);
      svg.cells(fmt::format("M{} {}h{}v18h-{}Z", pixels(at), pixels(y - 9), pixels(length), pixels(length)),
                kind.colour);
      at += length;
    }
    svg.text(right + 10, y + 4.5, fmt::format("{:.3g} nats", whole), {Look::soft});
    y += row_height;
  }
  double at = left;
  for (const Kind* kind : seen) {
    svg.cells(fmt::format("M{} {}h11v11h-11Z", pixels(at), pixels(y - 5)), kind->colour);
    svg.text(at + 16, y + 5, kind->words, {Look::soft});
    at += 34 + text_width(kind->words);
  }
  return y + 24;
}

} // namespace

Figure score_figure(const Scores& scores, std::size_t number) {
  const Plane plane = plane_of(scores);
  const auto apart = std::count_if(scores.proofs.begin(), scores.proofs.end(),
                                   [](const ScoredProof& proof) { return !proof.loss.empty(); });
  Figure figure;
  figure.name = numbered_name("score", number);
  figure.title = numbered_title("What explanations are worth", number);
  figure.caption = "Each mark is a verified proof: to the left is shorter, below is tighter, and both axes are "
                   "logarithmic. Filled: with an "
                   "explanation; hollow: what the search finds alone. The dashed lines are the exact number and the "
                   "length of enumeration. ";
  if (apart > 0)
    figure.caption += "The bars say in what shares the difference between a bound and the exact loss comes about.";
  const double bars = apart > 0 ? 92 + row_height * static_cast<double>(apart) : 0;
  Svg svg(figure.name, figure.title, figure.caption, width, static_cast<int>(plot_bottom + 62 + bars), true);
  if (!plane.points.empty()) draw_plane(svg, scores, plane);
  if (apart > 0) draw_parts(svg, scores, plot_bottom + 62);
  figure.svg = std::move(svg).finish();
  figure.data.push_back(
      {"name", "explanation", "strategy", "upper", "lower", "accuracy", "length", "kind", "what", "amount"});
  for (const ScoredProof& proof : scores.proofs) {
    const Verification& v = proof.verification;
    const auto row = [&](const std::string& kind, const std::string& what, const std::string& amount) {
      figure.data.push_back({csv_text(proof.name), csv_text(proof.explanation), csv_text(proof.strategy),
                             v.upper.value_or(""), v.lower.value_or(""), v.accuracy.value_or(""),
                             proof.verified() ? std::to_string(v.operations.length()) : "", csv_text(kind),
                             csv_text(what), amount});
    };
    if (proof.loss.empty()) row("", "", "");
    for (const SlackPart& part : proof.loss) row(part.kind, part.what, exact_decimal(part.amount));
  }
  return figure;
}

} // namespace proofmark
