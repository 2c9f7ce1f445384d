// The rules of the family "token-sum". Each closes the inputs of one label: theorem, computation and count
// stand in its file, the proof in docs/rules/<name>.md.
#pragma once

#include "../../check.hpp"
#include "../../counts.hpp"
#include "../../meter.hpp"
#include "../tables.hpp"

namespace verifier::token_sum {

struct SelfProducts;
struct HeadTailTables;
struct BlockTables;

// What a rule works on.
struct Problem {
  const Tables& tables;
  const SelfProducts* self_products; // null unless a step uses convexity@1 and n = 2
  const HeadTailTables* head_tail;   // null unless a step uses head-tail@1
  const BlockTables* blocks;         // null unless a step uses block-jensen@1
  Task task;                         // n = context, V = vocabulary
  bool correct;                      // count correct inputs too
};

Established enumeration(const Problem&, Rows&, Token y, Meter&);
Established symmetry(const Problem&, Rows&, Token y, Meter&);
Established convexity(const Problem&, Rows&, Token y, Meter&);
Established head_tail(const Problem&, Rows&, Token y, Meter&);
Established block_jensen(const Problem&, LabelRange block, Meter&);

enum class Ends { upper, both }; // what a rule pays for

// Shared by all: the label terms c_1 · sum_{a<y} D[a,y] + c_2 · D[y,y] of all inputs with label y, added to
// `loss`.
void add_label_term(const Problem&, Token y, Ends, Interval& loss, Meter&);
// Charges for what follows when a unit is closed: its sum is added to the step's.
void charge_sum_of_step(Ends, Meter&);

// Charges for `count` inputs evaluated against a vector that is already there: Z from both ends, and the
// classification.
void charge_inputs(const Problem&, std::uint64_t count, Meter&);
// Charges for one extension of the vector, for the classification's sums too.
void charge_extension(const Problem&, Meter&);

mpz_class number_of_inputs(const Problem&, LabelRange);

} // namespace verifier::token_sum
