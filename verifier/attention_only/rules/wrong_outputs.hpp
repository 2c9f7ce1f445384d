// What queries, tokens and positions add to wrong outputs relative to a label, from above.
#pragma once

#include "../../meter.hpp"
#include "../tables.hpp"

#include <vector>

namespace verifier::attention_only {

class WrongOutputs {
public:
  // Charges for π and P*: n W additions, (n-1) W comparisons, W = V-1.
  WrongOutputs(const Tables&, Token m, Meter&);

  // Each charges nothing; x is at least what it names. w != m.
  void query(Token q, Token w, Real& x) const;          // u[q,w]
  void token(Token t, Token w, Real& x) const;          // v[t,w]
  void position(std::size_t p, Token w, Real& x) const; // π[p,w]
  const Real& highest_position(Token w) const;          // P*[w]
  void value(Token t, Token w, Real& x) const;          // v[t,w] + P*[w]
  void largest_query(Token q, Real& x) const;           // max_w u[q,w], by the tops
  void largest_token(Token t, Real& x) const;           // max_w v[t,w], by the tops
  void largest_value(Token t, Real& x) const;           // max_w (v[t,w] + P*[w])
  void largest_position(Real& x) const;                 // max_w P*[w]

  // Whether the input with query q and the label in all free slots is shown correct: every w, the π of each slot. Charges.
  bool is_label_alone_correct(Token q, Meter&) const;

private:
  template <class Use>
  void for_each_wrong(Use use) const {
    for (Token w = 0; w < tables_.vocabulary; ++w)
      if (w != m_) use(w);
  }

  const Tables& tables_;
  Token m_;
  std::vector<Real> highest_; // [V] P*; of the label, 0
};

} // namespace verifier::attention_only
