// head-tail@1, docs/rules/head-tail.md: a few outputs of each token exactly, the rest by norms and totals.

#include "certificates/base64.hpp"
#include "explanations/families.hpp"
#include "families/families.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/head_tail/outputs.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "support/error.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <memory>

namespace proofmark {

namespace {

constexpr std::uint64_t usual_head = 16;

// Of each token; as many as an explanation's longest head has, where it has some.
std::uint64_t head_size(const Task& task, const StrategyOptions& options) {
  std::size_t longest = 0;
  if (options.explained)
    for (const auto& head : options.explained->heads) longest = std::max(longest, head.size());
  return std::min(options.top.value_or(longest != 0 ? longest : usual_head), task.vocabulary);
}

// A head size for each input: what a budget is spent on; and where only the accuracy is wanted, at no stated price, the
// size that it needs.
bool has_levels(const StrategyOptions& options, bool loss) {
  return options.budget || (!loss && !options.top);
}

void check(const Task& task, const StrategyOptions& options, const std::vector<LabelRange>&) {
  if (task.context < 2)
    throw Error(Exit::usage, "--strategy head-tail needs inputs of at least two tokens",
                "with --context 1, --strategy symmetry costs as little");
  if (options.top && options.budget)
    throw Error(Exit::usage, "--top and --budget cannot be given together",
                "a budget chooses a head size for each input");
  if (options.blocks) throw Error(Exit::usage, "this strategy does not take --blocks", "--strategy block-jensen does");
  if (options.groups > 1 && options.budget)
    throw Error(Exit::usage, "--groups and --budget cannot be given together", "leave --groups out");
  if (options.weights && options.budget)
    throw Error(Exit::usage, "--weights and --budget cannot be given together", "leave --weights out");
  if (options.weights && task.context != 2)
    throw Error(Exit::usage, "--weights needs inputs of two tokens", "leave --weights out");
  for (const std::uint64_t given : {options.top.value_or(1), options.groups})
    if (given > task.vocabulary)
      throw Error(Exit::usage, fmt::format("there are only {} outputs", task.vocabulary),
                  "--top and --groups are at most as many");
  if (options.groups > limits::tail_norms)
    throw Error(Exit::usage,
                fmt::format("--groups {} is more than the {} norms of a token's tail that the verifier takes",
                            options.groups, limits::tail_norms),
                "a few groups serve as well");
}

// The witness as far as lengths depend on it, with heads of one size.
HeadTail outline(const Task& task, const StrategyOptions& options, bool loss) {
  const std::uint64_t V = task.vocabulary, size = has_levels(options, loss) ? 1 : head_size(task, options);
  HeadTail witness{task, size, {}, {size}, {}, {}, {}, {}, {}};
  if (options.groups > 1) {
    witness.groups.assign(V, 0);
    witness.groups.back() = static_cast<std::uint16_t>(options.groups - 1);
  }
  if (options.weights) witness.weights.assign(V, 1);
  if (options.multipliers && size < V)
    witness.token_multipliers = witness.label_multipliers = std::vector<double>(V, 1.0);
  return witness;
}

// The witness that a budget starts from, with all that the search may use of it: heads of one output, and of many.
HeadTail smallest(const Task& task, bool multipliers) {
  const std::vector<std::uint64_t> sizes = head_sizes(task);
  const std::uint64_t V = task.vocabulary, widest = sizes.size() > 1 ? sizes[sizes.size() - 2] : 1;
  HeadTail witness{task, widest, {}, sizes, {}, {}, {}, {}, {}};
  witness.levels.assign(binomial(V + task.context - 1, task.context).convert_to<std::uint64_t>(), 0);
  if (multipliers && sizes.size() > 1)
    witness.token_multipliers = witness.label_multipliers = std::vector<double>(V, 1.0);
  return witness;
}

Hints hints_of(HeadTail witness) {
  Hints hints;
  hints.head_tail = std::make_shared<const HeadTail>(std::move(witness));
  return hints;
}

Integer witness_bytes(const Task& task, const StrategyOptions& options, bool loss) {
  if (has_levels(options, loss)) return sorted_inputs(task); // a level for each
  return Integer(2 * task.vocabulary) * head_size(task, options);
}

// What the rule adds to the tables, and all steps.
Operations cost(const Shape& shape, HeadTail witness, bool correct) {
  const Lengths lengths(shape, hints_of(std::move(witness)));
  Operations count = lengths.tables({&head_tail.rule.name, 1});
  count -= lengths.tables({});
  count += lengths.step(head_tail.rule.name, {0, shape.task.vocabulary}, correct);
  return count;
}

// What the smallest heads leave of the budget goes into products: as many additions as multiplications.
Operations beyond(const Shape& shape, const StrategyOptions& options, bool correct, const Operations& least) {
  Operations count;
  if (!options.budget) return count;
  const Rational amount = options.budget->amount;
  const Integer own = least.mul - Lengths(shape).tables({}).mul;
  const Rational rest = options.budget->share()
                            ? Rational(Rational(products_of_symmetry(shape, correct)) * amount - Rational(own))
                            : Rational((amount - Rational(least.length())) / 2);
  count.mul = count.add = std::max(Integer(0), Integer(numerator(rest) / denominator(rest)));
  return count;
}

double seconds(const Shape& shape, const StrategyOptions& options, bool loss) {
  constexpr std::uint64_t of_a_search = 500; // with a head size for each input
  return head_tail_seconds(shape, has_levels(options, loss) ? of_a_search : head_size(shape.task, options));
}

Findings find(const Assignment& r) {
  const Task& task = r.task;
  const StrategyOptions& options = r.options;
  HeadTailSearch search;
  search.head = head_size(task, options);
  search.groups = options.groups;
  search.weights = options.weights;
  search.multipliers = options.multipliers;
  if (options.explained) {
    search.heads = options.explained->heads;
    search.known_groups = options.explained->groups;
    search.known_weights = options.explained->weights;
  }
  search.loss = r.loss;
  search.accuracy = r.sums.count_correct;
  search.levels = has_levels(options, r.loss);
  search.price = [&](const Operations& count) { return options.budget ? price(*options.budget, count) : count.mul; };
  if (options.budget) {
    search.most = head_tail_allowance(r);
    search.cost = [&](const HeadTail& witness) {
      return price(*options.budget, cost(shape_of(r.model, task.context), witness, r.sums.count_correct));
    };
  }
  HeadTailSums found = head_tail_sums(r.model, task, search, r.sums, r.patience);
  Witnesses written = witnesses(found.witness);
  return {std::move(found.sums), std::move(written), hints_of(std::move(found.witness)), {head_tail.rule}};
}

} // namespace

Integer price(const Budget& budget, const Operations& count) {
  return budget.share() ? count.mul : count.length();
}

Integer head_tail_allowance(const Assignment& r) {
  const Shape shape = shape_of(r.model, r.task.context);
  const Rational amount = r.options.budget->amount;
  if (!r.options.budget->share())
    return numerator(amount) - Lengths(shape).tables({}).length() - most_of_conclusion(r.steps.size());
  const Rational most = amount * Rational(products_of_symmetry(shape, r.sums.count_correct));
  return numerator(most) / denominator(most);
}

bool head_tail_affordable(const Assignment& r) {
  if (r.task.context < 2 || base64_bytes(witness_bytes(r.task, r.options, r.loss)) > limits::file_bytes) return false;
  const Operations least =
      cost(shape_of(r.model, r.task.context), smallest(r.task, r.options.multipliers && r.loss), r.sums.count_correct);
  return price(*r.options.budget, least) <= head_tail_allowance(r);
}

const Strategy head_tail{.family = &token_sum_family,
                         .name = "head-tail",
                         .summary = "the mechanism exactly, the noise bounded: from both sides, at a chosen price",
                         .rule = {.name = "head-tail@1", .from_below = true},
                         .check = check,
                         .least = [](const Task& task) { return sorted_inputs(task); },
                         .hints = [](const Task& task, const StrategyOptions& options,
                                     bool loss) { return hints_of(outline(task, options, loss)); },
                         .seconds = seconds,
                         .find = find,
                         .witness_bytes = witness_bytes,
                         .beyond = beyond};

} // namespace proofmark
