#include "engines.hpp"

#include "error.hpp"
#include "head_tail_sums.hpp"
#include "loss_sums.hpp"
#include "mixture_sums.hpp"
#include "reference_head_tail.hpp"
#include "reference_sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

void refuse_if_slow(double seconds, double patience_s) {
  if (seconds <= patience_s) return;
  const std::string time = seconds < 2 * 3600    ? fmt::format("{:.0f} minutes", seconds / 60)
                           : seconds < 48 * 3600 ? fmt::format("{:.0f} hours", seconds / 3600)
                                                 : fmt::format("{:.0f} days", seconds / 86400);
  throw Error(Exit::usage, fmt::format("this proof would take about {}", time),
              "--force starts it all the same; a smaller --context or vocabulary is faster");
}

namespace {

constexpr double verifier_range = 0x1p20; // nats; schema/reasons.md, limit-logit-range

bool beyond_verifier(const std::vector<Interval>& logits, std::uint64_t vocabulary) {
  bool beyond = false;
  for (std::size_t row = 0; row < logits.size(); row += vocabulary) {
    Interval top = logits[row], bottom = -logits[row];
    for (std::size_t k = row; k < row + vocabulary; ++k) {
      top = max(top, logits[k]);
      bottom = max(bottom, -logits[k]);
    }
    beyond = beyond || certainly_less(enclose(verifier_range), top + bottom);
  }
  return beyond;
}

bool beyond_verifier(const TokenSumTables& tables) {
  std::int64_t most = 0;
  for (std::uint64_t a = 0; a < tables.task.vocabulary; ++a)
    for (std::uint64_t k = 0; k < tables.task.vocabulary; ++k) most = std::max(most, tables.deficit(a, k));
  return std::ldexp(static_cast<double>(most), -tables.logits.scale) > verifier_range;
}

const char* const by_doubles = "double with an a-priori error bound";
const char* const by_intervals = "intervals of 250 bits";

// Two engines for one kind of sum, and how many inputs (sorted ones, or mixtures) they go through.
struct Engines {
  std::vector<LabelSum> (*fast)(const TokenSumTables&, const LabelSumOptions&);
  std::vector<LabelSum> (*reference)(const std::vector<Interval>& logits, const Task&, const LabelSumOptions&);
  double inputs;
};

LabelSums label_sums(const Engines& engines, const TokenSumModel& model, const Task& task,
                     const LabelSumOptions& options, double patience_s) {
  // Speeds were measured on a 2022 server core; in seconds.
  const auto V = static_cast<double>(task.vocabulary), d = static_cast<double>(model.width);
  const double fast = V * d * (V + d) * 1e-9 + V * V * 1e-8 + engines.inputs * (V * 1.5e-10 + 4e-8),
               reference = V * d * (V + d) * 3e-7 + engines.inputs * V * 3e-6;
  refuse_if_slow(fast / options.threads, patience_s);
  if (const auto tables = token_sum_tables(model, task, options.threads))
    return {engines.fast(*tables, options), by_doubles, beyond_verifier(*tables)};
  refuse_if_slow(reference / options.threads, patience_s);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  return {engines.reference(logits, task, options), by_intervals, beyond_verifier(logits, task.vocabulary)};
}

} // namespace

LabelSums exact_sums(const TokenSumModel& model, const Task& task, const LabelSumOptions& options, double patience_s) {
  return label_sums({loss_sums, reference_sums, sorted_inputs(task).convert_to<double>()}, model, task, options,
                    patience_s);
}

LabelSums convexity_sums(const TokenSumModel& model, const Task& task, const LabelSumOptions& options,
                         double patience_s) {
  const auto V = static_cast<double>(task.vocabulary), n = static_cast<double>(task.context);
  const double mixtures = n <= 2 ? V : V * V * (n - 1) / 2 + V;
  LabelSums sums = label_sums({mixture_sums, reference_mixture_sums, mixtures}, model, task, options, patience_s);
  for (std::uint64_t y = 0; options.count_correct && y < task.vocabulary; ++y)
    sums.labels[y].correct = correct_by_loss(task, {y, y + 1}, sums.labels[y]);
  return sums;
}

