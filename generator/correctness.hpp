// Whether an input is classified correctly, decided with room for the errors of both programs;
// docs/generator-numerics.md, section 7.
#pragma once

#include "token_sum_products.hpp"

namespace proofmark {

enum class Verdict { correct, incorrect, undecided };

class Correctness {
public:
  explicit Correctness(const TokenSumTables&);

  // The largest token comes first. By exact sums of logits, compared with the label's.
  Verdict scan(const Tokens& input);

  // The same, mostly without a scan: by Z(t) and prod_i A[t_i,y] as the tables' doubles give them.
  Verdict decide(double z, double label_term, const Tokens& input);

private:
  std::uint64_t V_;
  DirectSums direct_;
  std::int64_t margin_;
  bool probabilities_decide_;
};

} // namespace proofmark
