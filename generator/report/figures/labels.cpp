// The loss by label: where a model is good, and for which labels a proof gives most away.

#include "numbers/outward.hpp"
#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr int width = 760, height = 400;
constexpr Box box{72, 20, 740, 320};
constexpr unsigned digits = 17;

std::string decimal_of(const Rational& value, Direction direction) {
  return decimal(value, direction, digits).value_or(fixed_decimal(value, direction, 0));
}

// A line that is level over each range; backwards from the last range to the first when `back`.
std::string stairs(const std::vector<LabelBounds>& all, const Scale& x, const Scale& y, Rational LabelBounds::*value,
                   bool back) {
  std::string d;
  const auto step = [&](const LabelBounds& b) {
    const double from = x(static_cast<double>(b.labels.from)), to = x(static_cast<double>(b.labels.to));
    const std::string level = pixels(y((b.*value).convert_to<double>()));
    if (d.empty() && !back) d = fmt::format("M{} {}", pixels(from), level);
    d += fmt::format("V{}H{}", level, pixels(back ? from : to));
  };
  if (back)
    std::for_each(all.rbegin(), all.rend(), step);
  else
    std::for_each(all.begin(), all.end(), step);
  return d;
}

} // namespace

std::optional<Figure> labels_figure(const ShownModel& model, const ShownProof& proof, const std::string& name) {
  if (!proof.bound(Quantity::cross_entropy, Side::upper)) return {};
  const std::vector<LabelBounds> all = label_bounds(model, proof);
  double least = INFINITY, most = 0;
  bool below = false;
  for (const LabelBounds& b : all) {
    const double upper = b.upper.convert_to<double>(), lower = b.best_lower.convert_to<double>();
    most = std::max(most, upper);
    if (upper > 0) least = std::min(least, upper);
    if (lower > 0) least = std::min(least, lower), below = true;
  }
  if (!std::isfinite(most) || most <= 0) return {};
  least = std::max(least, most / 1e6);

  Figure figure;
  figure.name = name;
  figure.title = fmt::format("Loss by label, {}", proof.name);
  figure.caption = fmt::format("The line is the bound on the mean loss of the inputs whose label, {}, "
                               "lies in a step's range, as the step declares it and the verifier "
                               "confirmed it; the axis of losses is logarithmic. {}",
                               in_words(model.task.label),
                               below ? "The shaded band reaches down to what is proved from below, by this proof or "
                                       "another of the same model: where it is high, this "
                                       "proof gives most away."
                                     : "No proof here bounds the loss of these labels from below.");
  const Scale x = Scale::counting(0, static_cast<double>(model.classes), box.left, box.right);
  const Scale y = Scale::logarithmic(least / 1.3, most * 1.3, box.bottom, box.top);
  Svg svg(figure.name, figure.title, figure.caption, width, height);
  draw_axes(svg, box, x, y, "label", "mean loss of the label's inputs (nats)");
  const int colour = colour_of(proof.strategy);
  const std::string line = stairs(all, x, y, &LabelBounds::upper, false);
  if (below) {
    svg.area(line + stairs(all, x, y, &LabelBounds::best_lower, true) + "Z", colour);
    svg.path(stairs(all, x, y, &LabelBounds::best_lower, false), Look::axis);
  }
  svg.curve(line, colour);
  const double legend = height - 16;
  svg.curve(fmt::format("M{} {}h26", pixels(box.left), pixels(legend)), colour);
  svg.text(box.left + 34, legend + 4.5, "at most, by this proof", {Look::soft});
  if (below) {
    svg.line(box.left + 250, legend, box.left + 276, legend, Look::axis);
    svg.text(box.left + 284, legend + 4.5, "at least, by any proof of this model", {Look::soft});
  }
  figure.svg = std::move(svg).finish();

  figure.data.push_back({"from", "to", "inputs", "lower", "upper", "best_lower"});
  for (const LabelBounds& b : all)
    figure.data.push_back({std::to_string(b.labels.from), std::to_string(b.labels.to), b.inputs.str(),
                           decimal_of(b.lower, Direction::down), decimal_of(b.upper, Direction::up),
                           decimal_of(b.best_lower, Direction::down)});
  return figure;
}

} // namespace proofmark
