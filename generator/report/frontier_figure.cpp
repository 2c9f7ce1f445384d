// Bound against length: the picture of what tightness costs.

#include "../csv.hpp"
#include "../outward.hpp"
#include "axes.hpp"
#include "figures.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr int width = 760, height = 500;
constexpr Box box{72, 44, 740, 380};
constexpr double readout_y = 24, legend_y = 452;
constexpr std::size_t few = 9; // with so many marks all are named

struct Mark {
  const ShownProof* proof;
  std::string upper; // established
  double bound, length;
  bool pareto, vacuous;
  double x = 0, y = 0;
};

std::vector<Mark> marks_of(const ShownModel& model, const Comparison& comparison) {
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < model.proofs.size(); ++i) {
    const auto upper = model.proofs[i].bound(Quantity::cross_entropy, Side::upper);
    if (!upper) continue;
    marks.push_back({&model.proofs[i], *upper, parse_long_decimal(*upper)->convert_to<double>(),
                     static_cast<double>(model.proofs[i].operations.length()), comparison.pareto[i],
                     comparison.vacuous[i]});
  }
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.length < b.length; });
  return marks;
}

bool of_the_tutorial(const std::string& strategy) {
  return strategy == "enumeration" || strategy == "symmetry" || strategy == "convexity";
}

struct Area {
  double left, top, right, bottom;
  bool overlaps(const Area& o) const { return left < o.right && o.left < right && top < o.bottom && o.top < bottom; }
};

struct Place {
  double dx, dy;
  Anchor anchor;
};
constexpr Place places_beside_a_mark[] = {
    {11, -8, Anchor::start},  {-11, -8, Anchor::end},  {11, 18, Anchor::start},  {-11, 18, Anchor::end},
    {0, -13, Anchor::middle}, {0, 23, Anchor::middle}, {13, 4.5, Anchor::start}, {-13, 4.5, Anchor::end},
    {18, -26, Anchor::start}, {18, 36, Anchor::start}, {18, -43, Anchor::start}, {18, 53, Anchor::start},
    {18, -60, Anchor::start}, {-18, -26, Anchor::end}, {-18, 36, Anchor::end},   {18, 70, Anchor::start}};

Area area_of(const Place& place, const Mark& mark) {
  const double x = mark.x + place.dx, y = mark.y + place.dy, w = text_width(mark.proof->name);
  const double left = place.anchor == Anchor::start ? x : place.anchor == Anchor::end ? x - w : x - w / 2;
  return {left, y - 11, left + w, y + 3.5};
}

// Whether the line from a mark to its name would run through another name or mark.
bool crosses(const Mark& mark, double x, double y, const std::vector<Area>& names, const std::vector<Mark>& marks) {
  constexpr int samples = 24;
  for (int i = 0; i <= samples; ++i) {
    const double part = static_cast<double>(i) / samples;
    const double px = mark.x + part * (x - mark.x), py = mark.y + part * (y - mark.y);
    const Area here{px - 1, py - 1, px + 1, py + 1};
    if (std::any_of(names.begin(), names.end(), [&](const Area& other) { return here.overlaps(other); })) return true;
    for (const Mark& other : marks)
      if (&other != &mark && here.overlaps({other.x - 6, other.y - 6, other.x + 6, other.y + 6})) return true;
  }
  return false;
}

