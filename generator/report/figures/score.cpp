// Explanations side by side: what each establishes at what length, and what its slack is made of.

#include "files/csv.hpp"
#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"
#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"
#include "report/figures/marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace proofmark {

namespace {

constexpr int width = 760, plot_bottom = 306;
constexpr double row_height = 30, legend_y = plot_bottom + 62, readout_y = legend_y + 26, parts_top = legend_y + 42;

struct Kind {
  std::string_view kind, words, colour;
};
constexpr std::array<Kind, 9> kinds = {{{"left", "what blocks do not say of the left side", "#0068a8"},
                                        {"right", "what blocks do not say of the right side", "#b84a00"},
                                        {"fold", "folding", "#00704f"},
                                        {"signs", "the sign of what is left", "#0068a8"},
                                        {"norms", "the lengths of what is left", "#b84a00"},
                                        {"labels", "by labels", "#a03a8c"},
                                        {"inputs", "by inputs", "#a03a8c"},
                                        {"whole", "not taken apart", "#7a5700"},
                                        {"rounding", "rounding", "#5a6570"}}};

double drawn(const std::string& decimal) {
  return parse_long_decimal(decimal)->convert_to<double>();
}

// What is drawn of a proof: its bound on the loss, or where none bounds it the share that is not shown correct.
enum class Drawn { searched, explained, exact }; // the later above the earlier
struct Point {
  const ScoredProof* proof;
  Drawn drawn;
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
  const auto add = [&](const ScoredProof& proof, Drawn drawn_as) {
    const auto& bound = result.of_loss ? proof.verification.upper : proof.verification.accuracy;
    if (!proof.verified() || !bound) return;
    const double value = result.of_loss ? drawn(*bound) : 1 - drawn(*bound);
    result.points.push_back({&proof, drawn_as, static_cast<double>(proof.verification.operations.length()), value});
  };
  for (const ScoredProof& proof : scores.proofs)
    add(proof, proof.explanation.empty() ? Drawn::searched : Drawn::explained);
  if (scores.exact) add(*scores.exact, Drawn::exact);
  std::stable_sort(result.points.begin(), result.points.end(),
                   [](const Point& a, const Point& b) { return a.drawn < b.drawn; });
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

struct Place {
  double x, y;
  Anchor anchor;
};

// At the first of the places where nothing else stands, or at the first.
void draw_beside(Svg& svg, const Box& box, const std::vector<Place>& places, const std::string& words, Look look,
                 std::vector<Area>& taken) {
  const auto area_at = [&](const Place& place) {
    const double left = place.anchor == Anchor::start ? place.x : place.x - text_width(words);
    return Area{left, place.y - 11, left + text_width(words), place.y + 4};
  };
  const auto is_free = [&](const Place& place) {
    const Area area = area_at(place);
    return area.left > box.left && area.right < box.right && area.top > box.top && area.bottom < box.bottom &&
           std::none_of(taken.begin(), taken.end(), [&](const Area& other) { return area.overlaps(other); });
  };
  const auto found = std::find_if(places.begin(), places.end(), is_free);
  const Place& place = found == places.end() ? places.front() : *found;
  taken.push_back(area_at(place));
  svg.text(place.x, place.y, words, {look, place.anchor});
}

std::vector<Place> places_beside(double x, double y) {
  std::vector<Place> result;
  for (const double dy : {4.5, -7.0, 16.0, -23.0, 32.0, -39.0, 48.0, -55.0, 64.0}) {
    result.push_back({x + 13, y + dy, Anchor::start});
    result.push_back({x - 13, y + dy, Anchor::end});
  }
  return result;
}

void draw_mark(Svg& svg, Drawn drawn, double x, double y) {
  if (drawn == Drawn::searched)
    svg.ring(x, y, 6);
  else
    svg.mark(x, y, drawn == Drawn::explained ? 1 : 0);
}

void draw_kinds(Svg& svg, const Box& box, const std::vector<Point>& points) {
  double x = box.left + 8;
  for (const auto& [drawn, words] : {std::pair{Drawn::explained, "with an explanation"},
                                     {Drawn::searched, "found by the search alone"},
                                     {Drawn::exact, "exact"}}) {
    if (std::none_of(points.begin(), points.end(), [&](const Point& point) { return point.drawn == drawn; })) continue;
    draw_mark(svg, drawn, x, legend_y);
    svg.text(x + 14, legend_y + 4.5, words, {Look::soft});
    x += 14 + text_width(words) + 24;
  }
}

void draw_plane(Svg& svg, const Scores& scores, const Plane& plane) {
  const Box box{72, 16, 740, plot_bottom};
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
  std::vector<Area> taken;
  for (const Point& point : plane.points) {
    const double px = x(point.length), py = y(point.value);
    taken.push_back({px - 9, py - 9, px + 9, py + 9});
  }
  const auto draw_across = [&](const std::string& words, double level) {
    draw_beside(svg, box,
                {{box.left + 8, level - 7, Anchor::start},
                 {box.left + 8, level + 17, Anchor::start},
                 {box.right - 8, level - 7, Anchor::end},
                 {box.right - 8, level + 17, Anchor::end}},
                words, Look::soft, taken);
  };
  if (truth > 0) {
    svg.line(box.left, y(truth), box.right, y(truth), Look::guide);
    taken.push_back({box.left, y(truth) - 2, box.right, y(truth) + 2});
  }
  if (scores.enumeration) {
    const double at = x(scores.enumeration->convert_to<double>());
    svg.line(at, box.top, at, box.bottom, Look::guide);
    taken.push_back({at - 3, box.top, at + 3, box.bottom});
    draw_beside(svg, box,
                {{at - 8, box.top + 18, Anchor::end},
                 {at + 8, box.top + 18, Anchor::start},
                 {at - 8, box.top + 40, Anchor::end},
                 {at - 8, (box.top + box.bottom) / 2, Anchor::end}},
                "enumeration", Look::soft, taken);
  }
  if (truth > 0) draw_across(plane.of_loss ? "exact loss" : "exact accuracy", y(truth));
  if (plane.of_loss && guessing > 0)
    draw_beside(svg, box,
                {{box.left + 8, y(guessing) - 6, Anchor::start}, {box.right - 8, y(guessing) - 6, Anchor::end}},
                "vacuous", Look::soft, taken);
  for (const Point& point : plane.points) {
    const double px = x(point.length), py = y(point.value);
    svg.begin_point(in_words(plane, point));
    draw_mark(svg, point.drawn, px, py);
    svg.end_point(box.left, readout_y, in_words(plane, point));
  }
  for (auto point = plane.points.rbegin(); point != plane.points.rend(); ++point)
    draw_beside(svg, box, places_beside(x(point->length), y(point->value)), point->proof->name, Look::ink, taken);
  draw_kinds(svg, box, plane.points);
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
    if (at > left && at + 16 + text_width(kind->words) > width) at = left, y += 22;
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
  figure.caption =
      "Each mark is a verified proof: to the left is shorter, below is tighter, and both axes are "
      "logarithmic. Disks: with an "
      "explanation; rings: found by the search alone; the square: exact. The dashed lines are the exact number and the "
      "length of enumeration. ";
  if (apart > 0)
    figure.caption += "The bars say in what shares the difference between a bound and the exact loss comes about.";
  const double bars = apart > 0 ? 92 + row_height * static_cast<double>(apart) : 0;
  Svg svg(figure.name, figure.title, figure.caption, width, static_cast<int>(parts_top + bars), true);
  if (!plane.points.empty()) draw_plane(svg, scores, plane);
  if (apart > 0) draw_parts(svg, scores, parts_top);
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
