// The functions of an input's tokens that say its label (schema/FORMAT.md, section 4), one a file. One line here, one in
// labels.cpp; which proofs hold for it, strategies say.
#pragma once

#include "numbers/interval.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

using Token = std::uint32_t;

// The inputs with labels in [from, to), of context length n over V tokens.
struct LabelRange {
  std::uint64_t from = 0, to = 0;
};

// A number that a function needs beside the tokens.
struct LabelParameter {
  std::string_view name; // "modulus", as certificates have it; empty: there is none
  std::uint64_t least = 0, most = 0;
};

// Below, a_0 .. a_(k-1) are the tokens that are read.
struct Labels {
  std::string_view name;         // "max", as certificates have it
  std::string_view in_words;     // "the largest of the tokens"; {} is the parameter
  std::string_view formula;      // for people
  std::string_view undefined;    // of which inputs it is not defined, after "which"; empty: it is, of all
  std::string_view example;      // "sum-modulo:5", as a command line has it
  std::vector<Token> of_example; // some tokens
  LabelParameter parameter = {};
  std::uint64_t least_tokens = 1, most_tokens = 64; // k

  // Nothing where it is not defined.
  std::optional<std::uint64_t> (*of)(std::span<const Token> tokens, std::uint64_t parameter);

  // Over a product of ranges with these largest tokens: no label is larger, and the function is defined unless it depends on more than
  // that; nothing where it is not. As the verifier has it.
  std::optional<std::uint64_t> (*most)(std::span<const Token> largest, std::uint64_t parameter);

  // How many inputs there are, over all of V tokens at each of n positions; null where no strategy asks.
  Integer (*inputs)(std::uint64_t context, LabelRange) = nullptr;
};

extern const Labels max_labels, min_labels, sum_modulo_labels, symmetric_group_labels, balanced_brackets_labels,
    induction_labels, longest_cycle_labels;

std::span<const Labels* const> all_labels();
std::vector<std::string> label_names();
const Labels* labels_named(std::string_view);                      // null when there are none of that name
std::string in_words(const Labels&, const std::string& parameter); // with it in its place

} // namespace proofmark
