// A table that convexity@1 needs when n = 2: Q_a = sum_k A[a,k]² = Z(a, a), its logarithm, and the sums below
// each label.
#pragma once

#include "tables.hpp"

namespace verifier::token_sum {

struct SelfProducts {
  std::vector<Interval> log;       // ln Q_a [V]
  std::vector<Interval> log_below; // sum_{a<y} ln Q_a [V]
};

SelfProducts make_self_products(const Tables&, std::size_t vocabulary, unsigned threads);

} // namespace verifier::token_sum
