// The inputs of one label with one query, for enumeration@1: what an engine finds for each of them.
#pragma once

#include "fixed_outputs.hpp"
#include "loss_sum.hpp"
#include "tables.hpp"

#include <cstdint>
#include <memory>

namespace verifier::attention_only {

// What was found so far.
struct InputsSum {
  explicit InputsSum(const MarginExponentials& exponentials) : in_integers(exponentials) {}
  LossSum in_integers;
  Interval by_intervals; // the losses of the other inputs
  std::uint64_t correct = 0, undecided = 0;
};

// The inputs with label m and query q. Their free slots are filled one after the other: a stack of tokens <= m.
class Inputs {
public:
  virtual ~Inputs() = default;
  virtual void push(Token) = 0;
  virtual void pop() = 0;
  // With all free slots but the last on the stack: the inputs whose last free slot holds first .. last-1.
  virtual void close_row(Token first, Token last, InputsSum&) = 0;
  // With all free slots on the stack.
  virtual void close(InputsSum&) = 0;
};

// Every operation one MPFR call.
std::unique_ptr<Inputs> make_reference_inputs(const Tables&, Token m, Token q);
// In integers; an input that they cannot decide well as the reference does.
std::unique_ptr<Inputs> make_exact_inputs(const Tables&, const FixedOutputs&, Token m, Token q);

} // namespace verifier::attention_only
