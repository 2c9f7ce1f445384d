// W_p = r_(x_p) b_p, both ends, of the slots of inputs with one label and one query.
#pragma once

#include "tables.hpp"

#include <vector>

namespace verifier::attention_only {

class SlotWeights {
public:
  // m: the label, q: the query, n: the context; q <= m.
  SlotWeights(const Tables&, Token m, Token q);

  // Of token t <= m in the free slot p < n-1; for n = 2 and q < m, of token m only, which is the only one there.
  const Interval& free(std::size_t p, Token t) const { return free_[p * tokens_ + (t - first_)]; }
  const Interval& query() const { return query_; }

  Token first() const { return first_; } // the smallest token that a free slot may hold
  const std::vector<Interval>& all_free() const { return free_; }

private:
  Token first_;
  std::size_t tokens_;
  std::vector<Interval> free_; // [n-1 x (m + 1 - first)]
  Interval query_;
};

} // namespace verifier::attention_only
