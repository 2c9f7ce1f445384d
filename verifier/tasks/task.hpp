// A task: a finite set of inputs, all equally likely, and a label for each (schema/FORMAT.md, section 4).
#pragma once

#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"
#include "tasks/labels.hpp"

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
  std::uint64_t parameter = 0;          // of the function; 0: it has none
  std::vector<std::uint64_t> positions; // that the function reads, in this order; empty: all
  std::optional<Tensor> table;          // [N]
  bool operator==(const Label&) const = default;
};

struct Task {
  std::vector<TokenRange> ranges; // of each position; empty: a list
  std::optional<Tensor> list;     // [N x n], in any order
  Label label;

  std::uint64_t positions() const; // n
  mpz_class inputs() const;        // N
  bool operator==(const Task&) const = default;
};

// Fails with limit-context, task-inputs, task-label, task-unknown, or as the reading of tensors does.
Task read_task(const JsonView&);

// Every token is below the number of those of its position, and every label, as far as ranges tell, below `classes`; fails with
// task-inputs, task-label, label-range. `pointer` is where the task is.
void require_fitting(const Task&, const std::vector<std::uint64_t>& tokens, std::uint64_t classes,
                     const std::string& pointer);

// Every input has tokens 0 .. V-1 in every position, and its label is the largest: what rules for ranges of labels are about.
bool is_max_of(const Task&, std::uint64_t vocabulary);

// Inputs: tokens by position, and labels.
struct SomeInputs {
  std::vector<std::vector<std::uint32_t>> tokens; // [n] of [count]
  std::vector<std::uint32_t> labels;              // [count]
};
// Those with the indices from .. from + count - 1, and those with these indices. Fails with task-label, label-range.
SomeInputs inputs_from(const Task&, const mpz_class& from, std::size_t count, std::uint64_t classes);
SomeInputs inputs_at(const Task&, const std::vector<mpz_class>& indices, std::uint64_t classes);

std::string in_words(const Task&);  // "2 x [0, 2048); label max"
std::string in_words(const Label&); // "the sum modulo 113 of those at 0, 1"

} // namespace verifier
