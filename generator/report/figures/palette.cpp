#include "report/figures/palette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

using Rgb = std::array<int, 3>;

// matplotlib's viridis at multiples of 1/8
constexpr std::array<Rgb, 9> anchors = {{{68, 1, 84},
                                         {71, 45, 123},
                                         {59, 82, 139},
                                         {44, 114, 142},
                                         {33, 145, 140},
                                         {40, 174, 128},
                                         {94, 201, 98},
                                         {173, 220, 48},
                                         {253, 231, 37}}};

} // namespace

std::string heat(int level) {
  const int scaled = level * static_cast<int>(anchors.size() - 1),
            below = std::min<int>(scaled / (heat_levels - 1), anchors.size() - 2);
  const int part = scaled - below * (heat_levels - 1); // of heat_levels - 1
  std::string result = "#";
  for (std::size_t i = 0; i < 3; ++i) {
    const int a = anchors[static_cast<std::size_t>(below)][i], b = anchors[static_cast<std::size_t>(below) + 1][i];
    result += fmt::format("{:02x}", (a * (heat_levels - 1 - part) + b * part) / (heat_levels - 1));
  }
  return result;
}

} // namespace proofmark
