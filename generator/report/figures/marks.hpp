// Marks in a plane of bound against length, one a proof: their names, the line through the best of them, the legend.
// Drawing only: nothing here is a bound.
#pragma once

#include "report/evidence/comparison.hpp"
#include "report/figures/axes.hpp"

#include <vector>

namespace proofmark {

struct Mark {
  const ShownProof* proof;
  std::string bound; // established, a decimal
  double value, length;
  bool pareto, vacuous;
  double x = 0, y = 0; // pixels
};

// One for each proof with an established bound of that kind, by length. `value` is the bound.
std::vector<Mark> marks_of(const ShownModel&, const std::vector<Standing>&, Quantity, Side);

struct Area {
  double left, top, right, bottom;
  bool overlaps(const Area& o) const { return left < o.right && o.left < right && top < o.bottom && o.top < bottom; }
};

// Names beside marks, where nothing else stands; those of the tutorial and exact ones first. A name that finds no place is
// left to the readout and the table. `taken`: where something is drawn already; `names`: what of it are words.
void draw_names(Svg&, const Box&, const std::vector<Mark>&, std::vector<Area> taken, std::vector<Area> names);

// What a proof of some length can show, by the proofs there are, which are ordered by length: steps down from the
// shortest to the longest. Says where it is drawn.
std::vector<Area> draw_pareto(Svg&, const Box&, const std::vector<Mark>&);

void draw_legend(Svg&, const Box&, double y, const std::vector<Mark>&);

} // namespace proofmark
