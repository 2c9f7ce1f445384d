// Words, or whole numbers, one after the other as text. (fmt::join of numbers warns in g++ 12 with -O3.)
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace proofmark {

template <class List>
std::string joined(const List& list, std::string_view separator) {
  std::string text;
  bool is_first = true;
  for (const auto& item : list) {
    if (!is_first) text += separator;
    is_first = false;
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(item)>>)
      text += std::to_string(item);
    else
      text += item;
  }
  return text;
}

} // namespace proofmark
