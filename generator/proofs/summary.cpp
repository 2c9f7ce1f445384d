#include "proofs/summary.hpp"

#include "certificates/claims.hpp"
#include "certificates/task_json.hpp"
#include "networks/words.hpp"
#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"
#include "support/messages.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace proofmark {

namespace {

using Json = nlohmann::ordered_json;

struct NoiseText {
  std::string exact_loss, tail_slack, rounding_slack;
};

NoiseText decimals(const Noise& noise) {
  return {fixed_decimal(noise.exact_loss, Direction::down, 12), scientific(noise.tail, Direction::up),
          scientific(noise.rounding, Direction::up)};
}

// The split, and the labels that carry the most of what is not exact.
std::string noise_text(const Noise& noise, const std::vector<Step>& steps) {
  constexpr std::size_t most = 3;
  const NoiseText shown = decimals(noise);
  std::string result = fmt::format("noise: of the bound, {} is the exact loss, {} tail slack, {} rounding slack\n",
                                   shown.exact_loss, shown.tail_slack, shown.rounding_slack);
  std::vector<std::size_t> order(noise.tail_by_step.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return noise.tail_by_step[a] > noise.tail_by_step[b]; });
  order.resize(std::min(order.size(), most));
  for (const std::size_t step : order) {
    const LabelRange labels = steps[step].range.labels();
    const std::string which = labels.to - labels.from == 1 ? fmt::format("label {}", labels.from)
                                                           : fmt::format("labels {} to {}", labels.from, labels.to - 1);
    result += fmt::format("noise: {}: tail slack {}\n", which, scientific(noise.tail_by_step[step], Direction::up));
  }
  return result;
}

Json noise_json(const Noise& noise) {
  const NoiseText shown = decimals(noise);
  return {{"exact_loss", shown.exact_loss}, {"tail_slack", shown.tail_slack}, {"rounding_slack", shown.rounding_slack}};
}

// All at most 2^50.
Json operations_json(const Certificate& certificate) {
  Integer steps;
  for (const Step& step : certificate.steps) steps += step.operations;
  const Integer whole = length(certificate);
  const auto count = [](const Integer& n) { return static_cast<std::uint64_t>(n); };
  return {{"tables", count(certificate.tables)},
          {"steps", count(steps)},
          {"conclusion", count(whole - certificate.tables - steps)},
          {"length", count(whole)}};
}

std::string formula_of(const Certificate& certificate) {
  return networks::formula(networks::read_description(certificate.architecture, "the model's description"));
}

} // namespace

std::vector<std::string> notes(const Certificate& certificate, const Integer& undecided) {
  std::vector<std::string> result;
  const auto worse_than_guessing = [&](const Claim& claim) { // the model itself, and not its bound
    return claim.quantity == Quantity::cross_entropy && claim.direction == Side::lower &&
           vacuous(parse_decimal(claim.bound).value(), certificate.classes);
  };
  const bool proved_worse = std::any_of(certificate.claims.begin(), certificate.claims.end(), worse_than_guessing);
  for (const Claim& claim : certificate.claims)
    if (vacuous(claim, certificate.classes))
      result.push_back(fmt::format("{}: guessing uniformly achieves ln {} = {:.4f}",
                                   proved_worse ? "in cross-entropy this model is worse than a guess"
                                                : "this bound on the mean cross-entropy is vacuous",
                                   certificate.classes, elementary::log(static_cast<double>(certificate.classes))));
  if (undecided != 0)
    result.push_back(fmt::format(
        "{} inputs are tied or too close to call; they are counted neither as correct nor as wrong", undecided.str()));
  return result;
}

std::string text(const ProofSummary& summary) {
  const Certificate& certificate = summary.certificate;
  std::string result = certificate.function + "\n";
  if (!over_vocabulary(certificate.task))
    result += formula_of(certificate) + "\n" +
              fmt::format("{}; the label is {}\n", in_words(certificate.task.domain), in_words(certificate.task.label));
  for (const Claim& claim : certificate.claims)
    if (claim.quantity != Quantity::length)
      result += fmt::format("{} {}\n", in_words(claim.quantity, claim.direction), claim.bound);
  result += fmt::format("length {} operations\n", length(certificate).str());
  for (const std::string& note : summary.notes) result += "note: " + note + "\n";
  if (summary.noise) result += noise_text(*summary.noise, certificate.steps);
  return result;
}

std::string json(const ProofSummary& summary) {
  const Certificate& certificate = summary.certificate;
  Json claims = Json::array();
  for (const Claim& claim : certificate.claims)
    claims.push_back({{"quantity", name(claim.quantity)},
                      {"direction", name(claim.direction)},
                      {"bound", claim.bound},
                      {"vacuous", vacuous(claim, certificate.classes)}});
  Json result;
  result["certificate"] = summary.path;
  result["certificate_sha256"] = summary.sha256;
  result["model_sha256"] = certificate.model_sha256;
  result["task"] = task_json(certificate.task);
  result["function"] = certificate.function;
  result["formula"] = formula_of(certificate);
  result["strategy"] = summary.strategy;
  result["parameters"] = summary.parameters;
  result["claims"] = claims;
  result["steps"] = certificate.steps.size();
  result["operations"] = operations_json(certificate);
  result["noise"] = summary.noise ? noise_json(*summary.noise) : Json(nullptr);
  result["notes"] = summary.notes;
  return json_text(result);
}

} // namespace proofmark
