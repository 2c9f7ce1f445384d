// The colours of heat maps: viridis, which reads the same to colour-blind eyes and on paper without colour.
#pragma once

#include <string>

namespace proofmark {

constexpr int heat_levels = 48;

std::string heat(int level); // "#440154" for 0 to "#fde725" for the last

} // namespace proofmark
