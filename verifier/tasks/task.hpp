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

struct Label {                              // of an input: by name, or by table
  std::string name;                         // "max"; empty: by table
  std::vector<std::uint64_t> positions;     // that the function reads; empty: all, in order
  std::optional<Tensor> table;              // [N]
  bool operator==(const Label&) const = default;
};

struct Task {
  std::vector<TokenRange> ranges; // of each position; empty: a list
  std::optional<Tensor> list;     // [N x n]
  Label label;

  std::uint64_t positions() const; // n
  mpz_class inputs() const;        // N
  bool operator==(const Task&) const = default;
};

Task read_task(const JsonView&);
// All tokens are below `tokens` and every label below `classes`; fails with task-range, label-range. `pointer` is where it is.
void require_fitting(const Task&, std::uint64_t tokens, std::uint64_t classes, const std::string& pointer);

// Every input has tokens 0 .. V-1 in every position, and its label is the largest: what today's rules are about.
bool is_max_of(const Task&, std::uint64_t vocabulary);

} // namespace verifier
