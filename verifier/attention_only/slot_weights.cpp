#include "slot_weights.hpp"

namespace verifier::attention_only {

SlotWeights::SlotWeights(const Tables& tables, Token m, Token q)
    : first_(tables.context == 2 && q < m ? m : 0), tokens_(m + 1 - first_), free_((tables.context - 1) * tokens_) {
  for (Token t = first_; t <= m; ++t) {
    const Interval r = tables.weight(q, t, m);
    for (std::size_t p = 0; p + 1 < tables.context; ++p)
      set_product(free_[p * tokens_ + (t - first_)], r, tables.b.at(q, p));
  }
  set_product(query_, tables.weight(q, q, m), tables.b.at(q, tables.context - 1));
}

} // namespace verifier::attention_only
