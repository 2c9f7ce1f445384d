#include "rules.hpp"

namespace verifier::token_sum {

void add_label_term(const Problem& problem, Token y, Ends ends, Interval& loss, Meter& meter) {
  const std::uint64_t n = problem.task.context, labels = std::uint64_t{y} + 1;
  const mpz_class at_most = power(labels, n - 1), below = power(y, n - 1); // n - 1 tokens <= y; all of them < y
  // For n = 1 the other tokens are none: one way to be <= y, and "all of them < y" holds too, so c_1 = 0.
  const mpz_class c_1 = n * (at_most - below), c_2 = n * at_most;
  add(loss, problem.tables.label_term(y, c_1, c_2));
  meter.operations.add += y; // sum_{a<y} D[a,y], from 0
  meter.operations.mul += 2;
  meter.operations.add += 1;
  meter.operations.add += ends == Ends::both ? 2 : 1;
}

void charge_sum_of_step(Ends ends, Meter& meter) {
  meter.operations.add += ends == Ends::both ? 2 : 1;
}

mpz_class number_of_inputs(const Problem& problem, LabelRange labels) {
  return power(labels.to, problem.task.context) - power(labels.from, problem.task.context);
}

void charge_inputs(const Problem& problem, std::uint64_t count, Meter& meter) {
  const std::uint64_t n = problem.task.context, V = problem.task.vocabulary;
  if (n > 1) meter.operations.mul += 2 * V * count;
  meter.operations.add += 2 * (V - 1) * count;
  if (problem.correct) {
    if (n > 1) meter.operations.add += V * count;
    meter.operations.compare += (V - 1) * count;
  }
}

void charge_extension(const Problem& problem, Meter& meter) {
  meter.operations.mul += 2 * problem.task.vocabulary;
  if (problem.correct) meter.operations.add += problem.task.vocabulary;
}

} // namespace verifier::token_sum
