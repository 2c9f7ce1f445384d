// Inputs in batches: combinatorics on integers, no number of the model.
//
// A row is the tokens (t_2, .., t_n); an input is a token t_1 before a row.
#pragma once

#include "rules/token_sum/problem.hpp"

namespace verifier::rules::token_sum {

// Input i is (first[i], row[i]), has the label label[i] and stands for times[kind[i]] inputs of its batch.
struct Inputs {
  std::vector<Index> first, row, label, kind;
  std::size_t size() const { return first.size(); }
};

inline constexpr std::size_t most_rows = 48,
                             most_inputs = std::size_t{1} << 17; // of a batch, if it has more than one row

struct Batch {
  std::vector<std::vector<Token>> tokens; // [n-1] of [rows]: t_2, .., t_n
  std::vector<Token> labels;              // [rows], of all inputs of a row
  Inputs inputs;                          // row after row, each in ascending order of t_1
  std::vector<Integer> times;
  Multiplicities multiplicities(const Inputs& some) const { return {some.kind, times}; }
};

// The inputs t_1 <= .. <= t_n with t_n a label, each for all of its orderings. Rows come in ascending order of t_2, so that
// those of a batch have inputs in common lengths.
class SortedInputs : public Batch {
public:
  SortedInputs(Labels labels, std::size_t context);
  bool next(); // the next batch; false if there is none

private:
  Labels labels_;
  std::vector<Token> row_;
  bool more_;
};

// All inputs, each for itself: label by label, those whose largest token is the label.
class AllInputs : public Batch {
public:
  AllInputs(Labels labels, std::size_t context);
  bool next();

private:
  Labels labels_; // that are left
  std::vector<Token> row_;
};

} // namespace verifier::rules::token_sum
