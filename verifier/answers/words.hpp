// A checked certificate in words: claims, theorem, assumptions. Nothing here decides anything.
#pragma once

#include "reading/certificate.hpp"

#include <string>

namespace verifier {

// "the mean cross-entropy over all 4194304 inputs is at most 0.2342 nats"
std::string in_words(const Claim&, const Task&);
// "from 2 tokens out of 2048, drawn uniformly, name the largest"
std::string task_in_words(const Task&);
// What the description means: "2 tokens of 2048, summed; no nonlinearity, no normalisation"
std::string function_in_words(const Outline&);
std::string explanation(const Certificate&); // the answer to --explain
std::string trust_statement();               // the answer to --trust
std::string rules_used(const Outline&);      // "64 x symmetry@1"
std::string versions();                      // program and libraries

} // namespace verifier
