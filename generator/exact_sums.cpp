#include "exact_sums.hpp"

#include "error.hpp"
#include "loss_sums.hpp"
#include "reference_sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

double as_double(const Integer& x) {
  return x.convert_to<double>();
} // an estimate

double sorted_inputs(const Task& task) {
  return as_double(binomial(task.vocabulary + task.context - 1, task.context));
}

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
    for (std::uint64_t k = 0; k < tables.task.vocabulary; ++k)
      most = std::max(most, tables.deficit(a, k));
  return std::ldexp(static_cast<double>(most), -tables.logits.scale) > verifier_range;
}

void refuse_if_slow(double seconds, double patience_s) {
  if (seconds <= patience_s)
    return;
  const std::string time = seconds < 2 * 3600    ? fmt::format("{:.0f} minutes", seconds / 60)
                           : seconds < 48 * 3600 ? fmt::format("{:.0f} hours", seconds / 3600)
                                                 : fmt::format("{:.0f} days", seconds / 86400);
  throw Error(Exit::usage, fmt::format("this proof would take about {}", time),
              "--force starts it all the same; a smaller --context or vocabulary is faster");
}

} // namespace

double predicted_fast_seconds(const Task& task, std::uint64_t width, unsigned threads) {
  const auto V = static_cast<double>(task.vocabulary), d = static_cast<double>(width),
             inputs = sorted_inputs(task);
  return (V * d * (V + d) * 1e-9 + V * V * 1e-8 + inputs * (V * 1.5e-10 + 4e-8)) / threads;
}

double predicted_reference_seconds(const Task& task, std::uint64_t width, unsigned threads) {
  const auto V = static_cast<double>(task.vocabulary), d = static_cast<double>(width),
             inputs = sorted_inputs(task);
  return (V * d * (V + d) * 3e-7 + inputs * V * 3e-6) / threads;
}

ExactSums exact_sums(const TokenSumModel& model, const Task& task, const LabelSumOptions& options,
                     double patience_s) {
  refuse_if_slow(predicted_fast_seconds(task, model.width, options.threads), patience_s);
  if (const auto tables = token_sum_tables(model, task, options.threads))
    return {loss_sums(*tables, options), "double with an a-priori error bound", beyond_verifier(*tables)};
  refuse_if_slow(predicted_reference_seconds(task, model.width, options.threads), patience_s);
  const std::vector<Interval> logits = reference_logits(model, options.threads);
  return {reference_sums(logits, task, options), "intervals of 250 bits",
          beyond_verifier(logits, task.vocabulary)};
}

} // namespace proofmark
