#include "report/report.hpp"

#include <fmt/format.h>

#include <cctype>
#include <set>

namespace proofmark {

namespace {

// Letters, digits and hyphens of a proof's name, made unique: for files and identifiers.
std::string identifier(const std::string& name, std::set<std::string>& taken) {
  std::string plain;
  for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  std::string result = plain;
  for (int i = 2; !taken.insert(result).second; ++i) result = fmt::format("{}-{}", plain, i);
  return result;
}

} // namespace

Report make_report(const Evidence& evidence) {
  Report report{&evidence, {}, {}};
  std::set<std::string> taken;
  for (const ShownModel& model : evidence.models) {
    const std::size_t number = evidence.models.size() == 1 ? 0 : report.models.size() + 1;
    ModelReport next{&model, compare(model), {}, {}, {}, {}, {}, {}};
    next.frontier = frontier_figure(model, next.comparison, number);
    next.accuracy = accuracy_figure(model, next.comparison, number);
    next.slack = slack_figure(model, next.comparison, number);
    if (model.scores) next.score = score_figure(*model.scores, number);
    if (model.logits) next.logits = logits_figure(*model.logits, number);
    for (const ShownProof& proof : model.proofs)
      next.labels.push_back(labels_figure(model, proof, fmt::format("labels-{}", identifier(proof.name, taken))));
    report.models.push_back(std::move(next));
  }
  if (evidence.training) report.training = training_figure(*evidence.training);
  return report;
}

std::vector<const Figure*> figures(const Report& report) {
  std::vector<const Figure*> result;
  const auto add = [&](const std::optional<Figure>& figure) {
    if (figure) result.push_back(&*figure);
  };
  for (const ModelReport& model : report.models) {
    for (const auto* figure : {&model.frontier, &model.accuracy, &model.slack, &model.score, &model.logits})
      add(*figure);
    for (const auto& figure : model.labels) add(figure);
  }
  add(report.training);
  return result;
}

} // namespace proofmark