// Names beside marks, where nothing else stands; those of the tutorial first. A name that finds no place is left to the
// readout and the table.
void draw_names(Svg& svg, const std::vector<Mark>& marks, std::vector<Area> taken, std::vector<Area> names) {
  std::vector<const Mark*> order;
  for (const Mark& mark : marks) {
    taken.push_back({mark.x - 7, mark.y - 7, mark.x + 7, mark.y + 7});
    order.push_back(&mark);
  }
  const auto rank = [](const Mark* m) { return of_the_tutorial(m->proof->strategy) ? 0 : m->pareto ? 1 : 2; };
  std::stable_sort(order.begin(), order.end(), [&](const Mark* a, const Mark* b) { return rank(a) < rank(b); });
  for (const Mark* mark : order) {
    if (marks.size() > few && rank(mark) == 2) continue;
    for (const Place& place : places_beside_a_mark) {
      const Area area = area_of(place, *mark);
      if (area.left < box.left + 2 || area.right > box.right - 2 || area.top < box.top + 2 ||
          area.bottom > box.bottom - 2 ||
          std::any_of(taken.begin(), taken.end(), [&](const Area& other) { return area.overlaps(other); }))
        continue;
      const double x = mark->x + place.dx, y = mark->y + place.dy;
      if (std::abs(place.dy) > 24) {
        const double end = place.anchor == Anchor::end ? x + 2 : x - 2;
        if (crosses(*mark, end, y - 4, names, marks)) continue;
        svg.line(mark->x, mark->y, end, y - 4, Look::axis);
      }
      svg.text(x, y, mark->proof->name, {Look::ink, place.anchor});
      taken.push_back(area);
      names.push_back(area);
      break;
    }
  }
}

// What a proof of some length can show, by the proofs there are: steps down from the shortest to the longest. Says
// where it is drawn.
std::vector<Area> draw_pareto(Svg& svg, const std::vector<Mark>& marks) {
  std::vector<Area> taken;
  std::string d;
  const Mark* before = nullptr;
  const auto level = [&](double y, double from, double to) { taken.push_back({from, y - 2, to, y + 2}); };
  for (const Mark& mark : marks) {
    if (!mark.pareto) continue;
    d += before ? fmt::format("H{}V{}", pixels(mark.x), pixels(mark.y))
                : fmt::format("M{} {}", pixels(mark.x), pixels(mark.y));
    if (before) {
      level(before->y, before->x, mark.x);
      taken.push_back({mark.x - 2, before->y, mark.x + 2, mark.y});
    }
    before = &mark;
  }
  if (!before) return {};
  level(before->y, before->x, box.right);
  svg.path(d + fmt::format("H{}", pixels(box.right)), Look::guide);
  return taken;
}

void draw_legend(Svg& svg, const std::vector<Mark>& marks) {
  double x = box.left, y = legend_y;
  const auto room_for = [&](double wide) {
    if (x + wide > box.right) x = box.left, y += 24;
  };
  for (int colour = 0; colour < series_colours; ++colour) {
    const auto found =
        std::find_if(marks.begin(), marks.end(), [&](const Mark& m) { return colour_of(m.proof->strategy) == colour; });
    if (found == marks.end()) continue;
    const std::string name = colour + 1 == series_colours ? "other" : found->proof->strategy;
    room_for(12 + text_width(name));
    svg.mark(x, y, colour);
    svg.text(x + 12, y + 4.5, name, {Look::soft});
    x += 12 + text_width(name) + 24;
  }
  room_for(32 + text_width("Pareto line"));
  svg.line(x, y, x + 26, y, Look::guide);
  svg.text(x + 32, y + 4.5, "Pareto line", {Look::soft});
}

std::string title_of(const ShownModel& model) {
  return fmt::format("Bound against proof length, max of {} tokens out of {}", model.task.context,
                     model.task.vocabulary);
}

} // namespace

