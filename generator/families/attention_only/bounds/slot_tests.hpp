// What near-far@1 and band@1 try about the inputs of one label: tests of each column, and how many inputs are correct
// when all columns pass them.
#pragma once

#include "families/attention_only/bounds/columns.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace proofmark::attention_only {

using Passed = std::vector<std::uint8_t>; // of each test, 1 or 0

class SlotTests {
public:
  virtual ~SlotTests() = default;

  virtual Passed passed(const Column&) const = 0;

  // At least so many inputs of the label are correct, when the tests were passed by all columns: exactly, and about.
  virtual Integer correct(const Passed&) const = 0;
  virtual double roughly_correct(const Passed&) const = 0;
};

// The tests of a rule for a label, which outlives them.
using MakeSlotTests = std::unique_ptr<SlotTests> (*)(const Label&, std::uint64_t near);

void require_all(Passed& all, const Passed& also); // logical and, test by test

// What a label has for a query, whatever the column.
struct QueryWeights {
  double own;               // r_q b_(n-1)
  double farthest = 0;      // rho, the largest r of a far token
  std::vector<double> near; // [near]  r of the near tokens
};
std::vector<QueryWeights> query_weights(const Label&, std::uint64_t near); // of queries first_query() .. m

} // namespace proofmark::attention_only
