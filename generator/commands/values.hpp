// What options take: a word out of a few, a whole number of a range.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class Option;
class Validator;
} // namespace CLI

namespace proofmark {

// For Option::check(): another word is an Error (usage), with the word that may have been meant or all there are.
// `kind` and `kinds` name them in the message. --help, the man page and the completions list the words.
CLI::Validator one_of(const std::string& kind, const std::string& kinds, const std::vector<std::string>& words);

CLI::Validator whole_number(std::uint64_t from, std::uint64_t to); // both inclusive

// The words of an option with such a check, in their order; empty for every other option.
std::vector<std::string> choices(CLI::Option&);

} // namespace proofmark
