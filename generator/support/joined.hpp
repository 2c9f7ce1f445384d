// Whole numbers one after the other, as text. (fmt::join of them warns in g++ 12 with -O3.)
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

template <class Numbers>
std::string joined(const Numbers& numbers, std::string_view between) {
  std::string text;
  for (const auto& number : numbers) {
    if (!text.empty()) text += between;
    text += std::to_string(number);
  }
  return text;
}

} // namespace proofmark
