// Bound against length: the picture of what tightness costs.

#include "files/csv.hpp"
#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"
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

std::string title_of(const ShownModel& model) {
  return fmt::format("Bound against proof length, {}", title(model.task));
}

} // namespace

std::optional<Figure> frontier_figure(const ShownModel& model, const Comparison& comparison, std::size_t number) {
  std::vector<Mark> marks = marks_of(model, comparison.standings, Quantity::cross_entropy, Side::upper);
  if (marks.empty()) return {};
  const double guessing = elementary::log(static_cast<double>(model.classes));
  const double lower = comparison.lower ? parse_long_decimal(comparison.lower->bound)->convert_to<double>() : 0;
  double least = guessing, most = guessing, shortest = marks.front().length, longest = marks.back().length;
  for (const Mark& mark : marks) least = std::min(least, mark.value), most = std::max(most, mark.value);
  const bool logarithmic = least > 0;
  if (lower > 0 && logarithmic) least = std::min(least, lower);
  const Scale x = Scale::logarithmic(shortest / 1.25, longest * 1.25, box.left, box.right);
  const Scale y = logarithmic ? Scale::logarithmic(least / (lower > 0 ? 2 : 1.3), most * 1.3, box.bottom, box.top)
                              : Scale::linear(0, most > 0 ? most * 1.05 : 1, box.bottom, box.top);
  for (Mark& mark : marks) mark.x = x(mark.length), mark.y = y(mark.value);

  Figure figure;
  figure.name = numbered_name("frontier", number);
  figure.title = numbered_title(title_of(model), number);
  figure.caption =
      "Each mark is a verified proof: to the left is shorter, below is tighter. Both axes are "
      "logarithmic. Bounds in the "
      "shaded region are vacuous: guessing uniformly achieves ln C, for C classes. The dashed line joins the "
      "Pareto-optimal proofs: no other is both as short "
      "and as tight. Hover over or focus a mark for its exact values.";
  if (!logarithmic) figure.caption.replace(figure.caption.find("Both axes are"), 13, "The axis of lengths is");
  Svg svg(figure.name, figure.title, figure.caption, width, height, true);
  std::vector<Area> taken, names;
  if (guessing > 0) {
    svg.rectangle(box.left, box.top, box.right - box.left, y(guessing) - box.top, Look::shade);
    draw_axes(svg, box, x, y, "proof length (operations)", "mean loss, at most (nats)");
    const std::string words = fmt::format("vacuous: above ln {} = {:.3f}", model.classes, guessing);
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
    const double base = y(lower) + 22 < box.bottom ? y(lower) + 17 : y(lower) - 6; // never on the axis
    svg.text(box.left + 8, base, words, {Look::soft});
    taken.push_back({box.left, y(lower) - 2, box.right, y(lower) + 2});
    names.push_back({box.left + 8, base - 14, box.left + 8 + text_width(words), base + 3});
  }
  const std::vector<Area> line = draw_pareto(svg, box, marks);
  taken.insert(taken.end(), line.begin(), line.end());
  taken.insert(taken.end(), names.begin(), names.end());
  draw_names(svg, box, marks, std::move(taken), std::move(names));
  draw_legend(svg, box, legend_y, marks);
  figure.data.push_back({"name", "strategy", "upper", "length", "vacuous", "pareto_loss"});
  for (const Mark& mark : marks) {
    const std::string said = fmt::format("{}: mean loss at most {}, {} operations{}", mark.proof->name,
                                         rounded(mark.bound, Side::upper), grouped(mark.proof->operations.length()),
                                         mark.vacuous  ? ", vacuous"
                                         : mark.pareto ? ", Pareto-optimal"
                                                       : "");
    svg.begin_point(said);
    svg.mark(mark.x, mark.y, colour_of(mark.proof->strategy));
    svg.end_point(box.left, readout_y, said);
    figure.data.push_back({csv_text(mark.proof->name), csv_text(mark.proof->strategy), mark.bound,
                           std::to_string(mark.proof->operations.length()), mark.vacuous ? "yes" : "no",
                           mark.pareto ? "yes" : "no"});
  }
  figure.svg = std::move(svg).finish();
  return figure;
}

} // namespace proofmark
