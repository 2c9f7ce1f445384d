// The loss while training: the author's own account.

#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace proofmark {

namespace {

constexpr int width = 760, height = 380;
constexpr Box box{72, 20, 740, 320};
constexpr std::size_t most_points = 600;

struct Point {
  std::size_t from, to; // steps from (inclusive) to (inclusive), counted from 1
  double loss;          // their mean
};

std::vector<Point> points_of(const TrainingCurve& curve) {
  const std::size_t steps = curve.losses.size(), count = std::min(steps, most_points);
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i * steps / count, to = (i + 1) * steps / count;
    const auto begin = curve.losses.begin();
    const double sum =
        std::accumulate(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to), 0.0);
    points.push_back({from + 1, to, sum / static_cast<double>(to - from)});
  }
  return points;
}

} // namespace

Figure training_figure(const TrainingCurve& curve) {
  const std::vector<Point> points = points_of(curve);
  const auto [least, most] =
      std::minmax_element(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.loss < b.loss; });
  const double lo = least->loss, hi = most->loss;

  Figure figure;
  figure.name = "training";
  figure.title = "Loss while training";
  figure.caption =
      fmt::format("Losses of the batches, from {}, objective {}{}. Said by the author, not checked: nothing ties this "
                  "file to the model.",
                  curve.file, curve.objective,
                  curve.losses.size() > most_points ? fmt::format("; each point is a mean over about {} steps",
                                                                  (curve.losses.size() + most_points - 1) / most_points)
                                                    : "");
  const Scale x = Scale::counting(0, static_cast<double>(curve.losses.size()), box.left, box.right);
  const Scale y = lo > 0 ? Scale::logarithmic(lo / 1.1, hi * 1.1, box.bottom, box.top)
                         : Scale::linear(lo, hi > lo ? hi : lo + 1, box.bottom, box.top);
  Svg svg(figure.name, figure.title, figure.caption, width, height);
  draw_axes(svg, box, x, y, "step", lo > 0 ? "loss of the batch (nats, logarithmic)" : "loss of the batch (nats)");
  std::string d;
  figure.data.push_back({"first_step", "last_step", "mean_loss"});
  for (const Point& point : points) {
    const double middle = static_cast<double>(point.from + point.to) / 2;
    d += fmt::format("{}{} {}", d.empty() ? "M" : "L", pixels(x(middle)), pixels(y(point.loss)));
    figure.data.push_back({std::to_string(point.from), std::to_string(point.to), fmt::format("{}", point.loss)});
  }
  svg.curve(d, 1);
  figure.svg = std::move(svg).finish();
  return figure;
}

} // namespace proofmark
