// enumeration@1: every input.
//
// Theorem. With W_p = r_(x_p) b_p and y_p[w] = u[q,w] + v[x_p,w] + π[p,w], an input x with query q and label m has the
// margins Δ_w = sum_p W_p y_p[w] / sum_p W_p, the loss ln(1 + sum_{w != m} exp Δ_w), and is correct iff every Δ_w < 0 (L1).
// Demands: none. Proof, computation and operations: docs/rules/attention/enumeration.md.
#include "rules.hpp"

#include "../inputs.hpp"

namespace verifier::attention_only {
namespace {

// The inputs with one query: a walk over the tokens of the free slots.
class Walk {
public:
  Walk(const Problem& problem, Token m, bool label_is_query, Inputs& inputs, InputsSum& sum, Meter& meter)
      : problem_(problem), m_(m), inputs_(inputs), sum_(sum), meter_(meter), label_is_query_(label_is_query) {}

  void run() {
    if (problem_.tables.context == 1) {
      charge_inputs(1);
      meter_.checkpoint();
      inputs_.close(sum_);
    } else {
      descend(0, label_is_query_);
    }
  }

private:
  // `filled` free slots are, and whether the label is in one of them or the query.
  void descend(std::size_t filled, bool has_label) {
    const std::uint64_t V = problem_.tables.vocabulary;
    if (filled + 2 == problem_.tables.context) {
      const Token first = has_label ? 0 : m_;
      const std::uint64_t count = m_ + 1 - first;
      meter_.operations.add += 2 * V * count; // the last slot's sums
      charge_inputs(count);
      meter_.checkpoint();
      inputs_.close_row(first, m_ + 1, sum_);
      return;
    }
    for (Token t = 0; t <= m_; ++t) {
      meter_.operations.add += 2 * V;
      inputs_.push(t);
      descend(filled + 1, has_label || t == m_);
      inputs_.pop();
    }
  }

  void charge_inputs(std::uint64_t count) {
    const std::uint64_t W = problem_.tables.vocabulary - 1;
    meter_.operations.add += 2 * W * count;
    meter_.operations.mul += (2 * W + 2) * count;
    meter_.operations.div += 2 * count;
    meter_.operations.exp += 2 * W * count;
    meter_.operations.compare += (problem_.correct ? 2 : 1) * W * count;
  }

  const Problem& problem_;
  const Token m_;
  Inputs& inputs_;
  InputsSum& sum_;
  Meter& meter_;
  const bool label_is_query_;
};

// r, W_p and W_p y_p.
void charge_query(const Problem& problem, Token m, Token q, Meter& meter) {
  const std::uint64_t n = problem.tables.context, W = problem.tables.vocabulary - 1,
                      slots = (std::uint64_t{m} + 1) * (n - 1);
  meter.operations.add += 2 * m;
  meter.operations.exp += 2 * m;
  meter.operations.mul += 2 * slots + (q < m ? 2 : 0);
  meter.operations.add += 2 * W * (slots + 1);
  meter.operations.mul += 2 * W * (slots + 1);
  meter.operations.compare += W * (slots + 1);
  meter.checkpoint();
}

} // namespace

Established enumeration(const Problem& problem, Token m, Meter& meter) {
  const std::uint64_t n = problem.tables.context, W = problem.tables.vocabulary - 1;
  meter.operations.add += 2 * (std::uint64_t{m} + 1) * W + n * W; // u, v, π
  meter.checkpoint();
  InputsSum sum(problem.exponentials);
  for (Token q = first_query(problem, m); q <= m; ++q) {
    charge_query(problem, m, q, meter);
    const auto inputs = problem.outputs == nullptr ? make_reference_inputs(problem.tables, m, q)
                                                   : make_exact_inputs(problem.tables, *problem.outputs, m, q);
    Walk(problem, m, q == m, *inputs, sum, meter).run();
  }
  meter.operations.log += 2;
  meter.operations.add += 2; // the step's sum
  Established result;
  result.upper = sum.in_integers.total();
  add(result.upper, sum.by_intervals);
  raise_lower_to_zero(result.upper); // no loss is negative
  result.lower = result.upper;
  result.correct = sum.correct;
  result.undecided = sum.undecided;
  return result;
}

} // namespace verifier::attention_only
