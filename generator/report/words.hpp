// Sentences and numbers for people: bounds rounded the safe way, counts in groups of three digits.
#pragma once

#include "report/evidence/evidence.hpp"

namespace proofmark {

std::string inputs_in_words(const FiniteTask&);        // "all 4194304 inputs", as proofmark-verify says it
std::string in_words(const Claim&, const FiniteTask&); // likewise
std::string title(const FiniteTask&);                  // "max of 2 tokens out of 64", "sum-modulo:5 of 25 inputs"
std::string in_words(const FiniteTask&); // "from 2 tokens out of 64, drawn uniformly, name the largest of the tokens"
std::string in_words(const Verdict&);    // "proofmark-verify 0.1.0, run for this report"

// A decimal with so many digits after the point, upper bounds rounded up and lower bounds down; "–" for none.
std::string rounded(const std::optional<std::string>& decimal, Side, unsigned places = 9);

// The same with so many significant digits.
std::string brief(const std::string& decimal, Side, unsigned digits = 4);

int colour_of(const std::string& strategy); // of its series in pictures

} // namespace proofmark