std::optional<Figure> frontier_figure(const ShownModel& model, const Comparison& comparison, std::size_t number) {
  std::vector<Mark> marks = marks_of(model, comparison);
  if (marks.empty()) return {};
  const double guessing = std::log(static_cast<double>(model.task.vocabulary));
  const double lower = comparison.lower ? parse_long_decimal(comparison.lower->bound)->convert_to<double>() : 0;
  double least = guessing, most = guessing, shortest = marks.front().length, longest = marks.back().length;
  for (const Mark& mark : marks) least = std::min(least, mark.bound), most = std::max(most, mark.bound);
  const bool logarithmic = least > 0;
  if (lower > 0 && logarithmic) least = std::min(least, lower);
  const Scale x = Scale::logarithmic(shortest / 1.25, longest * 1.25, box.left, box.right);
  const Scale y = logarithmic ? Scale::logarithmic(least / (lower > 0 ? 2 : 1.3), most * 1.3, box.bottom, box.top)
                              : Scale::linear(0, most > 0 ? most * 1.05 : 1, box.bottom, box.top);
  for (Mark& mark : marks) mark.x = x(mark.length), mark.y = y(mark.bound);

  Figure figure;
  figure.name = numbered_name("frontier", number);
  figure.title = numbered_title(title_of(model), number);
  figure.caption = "Each mark is a verified proof: to the left is shorter, below is tighter. Both axes are "
                   "logarithmic. Bounds in the "
                   "shaded region are vacuous: guessing uniformly achieves ln V. The dashed line joins the "
                   "Pareto-optimal proofs, which no other is as short "
                   "and as tight as. Hover or focus a mark for its exact values.";
  if (!logarithmic) figure.caption.replace(figure.caption.find("Both axes are"), 13, "The axis of lengths is");
  Svg svg(figure.name, figure.title, figure.caption, width, height, true);
  std::vector<Area> taken, names;
  if (guessing > 0) {
    svg.rectangle(box.left, box.top, box.right - box.left, y(guessing) - box.top, Look::shade);
    draw_axes(svg, box, x, y, "proof length (operations)", "mean loss, at most (nats)");
    const std::string words = fmt::format("vacuous: above ln {} = {:.3f}", model.task.vocabulary, guessing);
    svg.line(box.left, y(guessing), box.right, y(guessing), Look::axis);
    svg.text(box.right - 8, y(guessing) - 6, words, {Look::soft, Anchor::end});
    taken.push_back({box.left, y(guessing) - 2, box.right, y(guessing) + 2});
    names.push_back({box.right - 8 - text_width(words), y(guessing) - 18, box.right, y(guessing)});
  } else {
    draw_axes(svg, box, x, y, "proof length (operations)", "mean loss, at most (nats)");
  }
  if (lower > 0) {
    const std::string words =
        fmt::format("proved: the loss is at least {}", brief(comparison.lower->bound, Side::lower));
    svg.line(box.left, y(lower), box.right, y(lower), Look::axis);
    svg.text(box.left + 8, y(lower) + 17, words, {Look::soft});
    taken.push_back({box.left, y(lower) - 2, box.right, y(lower) + 2});
    names.push_back({box.left + 8, y(lower), box.left + 8 + text_width(words), y(lower) + 20});
  }
  const std::vector<Area> line = draw_pareto(svg, marks);
  taken.insert(taken.end(), line.begin(), line.end());
  taken.insert(taken.end(), names.begin(), names.end());
  draw_names(svg, marks, std::move(taken), std::move(names));
  draw_legend(svg, marks);
  figure.data.push_back({"name", "strategy", "upper", "length", "vacuous", "pareto"});
  for (const Mark& mark : marks) {
    const std::string said = fmt::format("{}: mean loss at most {}, {} operations{}", mark.proof->name,
                                         rounded(mark.upper, Side::upper), grouped(mark.proof->operations.length()),
                                         mark.vacuous  ? ", vacuous"
                                         : mark.pareto ? ", Pareto-optimal"
                                                       : "");
    svg.begin_point(said);
    svg.mark(mark.x, mark.y, colour_of(mark.proof->strategy));
    svg.end_point(box.left, readout_y, said);
    figure.data.push_back({csv_text(mark.proof->name), csv_text(mark.proof->strategy), mark.upper,
                           std::to_string(mark.proof->operations.length()), mark.vacuous ? "yes" : "no",
                           mark.pareto ? "yes" : "no"});
  }
  figure.svg = std::move(svg).finish();
  return figure;
}

} // namespace proofmark
