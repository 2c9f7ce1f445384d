#include "enumeration/batch_sum.hpp"

#include "networks/evaluate.hpp"
#include "numbers/compensated_sum.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/joined.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

namespace proofmark::enumeration {

namespace {

struct Batch {
  networks::Inputs inputs;
  std::vector<Token> labels;
};

Batch batch_of(const FiniteTask& task, const std::vector<std::uint64_t>& indices) {
  const std::uint64_t n = task.domain.positions;
  Batch batch{{std::vector<std::vector<Token>>(n, std::vector<Token>(indices.size()))}, {}};
  std::vector<Token> input(n);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    input_at(task.domain, indices[i], input);
    for (std::size_t p = 0; p < n; ++p) batch.inputs.tokens[p][i] = input[p];
    batch.labels.push_back(static_cast<Token>(label_of(task.label, indices[i], input).value()));
  }
  return batch;
}

template <class Number>
std::vector<networks::LossAndMargin<Number>> evaluated(const networks::Network& network, const FiniteTask& task,
                                                       const std::vector<std::uint64_t>& indices) {
  const Batch batch = batch_of(task, indices);
  return networks::losses(networks::logits<Number>(network, batch.inputs), batch.labels);
}

std::string hexadecimal_words(double x) {
  return hexadecimal(dyadic(x));
}

} // namespace

std::vector<std::uint64_t> some_inputs(const Domain& domain) {
  constexpr std::uint64_t samples = 64;
  const auto inputs = static_cast<std::uint64_t>(size_of(domain));
  const std::uint64_t count = std::min(samples, inputs);
  std::vector<std::uint64_t> indices;
  for (std::uint64_t i = 0; i < count; ++i)
    indices.push_back(static_cast<std::uint64_t>(Integer(inputs) * (2 * i + 1) / (2 * count)));
  return indices;
}

double blur(const networks::Network& network, const FiniteTask& task, const std::vector<std::uint64_t>& indices) {
  double largest = 0;
  if (network.classes > 1)
    for (const auto& [loss, margin] : evaluated<networks::Estimate>(network, task, indices))
      largest = std::max(largest, std::isnan(margin.radius) ? std::numeric_limits<double>::infinity() : margin.radius);
  return largest;
}

BatchSum batch_sum(const networks::Network& network, const FiniteTask& task, std::uint64_t from, std::uint64_t to,
                   double blur) {
  std::vector<std::uint64_t> indices(to - from);
  std::iota(indices.begin(), indices.end(), from);
  const auto found = evaluated<double>(network, task, indices);
  BatchSum result;
  CompensatedSum loss, weight;
  const bool margins = network.classes > 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!std::isfinite(found[i].loss) || !std::isfinite(found[i].margin)) {
      std::vector<Token> input(task.domain.positions);
      input_at(task.domain, from + i, input);
      throw Error(Exit::data,
                  fmt::format("the logits of input {} ({}) are beyond what doubles hold", from + i, joined(input, ",")),
                  "its scores or weights are too large");
    }
    loss.add(found[i].loss);
    if (i == 0 || found[i].loss > result.largest_loss) result.worst = from + i, result.largest_loss = found[i].loss;
    weight.add(std::min(1.0, found[i].loss));
    if (margins) result.margin = std::min(result.margin.value_or(found[i].margin), found[i].margin);
    if (!margins || found[i].margin > safely * blur) ++result.correct;
  }
  result.loss = loss.value();
  result.weight = std::max(0.0, weight.sum);
  for (std::size_t i = 0; margins && i < found.size(); ++i) {
    const double margin = found[i].margin;
    if (margin <= *result.margin + 2 * safely * blur || std::abs(margin) <= safely * blur)
      result.near.push_back({from + i, margin});
  }
  return result;
}

std::vector<Enclosed> enclosed(const networks::Network& network, const FiniteTask& task,
                               const std::vector<std::uint64_t>& indices) {
  std::vector<Enclosed> result;
  for (const auto& [loss, margin] : evaluated<Interval>(network, task, indices)) result.push_back({loss, margin});
  return result;
}

std::string words(const BatchSum& sum) {
  std::string text =
      fmt::format("{} {} {} {} {} {}", hexadecimal(sum.loss), hexadecimal_words(sum.weight), sum.correct,
                  sum.margin ? hexadecimal_words(*sum.margin) : "-", sum.worst, hexadecimal_words(sum.largest_loss));
  for (const NearInput& input : sum.near) text += fmt::format(" {} {}", input.index, hexadecimal_words(input.margin));
  return text;
}

std::optional<BatchSum> batch_sum_in(const std::string& text) {
  std::istringstream words(text);
  std::string loss, weight, margin, largest;
  BatchSum sum;
  if (!(words >> loss >> weight >> sum.correct >> margin >> sum.worst >> largest)) return {};
  const auto number = [](const std::string& word) -> std::optional<double> {
    const auto value = parse_hexadecimal(word);
    return value ? std::optional(value->convert_to<double>()) : std::nullopt;
  };
  const auto exact_loss = parse_hexadecimal(loss);
  if (!exact_loss || !number(weight) || !number(largest)) return {};
  sum.loss = *exact_loss, sum.weight = *number(weight), sum.margin = number(margin);
  sum.largest_loss = *number(largest);
  NearInput input;
  for (std::string word; words >> input.index >> word; sum.near.push_back(input)) {
    if (!number(word)) return {};
    input.margin = *number(word);
  }
  return sum;
}

} // namespace proofmark::enumeration
