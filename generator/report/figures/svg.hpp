// Pictures as SVG, written by hand so that they need no script: they print, work from disk, and can be read aloud.
//
// Every element carries its own colours, for a light page, so that a picture stands by itself and every program can
// draw it. It also carries a class, by which the page's style sheet (page_style.cpp) puts the colours of a theme in
// their place.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

// How an element looks. Colours of series are told apart also with colour-blind eyes, and by the shapes of marks.
enum class Look { paper, ink, soft, grid, axis, shade, guide };
constexpr int series_colours = 7;

enum class Anchor { start, middle, end };

struct TextStyle {
  Look look = Look::ink;
  Anchor anchor = Anchor::start;
  bool upright = false; // turned by 90 degrees, to be read from the right
  bool bold = false;
};

class Svg {
public:
  // `name` begins all identifiers and is unique in a page; title and description are read aloud. `interactive`: parts
  // of it can be focused.
  Svg(std::string_view name, std::string_view title, std::string_view description, int width, int height,
      bool interactive = false);

  void rectangle(double x, double y, double width, double height, Look);
  void line(double x1, double y1, double x2, double y2, Look);
  void text(double x, double y, std::string_view, const TextStyle& = {});
  void path(std::string_view d, Look);
  void curve(std::string_view d, int colour);                     // a line of a series
  void area(std::string_view d, int colour);                      // a tinted region of a series
  void mark(double x, double y, int colour, bool hollow = false); // each colour has its own shape
  void ring(double x, double y, int colour);                      // around where a mark may stand: it hides none
  void cells(std::string_view d, std::string_view colour);        // of a heat map: the same in every theme

  // A part that can be hovered or focused and then shows `readout` at (x, y); both are read aloud as one.
  void begin_point(std::string_view spoken);
  void end_point(double x, double y, std::string_view readout);

  std::string finish() &&;

private:
  std::string text_;
};

// About the width of text in pixels, to keep labels apart.
double text_width(std::string_view);

std::string pixels(double); // "12.5": at most two digits after the point

} // namespace proofmark
