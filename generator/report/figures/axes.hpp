// The frame that plots share: grid, ticks, labels of the axes.
#pragma once

#include "report/figures/scale.hpp"
#include "report/figures/svg.hpp"

namespace proofmark {

struct Box {
  double left, top, right, bottom; // pixels
};

void draw_axes(Svg&, const Box&, const Scale& x, const Scale& y, std::string_view x_label, std::string_view y_label);
void draw_x_axis(Svg&, const Box&, const Scale& x, std::string_view label); // with its grid

} // namespace proofmark
