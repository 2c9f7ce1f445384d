#include "families/token_sum/engines.hpp"

#include "families/token_sum/bounds/loss_sums.hpp"
#include "families/token_sum/bounds/mixture_sums.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/head_tail/reference.hpp"
#include "families/token_sum/head_tail/sums.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace proofmark {

namespace {

constexpr int range_log2 = 20; // of one token's logits

[[noreturn]] void beyond_range() {
  throw Error(
      Exit::data,
      fmt::format("the logits of one token lie more than 2^{} nats apart, and proofs of such models are not found here",
                  range_log2),
      "a model trained with weight decay has smaller weights");
}

// Both refuse what is not certain to be within the range.
void require_range(const std::vector<Interval>& logits, std::uint64_t vocabulary) {
  const Interval most = enclose(std::ldexp(1.0, range_log2));
  for (std::size_t row = 0; row < logits.size(); row += vocabulary) {
    Interval top = logits[row], bottom = -logits[row];
    for (std::size_t k = row; k < row + vocabulary; ++k) {
      top = max(top, logits[k]);
      bottom = max(bottom, -logits[k]);
    }
    if (exact(upper_end(top + bottom)) > exact(lower_end(most))) beyond_range();
  }
}

void require_range(const TokenSumTables& tables) {
  std::int64_t most = 0;
  for (std::uint64_t a = 0; a < tables.task.vocabulary; ++a)
    for (std::uint64_t k = 0; k < tables.task.vocabulary; ++k) most = std::max(most, tables.deficit(a, k));
  const double error = 2 * tables.logit_error, // the sum rounds up in the last place at most
      found = std::ldexp(static_cast<double>(most), -tables.logits.scale) + error;
  if (found > std::ldexp(1.0, range_log2)) beyond_range();
}

const char* const by_doubles = "double with an a-priori error bound";
const char* const by_intervals = "intervals of 250 bits";

// Two engines for one kind of sum, and how many inputs (sorted ones, or mixtures) they go through.
struct Engines {
  std::vector<LabelSum> (*fast)(const TokenSumTables&, const LabelSumOptions&);
  std::vector<LabelSum> (*reference)(const std::vector<Interval>& logits, const Task&, const LabelSumOptions&);
  double inputs;
};

// Speeds were measured on a 2022 server core; in seconds.
struct Sizes {
  explicit Sizes(const Shape& s)
      : V(static_cast<double>(s.task.vocabulary)), d(static_cast<double>(s.width)),
        n(static_cast<double>(s.task.context)), sorted(sorted_inputs(s.task).convert_to<double>()),
        mixtures(n <= 2 ? V : V * V * (n - 1) / 2 + V), products(V * d * (V + d)) {}
  double V, d, n, sorted, mixtures, products;
};

double fast_seconds(const Sizes& s, double inputs) {
  return s.products * 1e-9 + s.V * s.V * 1e-8 + inputs * (s.V * 1.5e-10 + 4e-8);
}

Sizes sizes(const Model& model, const Task& task) {
  return Sizes(shape_of(model, task.context));
}

LabelSums label_sums(const Engines& engines, const Model& model, const Task& task, const LabelSumOptions& options,
                     const Patience& patience) {
  if (const auto tables = token_sum_tables(model, task, options.threads)) {
    require_range(*tables);
    return {engines.fast(*tables, options), by_doubles};
  }
  const Sizes s = sizes(model, task);
  patience.begin((s.products * 3e-7 + engines.inputs * s.V * 3e-6) / options.threads);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  require_range(logits, task.vocabulary);
  return {engines.reference(logits, task, options), by_intervals};
}

} // namespace

double exact_seconds(const Shape& shape) {
  const Sizes s(shape);
  return fast_seconds(s, s.sorted);
}

double convexity_seconds(const Shape& shape) {
  const Sizes s(shape);
  return fast_seconds(s, s.mixtures);
}

double head_tail_seconds(const Shape& shape, std::uint64_t heads) {
  const Sizes s(shape);
  return s.products * 1e-9 + s.V * s.V * 3e-8 +
         s.sorted * (s.V * 1e-10 + s.n * static_cast<double>(heads) * 1e-9 + 1e-6);
}

