// What checking enumeration@1 takes of a described network: the program of docs/rules/any/enumeration.md on shapes.
#pragma once

#include "enumeration/forward.hpp"

#include <map>

namespace proofmark::enumeration {

inline constexpr std::uint64_t batch_size = 1024; // a batch is the inputs [1024 i, 1024 (i+1))

struct Compared { // what steps state beside the loss
  bool correct = true, margin = true;
};

struct BatchLength {
  std::map<PositionSet, Operations> of_row; // of each row of the set
  Operations of_input, once;
  PositionSet logits = 0;     // the set that they depend on
  Operations of_copied_input; // where that has not as many rows as there are inputs
};

BatchLength batch_length(const networks::Network&, Compared);

// Lines 4 to 6 of the rule, of the largest differences of some inputs, and without the number 0.
void margins(const lengths::Tensor& largest, Compared);

// Of the steps of a certificate.
class Length {
public:
  Length(const networks::Network&, const Domain&, Compared);

  Integer tables() const { return tables_; }
  Integer step(std::uint64_t from, std::uint64_t to) const;  // exactly
  Integer about(std::uint64_t from, std::uint64_t to) const; // of many inputs by some of their batches; of few exactly

private:
  Integer batch(std::uint64_t from, std::uint64_t to) const;

  const Domain& domain_;
  Integer tables_;
  std::vector<PositionSet> sets_;
  std::vector<std::uint64_t> of_row_; // of each set
  std::uint64_t of_input_ = 0, once_ = 0, of_copied_input_ = 0;
  std::size_t logits_ = 0; // among the sets
};

// The same with every value computed for every input: what shares of a budget are of.
Integer unshared_length(const networks::Network&, const Integer& inputs, Compared = {});

} // namespace proofmark::enumeration
