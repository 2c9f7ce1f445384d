// The functions of an input's tokens that say its label (schema/FORMAT.md, section 4), one a file. One line here, one in
// labels.cpp; which proofs hold for it, strategies say.
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace proofmark {

using Token = std::uint32_t;

// The inputs with labels in [from, to), of context length n over V tokens.
struct LabelRange {
  std::uint64_t from = 0, to = 0;
};

struct Labels {
  std::string_view name;     // "max", as certificates have it
  std::string_view in_words; // "the largest": of some tokens
  Token (*of)(std::span<const Token> input);
  Integer (*inputs)(std::uint64_t context, LabelRange); // how many there are
};

extern const Labels max_labels;

const Labels* labels_named(std::string_view); // null when there are none of that name

} // namespace proofmark
