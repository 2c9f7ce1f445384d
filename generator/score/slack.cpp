#include "score/slack.hpp"

#include "certificates/claims.hpp"
#include "numbers/outward.hpp"
#include "score/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

Rational number(const std::optional<std::string>& decimal) {
  return parse_long_decimal(decimal.value()).value();
}

// The steps of the exact proof that make up each step of the other, [first, last); nothing where they do not.
using Cover = std::vector<std::pair<std::size_t, std::size_t>>;

std::optional<Cover> covered(const std::vector<Step>& steps, const std::vector<Step>& exact) {
  Cover result;
  std::size_t next = 0;
  for (const Step& step : steps) {
    const std::size_t first = next;
    if (next == exact.size() || exact[next].range.of != step.range.of || exact[next].range.from != step.range.from)
      return {};
    while (next < exact.size() && exact[next].range.to < step.range.to) ++next;
    if (next == exact.size() || exact[next].range.to != step.range.to) return {};
    result.emplace_back(first, ++next);
  }
  return result;
}

std::string range_in_words(const StepRange& range) {
  const std::string what(name(range.of));
  if (range.to == range.from + 1) return fmt::format("{} {}", what.substr(0, what.size() - 1), range.from);
  return fmt::format("{} {} to {}", what, range.from, range.to - 1);
}

std::vector<SlackPart> by_stages(const std::vector<Stage>& stages) {
  std::vector<SlackPart> parts;
  for (std::size_t i = 1; i < stages.size(); ++i) {
    const double difference = stages[i].mean_loss - stages[i - 1].mean_loss;
    if (!std::isfinite(difference)) return {};
    parts.push_back({stages[i].kind, stages[i].what, Rational(difference)});
  }
  return parts;
}

std::vector<SlackPart> by_steps(const Checked& proof, const Checked& exact) {
  const std::vector<Step>&steps = proof.certificate.steps, &others = exact.certificate.steps;
  const Rational inputs(size_of(proof.certificate.task.domain));
  const auto cover = covered(steps, others);
  std::vector<SlackPart> parts;
  if (!cover || proof.verification.step_uppers.size() != steps.size()) return {};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Rational least;
    for (std::size_t j = (*cover)[i].first; j < (*cover)[i].second; ++j) least += others[j].loss->lo;
    parts.push_back({std::string(name(steps[i].range.of)), range_in_words(steps[i].range),
                     (proof.verification.step_uppers[i] - least) / inputs});
  }
  return parts;
}

} // namespace

std::vector<SlackPart> loss_slack(const Checked& proof, const Checked& exact, unsigned threads) {
  if (!proof.verification.upper || !exact.verification.lower) return {};
  const std::string rule = proof.certificate.steps.front().rule;
  std::vector<SlackPart> parts = rule == "block-tables@1" ? by_stages(block_table_stages(proof.certificate, threads))
                                 : rule == "low-rank@1"   ? by_stages(low_rank_stages(proof.certificate, threads))
                                                          : by_steps(proof, exact);
  const Rational whole = number(proof.verification.upper) - number(exact.verification.lower);
  if (parts.empty()) parts.push_back({"whole", "what the strategy gives away, together", whole});
  return closed(std::move(parts), whole);
}

std::vector<SlackPart> accuracy_slack(const Checked& proof, const Checked& exact) {
  if (!proof.verification.accuracy || !exact.verification.accuracy) return {};
  const std::vector<Step>&steps = proof.certificate.steps, &others = exact.certificate.steps;
  const Rational inputs(size_of(proof.certificate.task.domain));
  std::vector<SlackPart> parts;
  if (const auto cover = covered(steps, others); cover && steps.front().correct && others.front().correct)
    for (std::size_t i = 0; i < steps.size(); ++i) {
      Integer least;
      for (std::size_t j = (*cover)[i].first; j < (*cover)[i].second; ++j) least += others[j].correct->least;
      if (least != steps[i].correct->least)
        parts.push_back({std::string(name(steps[i].range.of)), range_in_words(steps[i].range),
                         Rational(least - steps[i].correct->least) / inputs});
    }
  const Rational whole = number(exact.verification.accuracy) - number(proof.verification.accuracy);
  if (parts.empty()) parts.push_back({"whole", "inputs that are not shown correct", whole});
  return closed(std::move(parts), whole);
}

} // namespace proofmark
