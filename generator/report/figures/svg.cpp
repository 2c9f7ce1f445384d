#include "report/figures/svg.hpp"

#include "report/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

const char* look(Look look) {
  switch (look) {
  case Look::paper:
    return R"(class="paper" fill="#ffffff")";
  case Look::ink:
    return R"(class="ink" fill="#1b1f24")";
  case Look::soft:
    return R"(class="soft" fill="#4d5761")";
  case Look::grid:
    return R"(class="grid" fill="none" stroke="#d0d6dd" stroke-width="1")";
  case Look::axis:
    return R"(class="axis" fill="none" stroke="#66707a" stroke-width="1")";
  case Look::shade:
    return R"(class="shade" fill="#e6e9ee")";
  case Look::guide:
    return R"(class="guide" fill="none" stroke="#4d5761" stroke-width="1.5" stroke-dasharray="6 4")";
  }
  return "";
}

constexpr std::array<const char*, series_colours> colours = {"#1b1f24", "#0068a8", "#b84a00", "#00704f",
                                                             "#a03a8c", "#7a5700", "#5a6570"};

std::string shape(int colour, double x, double y) {
  const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
    std::string d;
    for (const auto& [dx, dy] : corners)
      d += fmt::format("{}{} {}", d.empty() ? "M" : "L", pixels(x + dx), pixels(y + dy));
    return d + "Z";
  };
  switch (colour) {
  case 0:
    return polygon({{-5, -5}, {5, -5}, {5, 5}, {-5, 5}}); // square
  case 2:
    return polygon({{0, -6.5}, {6.5, 5}, {-6.5, 5}}); // triangle
  case 3:
    return polygon({{0, -7}, {7, 0}, {0, 7}, {-7, 0}}); // diamond
  case 4:
    return polygon({{0, 6.5}, {6.5, -5}, {-6.5, -5}}); // triangle, pointing down
  case 5:
    return polygon({{-2, -6},
                    {2, -6},
                    {2, -2},
                    {6, -2},
                    {6, 2},
                    {2, 2},
                    {2, 6},
                    {-2, 6},
                    {-2, 2},
                    {-6, 2},
                    {-6, -2},
                    {-2, -2}}); // cross
  default:
    return fmt::format("M{} {}a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z", pixels(x - 5.5), pixels(y)); // circle
  }
}

} // namespace

Svg::Svg(std::string_view name, std::string_view title, std::string_view description, int width, int height,
         bool interactive) {
  text_ = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" )"
                      R"(role="{2}" aria-labelledby="{3}-title {3}-desc" )"
                      R"(font-family="'DejaVu Sans', Verdana, sans-serif" font-size="13">)"
                      "\n<title id=\"{3}-title\">{4}</title>\n<desc id=\"{3}-desc\">{5}</desc>\n",
                      width, height, interactive ? "group" : "img", html(name), html(title), html(description));
  rectangle(0, 0, width, height, Look::paper);
}

void Svg::rectangle(double x, double y, double width, double height, Look how) {
  text_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}/>\n", pixels(x), pixels(y), pixels(width),
                       pixels(height), look(how));
}

void Svg::line(double x1, double y1, double x2, double y2, Look how) {
  path(fmt::format("M{} {}L{} {}", pixels(x1), pixels(y1), pixels(x2), pixels(y2)), how);
}

void Svg::text(double x, double y, std::string_view text, const TextStyle& style) {
  const char* const anchor = style.anchor == Anchor::start    ? ""
                             : style.anchor == Anchor::middle ? " text-anchor=\"middle\""
                                                              : " text-anchor=\"end\"";
  const std::string turn =
      style.upright ? fmt::format(" transform=\"rotate(-90 {} {})\"", pixels(x), pixels(y)) : std::string();
  text_ += fmt::format("<text x=\"{}\" y=\"{}\" {}{}{}{}>{}</text>\n", pixels(x), pixels(y), look(style.look), anchor,
                       style.bold ? " font-weight=\"bold\"" : "", turn, html(text));
}

void Svg::path(std::string_view d, Look how) {
  text_ += fmt::format("<path d=\"{}\" {}/>\n", d, look(how));
}

void Svg::curve(std::string_view d, int colour) {
  text_ += fmt::format("<path d=\"{}\" class=\"curve c{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" "
                       "stroke-linejoin=\"round\"/>\n",
                       d, colour, colours[static_cast<std::size_t>(colour)]);
}

void Svg::area(std::string_view d, int colour) {
  text_ += fmt::format("<path d=\"{}\" class=\"area c{}\" fill=\"{}\" fill-opacity=\"0.2\"/>\n", d, colour,
                       colours[static_cast<std::size_t>(colour)]);
}

void Svg::mark(double x, double y, int colour, bool hollow) {
  const char* const hex = colours[static_cast<std::size_t>(colour)];
  text_ += fmt::format("<path d=\"{}\" class=\"{} c{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                       shape(colour, x, y), hollow ? "hollow" : "mark", colour, hollow ? "#ffffff" : hex,
                       hollow ? hex : "#ffffff", hollow ? 2 : 1);
}

void Svg::ring(double x, double y, int colour) {
  text_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"8\" class=\"ring c{}\" fill=\"none\" stroke=\"{}\" "
                       "stroke-width=\"2\" pointer-events=\"all\"/>\n",
                       pixels(x), pixels(y), colour, colours[static_cast<std::size_t>(colour)]);
}

void Svg::cells(std::string_view d, std::string_view colour) {
  text_ += fmt::format("<path d=\"{}\" fill=\"{}\" shape-rendering=\"crispEdges\"/>\n", d, colour);
}

void Svg::begin_point(std::string_view spoken) {
  text_ += fmt::format("<g class=\"point\" tabindex=\"0\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>\n",
                       html(spoken));
}

void Svg::end_point(double x, double y, std::string_view readout) {
  text_ += fmt::format(
      "<text x=\"{}\" y=\"{}\" class=\"ink readout\" fill=\"#1b1f24\" visibility=\"hidden\">{}</text></g>\n", pixels(x),
      pixels(y), html(readout));
}

std::string Svg::finish() && {
  return std::move(text_) + "</svg>\n";
}

double text_width(std::string_view text) {
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return 7.9 * static_cast<double>(characters);
}

std::string pixels(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

} // namespace proofmark
