// block-jensen@1, docs/rules/block-jensen.md: pairs of whole blocks of tokens, from above only, in O(V²).

#include "explanations/families.hpp"
#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

constexpr std::uint64_t usual_blocks = 32;

std::vector<LabelRange> blocks_of(const Task& task, const StrategyOptions& options) {
  if (options.explained && !options.explained->blocks.empty()) return options.explained->blocks;
  const std::uint64_t blocks = options.blocks.value_or(std::min(usual_blocks, task.vocabulary));
  if (blocks > task.vocabulary)
    throw Error(Exit::usage,
                fmt::format("--blocks {} is more than the {} tokens of this model", blocks, task.vocabulary),
                "a block has at least one token");
  return equal_ranges(task.vocabulary, blocks);
}

// A step takes whole blocks.
std::vector<LabelRange> ranges(const Task& task, const StrategyOptions& options, std::uint64_t steps) {
  const std::vector<LabelRange> blocks = blocks_of(task, options);
  const std::size_t count = steps != 0 ? steps : blocks.size();
  if (blocks.size() % count != 0)
    throw Error(Exit::usage, fmt::format("--blocks {} cannot be shared out among {} steps", blocks.size(), count),
                "a step takes whole blocks: leave --steps out, or let it divide the number of blocks");
  std::vector<LabelRange> result;
  for (std::size_t i = 0, of_step = blocks.size() / count; i < blocks.size(); i += of_step)
    result.push_back({blocks[i].from, blocks[i + of_step - 1].to});
  return result;
}

void check(const Task& task, const StrategyOptions& options, const std::vector<LabelRange>& steps) {
  if (task.context != 2)
    throw Error(Exit::usage, "--strategy block-jensen needs inputs of two tokens",
                "--strategy head-tail takes longer ones, --strategy convexity all");
  StrategyOptions others = options;
  others.blocks.reset();
  take_no_options(task, others, steps);
}

Hints hints_of(std::vector<LabelRange> blocks) {
  Hints hints;
  hints.blocks = std::move(blocks);
  return hints;
}

Findings find(const Assignment& r) {
  const std::vector<LabelRange> blocks = blocks_of(r.task, r.options);
  BlockJensenSums found = block_jensen_sums(r.model, r.task, blocks, r.sums, r.patience);
  return {std::move(found.sums), witnesses(found.witness), hints_of(blocks), {block_jensen.rule}};
}

} // namespace

const Strategy block_jensen{
    .family = &token_sum_family,
    .name = "block-jensen",
    .summary = "pairs of blocks of tokens at once: from above only, nearly as short as convexity",
    .rule = {.name = "block-jensen@1"},
    .ranges = ranges,
    .check = check,
    .hints = [](const Task& task, const StrategyOptions& options, bool) { return hints_of(blocks_of(task, options)); },
    .seconds = [](const Shape& shape, const StrategyOptions& options,
                  bool) { return block_jensen_seconds(shape, blocks_of(shape.task, options).size()); },
    .find = find};

} // namespace proofmark
