// Where the slack is: what a proof gives away, what rounding adds, and the loss itself, over many orders of magnitude.

#include "files/csv.hpp"
#include "numbers/outward.hpp"
#include "report/figures/axes.hpp"
#include "report/figures/figures.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr int width = 760;
constexpr double row_height = 26, top = 40;

struct Slack {
  const ShownProof* proof;
  Rational given_away; // the bound above the strongest lower bound on the loss
  Rational rounding;   // the claim above the bound
};

std::vector<Slack> slacks(const ShownModel& model, const Rational& lower) {
  std::vector<Slack> result;
  for (const ShownProof& proof : model.proofs)
    for (std::size_t i = 0; i < proof.established.size(); ++i) {
      const Claim& claim = proof.certificate.claims[i];
      if (claim.quantity != Quantity::cross_entropy || claim.direction != Side::upper) continue;
      const Rational upper = parse_long_decimal(proof.established[i]).value();
      result.push_back({&proof, upper - lower, parse_decimal(claim.bound).value() - upper});
    }
  return result;
}

double drawn(const Rational& value) {
  return value.convert_to<double>();
}

} // namespace

std::optional<Figure> slack_figure(const ShownModel& model, const Comparison& comparison, std::size_t number) {
  const Rational lower = comparison.lower ? parse_long_decimal(comparison.lower->bound).value() : Rational(0);
  const std::vector<Slack> rows = slacks(model, lower);
  if (rows.empty()) return {};

  double least = 1, most = 1e-3, names = 0; // of what is not 0; without any the axis goes from 1e-3 to 1
  for (const Slack& row : rows) {
    for (const Rational& value : {row.given_away, row.rounding})
      if (value > 0) least = std::min(least, drawn(value)), most = std::max(most, drawn(value));
    names = std::max(names, text_width(row.proof->name));
  }
  if (lower > 0) most = std::max(most, drawn(lower)), least = std::min(least, drawn(lower));
  const Box box{std::min(names, 300.0) + 24, top, 740, top + row_height * static_cast<double>(rows.size()) + 8};
  const Scale x = Scale::logarithmic(least / 3, most * 2, box.left, box.right);

  Figure figure;
  figure.name = numbered_name("slack", number);
  figure.title = numbered_title("Where the slack is: noise, rounding and the loss itself", number);
  figure.caption = fmt::format(
      "For each verified proof, on a logarithmic axis: filled, how far its bound lies above what is proved from below "
      "({}), which is what its strategy pays for "
      "noise, and for the exact strategies the width of an enclosure; hollow, how far its claim lies above its bound, "
      "by rounding outward, as room for the verifier's own enclosures, or because a weaker bound was asked for. A "
      "slack of 0 is drawn at the left edge.",
      comparison.lower ? "by " + model.proofs[comparison.lower->proof].name
                       : "nothing: no proof here bounds the loss from below");
  const int height = static_cast<int>(box.bottom) + 92;
  Svg svg(figure.name, figure.title, figure.caption, width, height, true);
  draw_x_axis(svg, box, x, "nats");
  if (lower > 0) {
    const std::string words = fmt::format("the loss is at least {}", brief(comparison.lower->bound, Side::lower));
    const bool leftish = x(drawn(lower)) < (box.left + box.right) / 2;
    svg.line(x(drawn(lower)), box.top - 6, x(drawn(lower)), box.bottom, Look::guide);
    svg.text(x(drawn(lower)), box.top - 12, words, {Look::soft, leftish ? Anchor::start : Anchor::end});
  }
  figure.data.push_back({"name", "strategy", "given_away", "rounding", "loss_at_least"});
  double y = box.top + row_height / 2 + 4;
  for (const Slack& row : rows) {
    const int colour = colour_of(row.proof->strategy);
    const std::string said =
        fmt::format("{}: gives away at most {} nats, rounding {}", row.proof->name,
                    scientific(row.given_away, Direction::up), scientific(row.rounding, Direction::up));
    svg.text(box.left - 10, y + 4.5, row.proof->name, {Look::ink, Anchor::end});
    svg.line(box.left, y, box.right, y, Look::grid);
    svg.begin_point(said); // two marks, one stop of the keyboard
    svg.mark(x(drawn(row.rounding)), y, colour, true);
    svg.mark(x(drawn(row.given_away)), y, colour);
    svg.end_point(16, static_cast<double>(height) - 8, said);
    figure.data.push_back({csv_text(row.proof->name), csv_text(row.proof->strategy), exact_decimal(row.given_away),
                           exact_decimal(row.rounding), comparison.lower ? comparison.lower->bound : ""});
    y += row_height;
  }
  const double legend = box.bottom + 60;
  svg.mark(box.left, legend, series_colours - 1);
  svg.text(box.left + 12, legend + 4.5, "given away to noise", {Look::soft});
  svg.mark(box.left + 190, legend, series_colours - 1, true);
  svg.text(box.left + 202, legend + 4.5, "rounding", {Look::soft});
  figure.svg = std::move(svg).finish();
  return figure;
}

} // namespace proofmark
