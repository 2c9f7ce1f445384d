#include "report/figures/marks.hpp"

#include "numbers/outward.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace proofmark {

namespace {

constexpr std::size_t few = 9; // with so many marks all are named

bool of_the_tutorial(const std::string& strategy) {
  return strategy == "enumeration" || strategy == "symmetry" || strategy == "convexity";
}

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

} // namespace

std::vector<Mark> marks_of(const ShownModel& model, const std::vector<Standing>& of_proofs, Quantity quantity,
                           Side side) {
  const bool loss = quantity == Quantity::cross_entropy;
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < model.proofs.size(); ++i) {
    const ShownProof& proof = model.proofs[i];
    if (const auto bound = proof.bound(quantity, side))
      marks.push_back({&proof, *bound, parse_long_decimal(*bound)->convert_to<double>(),
                       static_cast<double>(proof.operations.length()),
                       loss ? of_proofs[i].pareto_loss : of_proofs[i].pareto_accuracy, loss && of_proofs[i].vacuous});
  }
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.length < b.length; });
  return marks;
}

void draw_names(Svg& svg, const Box& box, const std::vector<Mark>& marks, std::vector<Area> taken,
                std::vector<Area> names) {
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

std::vector<Area> draw_pareto(Svg& svg, const Box& box, const std::vector<Mark>& marks) {
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

void draw_legend(Svg& svg, const Box& box, double y, const std::vector<Mark>& marks) {
  double x = box.left;
  const auto room_for = [&](double wide) {
    if (x + wide > box.right) x = box.left, y += 24;
  };
  for (int colour = 0; colour < series_colours; ++colour) {
    std::set<std::string> strategies;
    for (const Mark& mark : marks)
      if (colour_of(mark.proof->strategy) == colour) strategies.insert(mark.proof->strategy);
    if (strategies.empty()) continue;
    const std::string name = strategies.size() > 1 ? "other" : *strategies.begin();
    room_for(12 + text_width(name));
    svg.mark(x, y, colour);
    svg.text(x + 12, y + 4.5, name, {Look::soft});
    x += 12 + text_width(name) + 24;
  }
  room_for(32 + text_width("Pareto line"));
  svg.line(x, y, x + 26, y, Look::guide);
  svg.text(x + 32, y + 4.5, "Pareto line", {Look::soft});
}

} // namespace proofmark
