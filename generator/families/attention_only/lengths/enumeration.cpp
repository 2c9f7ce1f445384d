// enumeration@1 of attention-only, on shapes.
#include "families/attention_only/lengths/parts.hpp"

namespace proofmark::lengths::attention {
namespace {

// A walk over the tokens of the free slots of one query. Nodes at one depth cost the same: those that have the label, and those
// that do not.
struct Walk {
  Operations& payer;
  Integer tokens, W; // m + 1; wrong outputs
  bool correct;

  void descend(std::uint64_t left, const Integer& with, const Integer& without) const {
    if (left == 0) return close(with + without, with + without);
    if (left == 1) return close_slot(with, tokens), close_slot(without, 1);
    if (left == 2) { // without the label, one of the two is the label
      fill(2 * without);
      close_slot(without, tokens - 1);
      fill(with * tokens);
      return descend(1, with * tokens + without, 0);
    }
    fill((with + without) * tokens);
    descend(left - 1, with * tokens + without, without * (tokens - 1));
  }
  void fill(const Integer& slots) const { // N and D
    sums({&payer, slots, W}), sums({&payer, slots});
  }
  void close_slot(const Integer& nodes, const Integer& tokens_each) const {
    if (tokens_each == 0) return;
    fill(nodes * tokens_each);
    close(nodes, nodes * tokens_each);
  }
  void close(const Integer& nodes, const Integer& inputs) const {
    const Tensor N{&payer, inputs, W}, margins = weighed(inverse(column(N)), N);
    add_to_total(log_one_plus_sum_exp(margins));
    if (!correct) return;
    const Tensor worst = largest(margins);
    signs(worst), signs(worst);
    numbers(payer, nodes);
    signs(worst - worst);
  }
};

} // namespace

void enumeration(Operations& payer, const Task& task, const Hints&, std::uint64_t m, bool correct) {
  const std::uint64_t free = task.context - 1;
  const Outputs of(payer, task);
  const Tensor u = of.u(of.wrong, m + 1), v = of.v(of.wrong, m + 1);
  of.pi(of.wrong);
  for_queries(payer, task, m, 1, [&](const Queries& q) {
    const SlotWeights weights(q);
    weights.r(m + 1);
    for (std::uint64_t p = 0; p < free; ++p) {
      sums(q.of(u));
      const Tensor each{q.query, m + 1}, W = products(each);
      weighed(W, lent(v, *q.query) + q.of(u));
    }
    weighed(weights.own(), q.of(u) + q.of(u) + q.of(u));
    const Walk walk{*q.query, m + 1, of.wrong, correct};
    q.below ? walk.descend(free, 0, 1) : walk.descend(free, 1, 0);
  });
}

} // namespace proofmark::lengths::attention
