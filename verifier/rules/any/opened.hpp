// Classes of single inputs whose logits a rule evaluates, in place of bounding them: the witness lists them
// (docs/rules/any/README.md, "Opened classes").
#pragma once

#include "kernel/total.hpp"

#include <span>
#include <utility>
#include <vector>

namespace verifier::rules::any {

using OpenedClass = std::pair<kernel::Index, kernel::Index>; // the index of an input, a class

struct Opened {
  std::vector<OpenedClass> pairs; // in ascending order

  std::span<const OpenedClass> of_input(const kernel::Integer& index) const;
};

// Entries of a tensor with a row for each input and a column for each class.
struct Entries {
  std::vector<kernel::Index> rows, columns;
  void add(const Entries& more);
};
// Of inputs with these indices and labels: their opened classes other than the label.
Entries opened_of(const Opened&, std::span<const kernel::Integer> indices, std::span<const kernel::Index> labels);

} // namespace verifier::rules::any
