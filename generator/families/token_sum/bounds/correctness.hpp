// Whether an input is classified correctly and by how much, decided with room for the errors of both programs;
// docs/generator-numerics.md, section 7.
#pragma once

#include "families/token_sum/bounds/products.hpp"

#include <limits>

namespace proofmark {

enum class Verdict { correct, incorrect, undecided };

// The least margin of some inputs: the label's logit less the largest other, in units of the tables' logits.
struct MarginSoFar {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  double exponential = std::numeric_limits<double>::infinity(); // of the least, a little more
};

class Correctness {
public:
  explicit Correctness(const TokenSumTables&);

  // The largest token comes first. By exact sums of logits, compared with the label's.
  Verdict scan(const Tokens& input);

  // The same, mostly without a scan: by Z(t) and prod_i A[t_i,y] as the tables' doubles give them.
  Verdict decide(double z, double label_term, const Tokens& input);

  // Takes the input's margin into account, by a scan or, mostly, without one. Needs two outputs.
  void take(MarginSoFar&, const Tokens& input);
  void take(MarginSoFar&, double z, double label_term, const Tokens& input);

  double lower_end(const MarginSoFar&) const; // of the least margin, with room for the errors of both programs

private:
  std::int64_t margin_of(const Tokens& input);

  std::uint64_t V_;
  DirectSums direct_;
  std::int64_t room_;
  int scale_;
  bool probabilities_decide_;
};

} // namespace proofmark
