#include "report/figures/axes.hpp"

namespace proofmark {

void draw_x_axis(Svg& svg, const Box& box, const Scale& x, std::string_view label) {
  for (const Tick& tick : x.ticks()) {
    svg.line(x(tick.value), box.top, x(tick.value), box.bottom, Look::grid);
    svg.text(x(tick.value), box.bottom + 18, tick.label, {Look::soft, Anchor::middle});
  }
  svg.line(box.left, box.bottom, box.right, box.bottom, Look::axis);
  svg.text((box.left + box.right) / 2, box.bottom + 38, label, {Look::ink, Anchor::middle});
}

void draw_axes(Svg& svg, const Box& box, const Scale& x, const Scale& y, std::string_view x_label,
               std::string_view y_label) {
  for (const Tick& tick : y.ticks()) {
    svg.line(box.left, y(tick.value), box.right, y(tick.value), Look::grid);
    svg.text(box.left - 8, y(tick.value) + 4.5, tick.label, {Look::soft, Anchor::end});
  }
  draw_x_axis(svg, box, x, x_label);
  svg.line(box.left, box.top, box.left, box.bottom, Look::axis);
  svg.text(16, (box.top + box.bottom) / 2, y_label, {Look::ink, Anchor::middle, true});
}

} // namespace proofmark
