// The functions of tokens that a task may name as its label (schema/FORMAT.md, section 4): one row each in labels.cpp.
#pragma once

#include "reading/limits.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace verifier {

struct LabelFunction {
  using Tokens = std::span<const std::uint64_t>; // those that it reads

  std::string_view name;
  std::string_view words;          // "the largest"
  std::string_view parameter = {}; // its key: from 1 on
  std::uint64_t most_parameter = 0;
  std::size_t least_positions = 1, most_positions = limits::context;
  std::uint64_t (*tokens_below)(std::size_t positions,
                                std::uint64_t parameter) = nullptr;    // not defined beyond; null: on all
  std::optional<std::uint64_t> (*of)(Tokens, std::uint64_t parameter); // nothing: not defined there
  std::uint64_t (*at_most)(Tokens largest, std::uint64_t parameter);   // for all tokens up to these
};

const LabelFunction* find_label_function(std::string_view name); // null if there is none
std::string known_label_functions();                             // for messages

} // namespace verifier
