// block-jensen@1, docs/rules/block-jensen.md: pairs of whole blocks of tokens, from above only, in O(V²).

#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "support/error.hpp"

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

Hints hints_of(std::vector<LabelRange> blocks) {
  Hints hints;
  hints.blocks = std::move(blocks);
  return hints;
}

Findings find(const Assignment& r) {
  const std::vector<LabelRange> blocks = equal_ranges(r.task.vocabulary, number_of_blocks(r.task, r.options));
  BlockJensenSums found = block_jensen_sums(r.model, r.task, blocks, r.sums, r.patience);
  return {std::move(found.sums), witnesses(found.witness), hints_of(blocks), {block_jensen.rule}};
}

} // namespace

const Strategy block_jensen{
    .family = &token_sum_family,
    .name = "block-jensen",
    .summary = "pairs of blocks of tokens at once: from above only, nearly as short as convexity",
    .rule = {.name = "block-jensen@1"},
    .usual_steps =
        [](const Task& task, const StrategyOptions& options) {
          return std::min(task.vocabulary, number_of_blocks(task, options));
        },
    .check = check,
    .hints = [](const Task& task, const StrategyOptions& options,
                bool) { return hints_of(equal_ranges(task.vocabulary, number_of_blocks(task, options))); },
    .seconds = [](const Shape& shape, const StrategyOptions& options,
                  bool) { return block_jensen_seconds(shape, number_of_blocks(shape.task, options)); },
    .find = find};

} // namespace proofmark
