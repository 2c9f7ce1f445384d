// block-jensen@1, docs/rules/block-jensen.md: pairs of whole blocks of tokens, from above only, in O(V²).

#include "../error.hpp"
#include "../steps.hpp"
#include "strategy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

constexpr std::uint64_t usual_blocks = 32;

std::uint64_t number_of_blocks(const Task& task, const StrategyOptions& options) {
  return options.blocks.value_or(std::min(usual_blocks, task.vocabulary));
}

void check(const Task& task, const StrategyOptions& options, const std::vector<LabelRange>& steps) {
  if (task.context != 2)
    throw Error(Exit::usage, "--strategy block-jensen needs inputs of two tokens",
                "--strategy head-tail takes longer ones, --strategy convexity all");
  StrategyOptions others = options;
  others.blocks.reset();
  take_no_options(task, others, steps);
  const std::uint64_t blocks = number_of_blocks(task, options);
  if (blocks > task.vocabulary)
    throw Error(Exit::usage,
                fmt::format("--blocks {} is more than the {} tokens of this model", blocks, task.vocabulary),
                "a block has at least one token");
  if (blocks % steps.size() != 0)
    throw Error(Exit::usage, fmt::format("--blocks {} cannot be shared out among {} steps", blocks, steps.size()),
                "a step takes whole blocks: leave --steps out, or let it divide the number of blocks");
}

Operations tables(const Task& task, std::uint64_t blocks) {
  const Integer V = task.vocabulary;
  Operations count;
  count.read = blocks + V;
  count.mul = V * V;
  count.add = V * V + V;
  count.log = V;
  return count;
}

// A step over whole blocks.
Operations operations(const Task& task, const std::vector<LabelRange>& blocks, LabelRange labels, bool states_correct) {
  const Integer V = task.vocabulary;
  Operations count;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].from < labels.from || blocks[i].from >= labels.to) continue;
    const Integer products = i + 1;
    count.add += products * (V - 1) + products + 2 + 1;
    count.mul += products * V + products + 2;
    count.div += products;
    count.log += products;
    for (std::uint64_t y = blocks[i].from; y < blocks[i].to; ++y) {
      count += label_term_operations(y, 1);
      count.add -= 1; // the block is added to the step, not each label
    }
    if (states_correct) {
      count.div += 1;
      count.add += 1;
      count.compare += 1;
    }
  }
  return count;
}

} // namespace

const Strategy block_jensen{
    Family::token_sum,
    "block-jensen",
    "pairs of blocks of tokens at once: from above only, nearly as short as convexity",
    false,
    false,
    true,
    [](const Task& task, const StrategyOptions& options) {
      return std::min(task.vocabulary, number_of_blocks(task, options));
    },
    check,
    nullptr,
    [](const Task& task, const StrategyOptions& options, bool states_correct) {
      const std::uint64_t blocks = number_of_blocks(task, options);
      Operations count = tables(task, blocks);
      count += operations(task, equal_ranges(task.vocabulary, blocks), {0, task.vocabulary}, states_correct);
      return count;
    },
    [](const Shape& shape, const StrategyOptions& options, bool) {
      return block_jensen_seconds(shape, number_of_blocks(shape.task, options));
    },
    [](const PlanRequest& r) {
      const std::vector<LabelRange> blocks = equal_ranges(r.task.vocabulary, number_of_blocks(r.task, r.options));
      BlockJensenSums found = block_jensen_sums(token_sum(r), r.task, blocks, r.sums, r.patience);
      const Task task = r.task;
      return Plan{std::move(found.sums),
                  witnesses(found.witness),
                  {{"block-jensen@1", false, tables(task, blocks.size()),
                    [task, blocks](LabelRange labels, bool states_correct) {
                      return operations(task, blocks, labels, states_correct);
                    }}},
                  {}};
    }};

} // namespace proofmark
