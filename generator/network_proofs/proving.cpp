#include "network_proofs/proving.hpp"

#include "networks/words.hpp"
#include "proofs/proving.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

namespace proofmark::network_proofs {

namespace {

Step declared(const NetworkStrategy& strategy, const InputRange& range, const StepFindings& found,
              const Stated& stated) {
  Step step{std::string(strategy.rule), {StepRange::Of::inputs, range.from, range.to}, {}, {}, {}, found.operations};
  if (stated.loss) step.loss = {found.lo, found.hi};
  if (stated.correct) step.correct = {found.least, found.most};
  if (stated.margin) step.margin = found.margin;
  return step;
}

} // namespace

std::string ledger_of(const NetworkPlan& plan) {
  return plan.strategy->ledger_of ? plan.strategy->ledger_of(plan.model, plan.task, plan.steps) : std::string();
}

NetworkProof prove(const NetworkPlan& plan, const std::function<void(double)>& progress, KeptLines* ledger) {
  const NetworkStrategy& strategy = *plan.strategy;
  const networks::DescribedModel& model = plan.model;
  NetworkFindings found = strategy.find({model, plan.task, plan.steps, plan.options.how, plan.explanation, plan.stated,
                                         plan.budget, plan.length, plan.options.threads, progress, ledger});
  NetworkProof proof{{}, found.undecided, std::move(found.explanation)};
  Certificate& certificate = proof.certificate;
  certificate.task = plan.task;
  certificate.architecture = model.description.text;
  certificate.function = networks::in_one_line(model.description, vocabulary_of(plan.task.domain));
  certificate.classes = model.network.classes;
  certificate.tensors = model.tensors;
  certificate.model_sha256 = model.sha256;
  certificate.witnesses = std::move(found.witnesses);
  certificate.tables = found.tables;
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    certificate.steps.push_back(declared(strategy, plan.steps[i], found.steps[i], plan.stated));
  state_claims(certificate, plan.options, true);
  require_length(strategy.name, length(certificate), strategy.shorter);
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy.name)},
                            {"engine", found.engine}};
  certificate.provenance.merge(plan.options.how.parameters());
  certificate.provenance.merge(std::move(found.parameters));
  require_size_of_text(certificate);
  return proof;
}

} // namespace proofmark::network_proofs
