// symmetry@1: each multiset of tokens once.
//
// Theorem. The loss ignores the order of the tokens. The sorted inputs (a, t_2 <= .. <= t_n = y) with a <= t_2 form a
// row. With r entries equal to t_2 among t_2 .. t_n and w = n! / ((r+1)! · prod of the other multiplicities!), the row
// contributes
//   w · ln( (prod_{a<t_2} Z(a, t_2, .., t_n))^(r+1) · Z(t_2, t_2, .., t_n) ).
// Demands: none. Proof, computation and operations: docs/rules/symmetry.md.
#include "rules.hpp"

namespace verifier::token_sum {
namespace {

mpz_class factorial(std::uint64_t n) {
  mpz_class result;
  mpz_fac_ui(result.get_mpz_t(), n);
  return result;
}

class SortedInputs {
public:
  SortedInputs(const Problem& problem, Rows& rows, Token y, Established& result, Meter& meter)
      : problem_(problem), rows_(rows), y_(y), result_(result), meter_(meter) {}

  // The tokens t_n, t_(n-1), .., t_i are chosen, not increasing; t_i = smallest, and the last `run` of them
  // equal it. `others` is the product of the factorials of the multiplicities of the larger tokens.
  void walk(std::uint64_t i, Token smallest, std::uint64_t run, const mpz_class& others) {
    if (i == 2) return close_row(smallest, run, others);
    for (Token a = 0; a <= smallest; ++a) {
      charge_extension(problem_, meter_);
      rows_.push(a);
      if (a == smallest)
        walk(i - 1, a, run + 1, others);
      else
        walk(i - 1, a, 1, others * factorial(run));
      rows_.pop();
    }
  }

private:
  void close_row(Token t_2, std::uint64_t run, const mpz_class& others) {
    const std::uint64_t inputs = std::uint64_t{t_2} + 1;
    charge_inputs(problem_, inputs, meter_);
    meter_.operations.mul += 2 * std::uint64_t{t_2} + 2 * run + 2; // product from 1, power, tie: two ends each
    meter_.operations.log += 2;
    meter_.operations.mul += 2;
    meter_.operations.add += 2;
    meter_.checkpoint();

    const Row below = rows_.row(0, t_2, y_, problem_.correct);
    const Row tie = rows_.row(t_2, t_2 + 1, y_, problem_.correct);
    Interval product = tie.product;
    for (std::uint64_t i = 0; i <= run; ++i) multiply_nonnegative(product, below.product); // (prod Z)^(run+1) · Z
    const mpz_class weight =
        factorial(problem_.task.context) / (factorial(run + 1) * others); // exact: a multinomial coefficient
    Interval row = log(product);
    multiply_any(row, weight);
    add(result_.bound, row);
    const mpz_class strict = weight * (run + 1);
    result_.correct += strict * below.correct + weight * tie.correct;
    result_.undecided += strict * below.undecided + weight * tie.undecided;
  }

  const Problem& problem_;
  Rows& rows_;
  Token y_;
  Established& result_;
  Meter& meter_;
};

} // namespace

Established symmetry(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  const std::uint64_t n = problem.task.context;
  if (n == 1) return enumeration(problem, rows, y, meter); // the two rules coincide
  Established result;
  rows.push(y);
  SortedInputs(problem, rows, y, result, meter).walk(n, y, 1, 1);
  rows.pop();
  add_label_term(problem, y, Ends::both, result.bound, meter);
  return result;
}

} // namespace verifier::token_sum
