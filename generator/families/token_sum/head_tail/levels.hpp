// Which level each input gets, where a budget says how much all may cost.
#pragma once

#include "families/token_sum/head_tail/options.hpp"
#include "families/token_sum/head_tail/passes.hpp"

namespace proofmark::head_tail_search {

// What an input takes at each level, on average over some inputs: where heads have outputs in common it takes less.
std::vector<std::int64_t> prices_of_levels(const HeadTail&, const HeadTailSearch&);

// Those improvements first that bring most for their price.
class Choice {
public:
  Choice(const Task& task, const Landscape& land, const Passes& passes, std::vector<std::int64_t> prices)
      : task_(task), land_(land), passes_(passes), prices_(std::move(prices)) {}

  // Levels for the bound on the loss, spending at most `most` beyond the price of level 0.
  std::int64_t for_loss(const Multipliers* x, std::int64_t most, std::vector<std::uint8_t>& levels) const;

  // Raises levels so that more inputs are shown to be correct, for at most `most` more.
  std::int64_t for_accuracy(std::int64_t most, std::vector<std::uint8_t>& levels) const;

private:
  const Task& task_;
  const Landscape& land_;
  const Passes& passes_;
  std::vector<std::int64_t> prices_;
};

// Leaves out what no input uses.
void drop_unused(HeadTail&);

// The witness that costs most of those within the budget, of a few: `chosen` spends by the prices of levels, which are not
// exact.
HeadTail within_budget(const HeadTailSearch&, std::int64_t allowed,
                       const std::function<HeadTail(std::int64_t)>& chosen);

} // namespace proofmark::head_tail_search
