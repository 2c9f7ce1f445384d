// What is not shown to be correct against length, with what others have published.

#include "files/csv.hpp"
#include "numbers/outward.hpp"
#include "report/evidence/published_bounds.hpp"
#include "report/figures/figures.hpp"
#include "report/figures/marks.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr int width = 760, height = 500;
constexpr Box box{72, 44, 740, 380};
constexpr double readout_y = 24, legend_y = 452;

// Whether some proof is about accuracy alone. Where every proof bounds the loss, the frontier is that of the loss.
bool about_accuracy(const ShownModel& model) {
  return std::any_of(model.proofs.begin(), model.proofs.end(), [](const ShownProof& proof) {
    return proof.bound(Quantity::accuracy, Side::lower) && !proof.bound(Quantity::cross_entropy, Side::upper);
  });
}

double middle(const PublishedBound& bound) {
  return std::sqrt(bound.shortest * bound.longest);
}

// Hollow marks; a line over the lengths that are said, or over all lengths where none is. Words beside them, where no others
// stand.
std::vector<Area> draw(Svg& svg, const std::vector<PublishedBound>& published, const Scale& x, const Scale& y) {
  std::vector<Area> names;
  for (const PublishedBound& bound : published) {
    const double level = y(1 - bound.accuracy);
    const std::string words = fmt::format("{}, {}", bound.name, bound.accuracy);
    const double wide = text_width(words);
    double start = box.right - 8 - wide;
    if (bound.longest > 0) {
      svg.line(x(bound.shortest), level, x(bound.longest), level, Look::axis);
      svg.mark(x(middle(bound)), level, series_colours - 1, true);
      start = std::min(start, std::max(x(bound.longest), x(middle(bound)) + 7) + 6);
    } else {
      svg.line(box.left, level, box.right, level, Look::axis);
    }
    Area area{};
    for (const double dy : {4.5, -7.5, 16.5, -10.0, 20.0}) { // the first place that is free, or the last
      if (bound.longest == 0 && std::abs(dy) < 7) continue;  // not on its line
      area = {start, level + dy - 11, start + wide, level + dy + 3.5};
      if (std::none_of(names.begin(), names.end(), [&](const Area& other) { return area.overlaps(other); })) break;
    }
    svg.text(start, area.bottom - 3.5, words, {Look::soft});
    names.push_back(area);
    if (bound.longest > 0) names.push_back({x(bound.shortest), level - 7, start, level + 7});
  }
  return names;
}

std::string caption(const Published& published, bool logarithmic) {
  std::string text =
      "Each mark is a verified proof: to the left is shorter, below is tighter. The vertical axis is the "
      "share of all inputs that the proof does not show to be classified correctly";
  text += logarithmic ? "; both axes are logarithmic." : "; the axis of lengths is logarithmic.";
  text +=
      " The dashed line joins the Pareto-optimal proofs: no other is both as short and as tight. Hover over or focus "
      "a mark for its exact values.";
  if (!published.bounds.empty()) text += fmt::format(" {}", published.said);
  return text;
}

} // namespace

std::optional<Figure> accuracy_figure(const ShownModel& model, const Comparison& comparison, std::size_t number) {
  const Published published = published_bounds(model);
  if (!about_accuracy(model) && published.bounds.empty()) return {};
  std::vector<Mark> marks = marks_of(model, comparison.standings, Quantity::accuracy, Side::lower);
  if (marks.empty()) return {};
  double least = 1, most = 0, shortest = marks.front().length, longest = marks.back().length;
  const auto include = [&](double share) { least = std::min(least, share), most = std::max(most, share); };
  for (Mark& mark : marks) include(mark.value = 1 - mark.value);
  for (const PublishedBound& bound : published.bounds) {
    include(1 - bound.accuracy);
    if (bound.longest > 0) shortest = std::min(shortest, bound.shortest), longest = std::max(longest, bound.longest);
  }
  const bool logarithmic = least > 0;
  const Scale x = Scale::logarithmic(shortest / 1.25, longest * 1.25, box.left, box.right);
  const Scale y = logarithmic ? Scale::logarithmic(least / 1.5, most * 2, box.bottom, box.top)
                              : Scale::linear(0, most > 0 ? most * 1.05 : 1, box.bottom, box.top);
  for (Mark& mark : marks) mark.x = x(mark.length), mark.y = y(mark.value);

  Figure figure;
  figure.name = numbered_name("accuracy", number);
  figure.title = numbered_title(fmt::format("Accuracy against proof length, {}", title(model.task)), number);
  figure.caption = caption(published, logarithmic);
  Svg svg(figure.name, figure.title, figure.caption, width, height, true);
  draw_axes(svg, box, x, y, "proof length (operations)", "inputs not shown correct (share)");
  std::vector<Area> names = draw(svg, published.bounds, x, y), taken = draw_pareto(svg, box, marks);
  taken.insert(taken.end(), names.begin(), names.end());
  draw_names(svg, box, marks, std::move(taken), std::move(names));
  draw_legend(svg, box, legend_y, marks);
  figure.data.push_back({"name", "strategy", "accuracy", "length", "pareto_accuracy"});
  for (const Mark& mark : marks) {
    std::string said = mark.proof->name + ": accuracy at least " + rounded(mark.bound, Side::lower);
    said += ", " + grouped(mark.proof->operations.length()) + " operations";
    if (mark.pareto) said += ", Pareto-optimal";
    svg.begin_point(said);
    svg.mark(mark.x, mark.y, colour_of(mark.proof->strategy));
    svg.end_point(box.left, readout_y, said);
    figure.data.push_back({csv_text(mark.proof->name), csv_text(mark.proof->strategy), mark.bound,
                           std::to_string(mark.proof->operations.length()), mark.pareto ? "yes" : "no"});
  }
  figure.svg = std::move(svg).finish();
  return figure;
}

} // namespace proofmark
