// The rules of the family "attention-only". Each closes the inputs of one label m: theorem, computation and count stand in
// its file, the proof in docs/rules/attention/<name>.md. All of them for V >= 2: with one token nothing is left to show.
#pragma once

#include "../../check.hpp"
#include "../../counts.hpp"
#include "../../meter.hpp"
#include "../fixed_outputs.hpp"
#include "../margin_exponentials.hpp"
#include "../tables.hpp"
#include "../witnesses.hpp"

namespace verifier::attention_only {

// What a rule works on.
struct Problem {
  const Tables& tables;
  const Witnesses& witnesses;
  const FixedOutputs* outputs; // for enumeration@1; null: by the reference
  const MarginExponentials& exponentials;
  bool correct; // the steps state how many inputs are correct
};

Established band(const Problem&, Token m, Meter&);
Established cubic(const Problem&, Token m, Meter&);
Established enumeration(const Problem&, Token m, Meter&);
Established near_far(const Problem&, Token m, Meter&);
Established placements(const Problem&, Token m, Meter&);
Established soft_near_far(const Problem&, Token m, Meter&);
Established subcubic(const Problem&, Token m, Meter&);

// (m+1)^n - m^n.
mpz_class number_of_inputs(const Problem&, Token m);

// The first query with inputs of label m: all q <= m, but for n = 1 the label alone.
Token first_query(const Problem&, Token m);

// What a rule that shows `correct` inputs, and nothing of the loss, establishes: S <= inputs · (ln V + max(0, margin)), for
// a `margin` that no u[q,w] + v[t,w] + π[p,w] exceeds (L10). Charges for the logarithm, an addition, the product and the
// step's sum; inputs that were not shown correct are undecided.
Established counted(const Problem&, Token m, mpz_class correct, const Real& margin, Meter&);

// By a Rule that is made for a label, counts the correct inputs of each query, and then has that margin.
template <class Rule>
Established counted_by_query(const Problem& problem, Token m, Meter& meter) {
  Rule rule(problem, m, meter);
  mpz_class correct = 0;
  for (Token q = first_query(problem, m); q <= m; ++q) correct += rule.count(q);
  return counted(problem, m, std::move(correct), rule.margin(), meter);
}

// Of bounds whose outer ends are known only: how far the rule's exact bounds could be from them, at most 2^-20 relatively.
// docs/numerics.md, section 7.5.
void set_inner_ends(Established&);

} // namespace verifier::attention_only
