// The table of logits as a heat map: the mechanism, and the noise around it, at a glance.

#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"
#include "report/figures/palette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr int width = 760, height = 560;
constexpr double left = 92, top = 20, side = 480, bar_left = 620, bar_width = 22;

std::string range(const LogitBlocks& logits, std::size_t i) {
  return logits.exact() ? std::to_string(logits.ends[i]) : fmt::format("{}-{}", logits.ends[i], logits.ends[i + 1] - 1);
}

int level(double value, double least, double most) {
  return std::clamp(static_cast<int>((value - least) / (most - least) * heat_levels), 0, heat_levels - 1);
}

} // namespace

Figure logits_figure(const LogitBlocks& logits, std::size_t number) {
  const auto B = static_cast<Eigen::Index>(logits.blocks());
  const double cell = side / static_cast<double>(B);
  const double least = logits.values.minCoeff();
  const double most = std::max(logits.values.maxCoeff(), least + 1e-9 * std::max(1.0, std::abs(least)));

  Figure figure;
  figure.name = numbered_name("logits", number);
  figure.title = numbered_title("The table of logits", number);
  figure.caption = fmt::format(
      "M[a, k]: what an input token a (row) adds to the logit of the output k (column). The diagonal is the mechanism, "
      "each token arguing for itself; everything else is what a short proof has to pay for. {} Computed in double "
      "precision for the picture: no bound rests on it.",
      logits.exact()
          ? "Every cell is one entry."
          : fmt::format(
                "Every cell is the mean over a block of about {0} by {0} tokens, in which a narrow diagonal fades.",
                (logits.ends.back() + logits.blocks() / 2) / logits.blocks()));
  Svg svg(figure.name, figure.title, figure.caption, width, height);
  std::vector<std::string> paths(heat_levels);
  for (Eigen::Index a = 0; a < B; ++a)
    for (Eigen::Index k = 0; k < B;) { // neighbours of one colour are one rectangle
      const int colour = level(logits.values(a, k), least, most);
      Eigen::Index end = k + 1;
      while (end < B && level(logits.values(a, end), least, most) == colour) ++end;
      const double run = static_cast<double>(end - k) * cell;
      paths[static_cast<std::size_t>(colour)] +=
          fmt::format("M{} {}h{}v{}h-{}z", pixels(left + static_cast<double>(k) * cell),
                      pixels(top + static_cast<double>(a) * cell), pixels(run), pixels(cell), pixels(run));
      k = end;
    }
  for (int i = 0; i < heat_levels; ++i)
    if (!paths[static_cast<std::size_t>(i)].empty()) svg.cells(paths[static_cast<std::size_t>(i)], heat(i));

  const double V = static_cast<double>(logits.ends.back());
  const Scale x = Scale::counting(0, V, left, left + side), y = Scale::counting(0, V, top, top + side);
  for (const Tick& tick : x.ticks()) {
    svg.line(x(tick.value), top + side, x(tick.value), top + side + 5, Look::axis);
    svg.text(x(tick.value), top + side + 20, tick.label, {Look::soft, Anchor::middle});
    svg.line(left - 5, y(tick.value), left, y(tick.value), Look::axis);
    svg.text(left - 9, y(tick.value) + 4.5, tick.label, {Look::soft, Anchor::end});
  }
  svg.text(left + side / 2, top + side + 42, "output k", {Look::ink, Anchor::middle});
  svg.text(24, top + side / 2, "input token a", {Look::ink, Anchor::middle, true});

  const Scale bar = Scale::linear(least, most, top + side, top);
  for (int i = 0; i < heat_levels; ++i) {
    const double h = side / heat_levels;
    svg.cells(fmt::format("M{} {}h{}v{}h-{}z", pixels(bar_left), pixels(top + side - (i + 1) * h), pixels(bar_width),
                          pixels(h), pixels(bar_width)),
              heat(i));
  }
  for (const Tick& tick : bar.ticks()) {
    svg.line(bar_left + bar_width, bar(tick.value), bar_left + bar_width + 5, bar(tick.value), Look::axis);
    svg.text(bar_left + bar_width + 9, bar(tick.value) + 4.5, tick.label, {Look::soft});
  }
  svg.text(704, top + side / 2, "logit (nats)", {Look::ink, Anchor::middle, true});
  figure.svg = std::move(svg).finish();

  std::vector<std::string> heading{"input\\output"};
  for (std::size_t k = 0; k < logits.blocks(); ++k) heading.push_back(range(logits, k));
  figure.data.push_back(std::move(heading));
  for (Eigen::Index a = 0; a < B; ++a) {
    std::vector<std::string> row{range(logits, static_cast<std::size_t>(a))};
    for (Eigen::Index k = 0; k < B; ++k) row.push_back(fmt::format("{:.6g}", logits.values(a, k)));
    figure.data.push_back(std::move(row));
  }
  return figure;
}

} // namespace proofmark
