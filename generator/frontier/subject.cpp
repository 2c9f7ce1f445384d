#include "frontier/subject.hpp"

#include "families/families.hpp"
#include "network_proofs/proving.hpp"
#include "network_proofs/strategies.hpp"
#include "networks/words.hpp"
#include "numbers/outward.hpp"
#include "proofs/exact_loss.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"

#include <algorithm>

namespace proofmark {

namespace {

constexpr double exact_patience_s = 60; // for the exact loss, where no point needs it
constexpr unsigned digits = 17;

std::optional<std::string> as_decimal(const std::optional<Rational>& exact_loss) {
  if (!exact_loss) return {};
  return decimal(*exact_loss, Direction::down, digits);
}

// Shares of the loss by step.
void compare(const Plan& plan, const Proof& proof, ExactLoss& exact_loss, FinishedPoint& result) {
  const Task& task = plan.task();
  exact_loss.take(proof);
  // Of no use beside a rule that says nothing of the loss.
  const bool bounds_loss = plan.strategy->rule.loss;
  const auto share_of = [&](LabelRange labels) {
    return bounds_loss ? as_decimal(exact_loss.share(labels)) : std::nullopt;
  };
  result.exact_loss = share_of({0, task.vocabulary});
  const Rational inputs(power(task.vocabulary, task.context));
  for (std::size_t i = 0; i < proof.certificate.steps.size(); ++i) {
    const LabelRange labels = proof.certificate.steps[i].range.labels();
    std::optional<std::string> upper;
    if (proof.certificate.steps[i].loss)
      upper = decimal(result.verification.step_uppers[i] / inputs, Direction::up, digits).value();
    result.steps.push_back({labels, upper, share_of(labels)});
  }
}

std::vector<std::string> exact_strategies(const Family& family) {
  std::vector<std::string> names;
  for (const Strategy* strategy : family.strategies)
    if (strategy->rule.exact) names.emplace_back(strategy->name);
  return names;
}

std::optional<Integer> enumeration_of(const Shape& shape) {
  const Strategy* const enumeration = find_strategy(*shape.family, "enumeration");
  if (!enumeration) return {};
  return predicted(*enumeration, shape, {}, true, true).length();
}

} // namespace

Subject outline_of(const Shape& shape, const ProofOptions& common) {
  Subject subject;
  subject.task = finite_task(shape.task);
  subject.function = function_in_words(*shape.family, shape.task);
  subject.classes = shape.task.vocabulary;
  subject.shape = shape;
  subject.whole = enumeration_of(shape);
  subject.exact = exact_strategies(*shape.family);
  subject.points = frontier_points(shape, common);
  subject.plan = [shape](const Point& point) {
    const Plan planned = plan(shape, point.proof);
    return PlannedPoint{planned.length, planned.seconds, {}, {}, {}};
  };
  return subject;
}

Subject subject_of(const Model& given, const ProofOptions& common) {
  const auto model = std::make_shared<const Model>(given);
  const Shape shape = shape_of(*model, common.context);
  Subject subject = outline_of(shape, common);
  subject.model_sha256 = model_sha256(*model, common.context);
  const auto exact_loss = std::make_shared<ExactLoss>(*model, shape.task, common.threads, exact_patience_s);
  subject.plan = [=](const Point& point) {
    const auto planned = std::make_shared<const Plan>(plan(shape, point.proof));
    require_patience(*planned);
    const auto proof = std::make_shared<Proof>();
    return PlannedPoint{planned->length, planned->seconds, ledger_of(*model, *planned),
                        [=](const PlannedPoint::Progress& progress, Ledger* ledger, const PlannedPoint::Say& say) {
                          *proof = prove(*model, *planned, progress, ledger, say);
                          return proof->certificate;
                        },
                        [=](FinishedPoint& result) { compare(*planned, *proof, *exact_loss, result); }};
  };
  return subject;
}

Subject subject_of(const networks::DescribedModel& given, const FiniteTask& task, const ProofOptions& common) {
  const auto model = std::make_shared<const networks::DescribedModel>(given);
  Subject subject;
  subject.task = task;
  subject.function = networks::in_one_line(model->description, vocabulary_of(task.domain));
  subject.model_sha256 = model->sha256;
  subject.classes = model->network.classes;
  subject.whole = network_proofs::whole_length(*model, task);
  subject.exact = {std::string(enumeration_strategy.name)};
  subject.points = network_points(*model, task, common);
  subject.plan = [=](const Point& point) {
    const auto planned =
        std::make_shared<const network_proofs::NetworkPlan>(network_proofs::plan(*model, task, point.proof));
    Patience{patience_of(point.proof)}.begin(planned->seconds);
    return PlannedPoint{planned->length, planned->seconds, network_proofs::ledger_of(*planned),
                        [=](const PlannedPoint::Progress& progress, Ledger* ledger, const PlannedPoint::Say&) {
                          return network_proofs::prove(*planned, progress, ledger).certificate;
                        },
                        [=](FinishedPoint& result) { // enumeration's bounds from both sides are the loss itself
                          if (planned->strategy == &enumeration_strategy) result.exact_loss = result.verification.lower;
                        }};
  };
  return subject;
}

} // namespace proofmark