namespace {

// Heads of one size, and nothing else, for logits that only intervals can hold.
HeadTail plain_heads(const std::vector<Interval>& logits, const Task& task, std::uint64_t size) {
  const std::uint64_t V = task.vocabulary;
  HeadTail witness{task, size, {}, {size}, {}, {}, {}, {}, {}};
  for (std::uint64_t a = 0; a < V; ++a) {
    std::vector<std::pair<double, std::uint16_t>> outputs;
    for (std::uint64_t k = 0; k < V; ++k)
      outputs.emplace_back(-upper_double(logits[a * V + k]), static_cast<std::uint16_t>(k));
    std::sort(outputs.begin(), outputs.end());
    for (std::uint64_t j = 0; j < size; ++j) witness.heads.push_back(outputs[j].second);
  }
  return witness;
}

} // namespace

HeadTailSums head_tail_sums(const TokenSumModel& model, const Task& task, const HeadTailSearch& search,
                            const LabelSumOptions& options, double patience_s) {
  const auto V = static_cast<double>(task.vocabulary), d = static_cast<double>(model.width),
             n = static_cast<double>(task.context);
  const double inputs = sorted_inputs(task).convert_to<double>();
  const double heads = search.levels ? 500 : static_cast<double>(search.head);
  const double of_tables = V * d * (V + d) * 1e-9 + V * V * 3e-8;
  refuse_if_slow((of_tables + inputs * (V * 1e-10 + n * heads * 1e-9 + 1e-6)) / options.threads, patience_s);
  const auto progress = [&](double from, double to) {
    return [&options, from, to](double done) {
      if (options.progress) options.progress(from + (to - from) * done);
    };
  };
  const LabelSumOptions last{options.count_correct, options.threads, progress(0.7, 1), nullptr};
  HeadTail witness;
  if (const auto tables = token_sum_tables(model, task, options.threads)) {
    witness = find_head_tail(*tables, search, options.threads, progress(0.1, 0.7));
    if (auto sums = head_tail_sums(*tables, witness, last))
      return {std::move(witness), {std::move(*sums), by_doubles, beyond_verifier(*tables)}};
  }
  refuse_if_slow((V * d * (V + d) * 3e-7 + inputs * V * n * 3e-7) / options.threads, patience_s);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  if (witness.heads.empty()) witness = plain_heads(logits, task, std::min(search.head, task.vocabulary));
  return {witness,
          {reference_head_tail_sums(logits, witness, last), by_intervals, beyond_verifier(logits, task.vocabulary)}};
}

BlockJensenSums block_jensen_sums(const TokenSumModel& model, const Task& task, std::vector<LabelRange> blocks,
                                  const LabelSumOptions& options, double patience_s) {
  const auto V = static_cast<double>(task.vocabulary), d = static_cast<double>(model.width),
             count = static_cast<double>(blocks.size());
  refuse_if_slow((V * d * (V + d) * 1e-9 + V * V * 6e-8 + V * count * (V + count) * 1e-9) / options.threads,
                 patience_s);
  if (const auto tables = token_sum_tables(model, task, options.threads)) {
    BlockJensen witness = find_block_jensen(*tables, std::move(blocks), options.threads);
    return {witness, {block_jensen_sums(*tables, witness, options), by_doubles, beyond_verifier(*tables)}};
  }
  refuse_if_slow((V * d * (V + d) * 3e-7 + V * V * 1e-5 + V * count * count * 1e-6) / options.threads, patience_s);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  const BlockJensen witness = plain_block_jensen(logits, task, std::move(blocks));
  return {witness,
          {reference_block_jensen_sums(logits, task, witness, options), by_intervals,
           beyond_verifier(logits, task.vocabulary)}};
}

} // namespace proofmark
