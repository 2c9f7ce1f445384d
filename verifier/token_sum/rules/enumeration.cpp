// enumeration@1: brute force, with shared exponentials.
//
// Theorem. loss(t) = ln Z(t) + sum_i D[t_i, y(t)], so over the inputs with label y
//   sum loss = ln prod_t Z(t) + c_1 · sum_{a<y} D[a,y] + c_2 · D[y,y].
// Demands: none. Proof, computation and operations: docs/rules/enumeration.md.
#include "rules.hpp"

namespace verifier::token_sum {
namespace {

// The inputs with t_j = y, tokens < y before position j and <= y after it: y stands at j for the first time.
class FirstAt {
public:
  FirstAt(const Problem& problem, Rows& rows, Token y, std::uint64_t j, Established& result, Interval& product,
          Meter& meter)
      : problem_(problem), rows_(rows), y_(y), j_(j), result_(result), product_(product), meter_(meter) {}

  // Chooses the token at the i-th of the other positions, i from 1 to n - 1. The last of them is the row.
  void walk(std::uint64_t i) {
    const Token choices = i < j_ ? y_ : y_ + 1;
    if (i == problem_.task.context - 1) return close_row(choices);
    for (Token a = 0; a < choices; ++a) {
      charge_extension(problem_, meter_);
      rows_.push(a);
      walk(i + 1);
      rows_.pop();
    }
  }

private:
  void close_row(Token choices) {
    charge_inputs(problem_, choices, meter_);
    meter_.operations.mul += 2 * std::uint64_t{choices};
    meter_.checkpoint();
    const Row row = rows_.row(0, choices, y_, problem_.correct);
    multiply_nonnegative(product_, row.product);
    result_.correct += row.correct;
    result_.undecided += row.undecided;
  }

  const Problem& problem_;
  Rows& rows_;
  Token y_;
  std::uint64_t j_;
  Established& result_;
  Interval& product_;
  Meter& meter_;
};

} // namespace

Established enumeration(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  const std::uint64_t n = problem.task.context;
  Established result;
  Interval product = exactly(1);
  if (n == 1) {
    charge_inputs(problem, 1, meter);
    meter.operations.mul += 2;
    meter.checkpoint();
    const Row row = rows.row(y, y + 1, y, problem.correct);
    multiply_nonnegative(product, row.product);
    result.correct += row.correct;
    result.undecided += row.undecided;
  } else {
    rows.push(y);
    for (std::uint64_t j = 1; j <= n; ++j) FirstAt(problem, rows, y, j, result, product, meter).walk(1);
    rows.pop();
  }
  result.upper = log(product);
  meter.operations.log += 2;
  add_label_term(problem, y, Ends::both, result.upper, meter);
  charge_sum_of_step(Ends::both, meter);
  result.lower = result.upper;
  return result;
}

} // namespace verifier::token_sum