double block_jensen_seconds(const Shape& shape, std::uint64_t blocks) {
  const Sizes s(shape);
  const auto count = static_cast<double>(blocks);
  return s.products * 1e-9 + s.V * s.V * 6e-8 + s.V * count * (s.V + count) * 1e-9;
}

LabelSums exact_sums(const Model& model, const Task& task, const LabelSumOptions& options, const Patience& patience) {
  return label_sums({loss_sums, reference_sums, sizes(model, task).sorted}, model, task, options, patience);
}

LabelSums convexity_sums(const Model& model, const Task& task, const LabelSumOptions& options,
                         const Patience& patience) {
  LabelSums sums =
      label_sums({mixture_sums, reference_mixture_sums, sizes(model, task).mixtures}, model, task, options, patience);
  for (std::uint64_t y = 0; options.count_correct && y < task.vocabulary; ++y)
    sums.labels[y].correct = correct_by_loss(task, {y, y + 1}, sums.labels[y]);
  return sums;
}

namespace {

// Heads of one size, and beyond them only what is known, for logits that only intervals can hold.
HeadTail plain_heads(const std::vector<Interval>& logits, const Task& task, const HeadTailSearch& search) {
  const std::uint64_t V = task.vocabulary, size = std::min(search.head, V);
  HeadTail witness{task, size, {}, {size}, {}, search.known_groups, search.known_weights, {}, {}};
  for (std::uint64_t a = 0; a < V; ++a) {
    std::vector<std::pair<double, std::uint16_t>> outputs;
    for (std::uint64_t k = 0; k < V; ++k)
      outputs.emplace_back(-upper_double(logits[a * V + k]), static_cast<std::uint16_t>(k));
    if (!search.heads.empty()) // what is known comes first
      for (std::size_t j = 0; j < search.heads[a].size(); ++j)
        outputs[search.heads[a][j]].first =
            -std::numeric_limits<double>::max() * (1 - 0x1p-50 * static_cast<double>(j)); // in its order
    std::sort(outputs.begin(), outputs.end());
    for (std::uint64_t j = 0; j < size; ++j) witness.heads.push_back(outputs[j].second);
  }
  return witness;
}

} // namespace

HeadTailSums head_tail_sums(const Model& model, const Task& task, const HeadTailSearch& search,
                            const LabelSumOptions& options, const Patience& patience) {
  const auto progress = [&](double from, double to) {
    return [&options, from, to](double done) {
      if (options.progress) options.progress(from + (to - from) * done);
    };
  };
  const LabelSumOptions last{options.count_correct, false, options.threads, progress(0.7, 1), nullptr};
  HeadTail witness;
  if (const auto tables = token_sum_tables(model, task, options.threads)) {
    require_range(*tables);
    witness = find_head_tail(*tables, search, options.threads, progress(0.1, 0.7));
    if (auto sums = head_tail_sums(*tables, witness, last)) return {std::move(witness), {std::move(*sums), by_doubles}};
  }
  const Sizes s = sizes(model, task);
  patience.begin((s.products * 3e-7 + s.sorted * s.V * s.n * 3e-7) / options.threads);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  require_range(logits, task.vocabulary);
  if (witness.heads.empty()) witness = plain_heads(logits, task, search);
  return {witness, {reference_head_tail_sums(logits, witness, last), by_intervals}};
}

BlockJensenSums block_jensen_sums(const Model& model, const Task& task, std::vector<LabelRange> blocks,
                                  const LabelSumOptions& options, const Patience& patience) {
  if (const auto tables = token_sum_tables(model, task, options.threads)) {
    require_range(*tables);
    BlockJensen witness = find_block_jensen(*tables, std::move(blocks), options.threads);
    return {witness, {block_jensen_sums(*tables, witness, options), by_doubles}};
  }
  const Sizes s = sizes(model, task);
  const auto count = static_cast<double>(blocks.size());
  patience.begin((s.products * 3e-7 + s.V * s.V * 1e-5 + s.V * count * count * 1e-6) / options.threads);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  require_range(logits, task.vocabulary);
  const BlockJensen witness = plain_block_jensen(logits, task, std::move(blocks));
  return {witness, {reference_block_jensen_sums(logits, task, witness, options), by_intervals}};
}

} // namespace proofmark
