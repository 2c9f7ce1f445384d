#include "exact_sums.hpp"

#include "error.hpp"
#include "loss_sums.hpp"
#include "reference_sums.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace {

double as_double(const Integer& x) {
  return x.convert_to<double>();
} // an estimate

double sorted_inputs(const Task& task) {
  return as_double(binomial(task.vocabulary + task.context - 1, task.context));
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
  return (V * d * (V + d) * 1e-9 + V * V * 1e-8 + inputs * (V * 1e-10 + 2e-8)) / threads;
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
    return {loss_sums(*tables, options), "double with an a-priori error bound"};
  refuse_if_slow(predicted_reference_seconds(task, model.width, options.threads), patience_s);
  return {reference_sums(reference_logits(model, options.threads), task, options), "intervals of 250 bits"};
}

} // namespace proofmark
