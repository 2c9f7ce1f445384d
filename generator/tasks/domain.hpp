// The inputs of a task (schema/FORMAT.md, section 4): a product of ranges of tokens, or a list. Each has an index: its rank in
// lexicographic order, or its row.
#pragma once

#include "tasks/labels.hpp"

namespace proofmark {

struct TokenRange {
  std::uint64_t from = 0, to = 0;
  bool operator==(const TokenRange&) const = default;
};

struct Domain {
  std::uint64_t positions = 0;    // n
  std::vector<TokenRange> ranges; // one a position; none: the inputs are listed
  std::vector<Token> list = {};   // [N x n]

  bool is_product() const { return !ranges.empty(); }
  bool operator==(const Domain&) const = default;
};

Domain whole_vocabulary(std::uint64_t positions, std::uint64_t tokens); // every token at every position

Integer size_of(const Domain&);                                           // N
void input_at(const Domain&, std::uint64_t index, std::span<Token> into); // its n tokens
Token largest_token(const Domain&, std::uint64_t position);

// V where the inputs are all those of V tokens at every position; nothing where they are others.
std::optional<std::uint64_t> vocabulary_of(const Domain&);

// How many inputs are listed again after they were there.
std::uint64_t repeated_inputs(const Domain&);

std::string text(const Domain&);     // "0..113,0..113,113", as a command line has it; of a list "5040 listed inputs"
std::string in_words(const Domain&); // "all 12769 inputs of 3 tokens, 0..113,0..113,113"

} // namespace proofmark
