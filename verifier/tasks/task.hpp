// A task: a finite set of inputs, all equally likely, and a label for each (schema/FORMAT.md, section 4).
#pragma once

#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verifier {

struct TokenRange {
  std::uint64_t from, to; // from .. to-1
  bool operator==(const TokenRange&) const = default;
};

struct Label {                          // of an input: by name, or by table
  std::string name;                     // "max"; empty: by table
  std::vector<std::uint64_t> positions; // that the function reads, in this order; empty: all
  std::optional<Tensor> table;          // [N]
  bool operator==(const Label&) const = default;
};

struct Task {
  std::vector<TokenRange> ranges; // of each position; empty: a list
  std::optional<Tensor> list;     // [N x n], rows strictly increasing
  Label label;

  std::uint64_t positions() const; // n
  mpz_class inputs() const;        // N
  bool operator==(const Task&) const = default;
};

// Fails with limit-context, task-inputs, task-label, task-unknown, or as the reading of tensors does.
Task read_task(const JsonView&);

// Every token is below `tokens` and every label below `classes`; fails with task-inputs, label-range. `pointer` is where the
// task is.
void require_fitting(const Task&, std::uint64_t tokens, std::uint64_t classes, const std::string& pointer);

// Every input has tokens 0 .. V-1 in every position, and its label is the largest: what today's rules are about.
bool is_max_of(const Task&, std::uint64_t vocabulary);

// "2 x [0, 2048); label max".
std::string in_words(const Task&);

} // namespace verifier
