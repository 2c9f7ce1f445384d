#include "enumeration/proving.hpp"

#include "certificates/task_json.hpp"
#include "files/digest.hpp"
#include "networks/words.hpp"
#include "proofs/proving.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

namespace proofmark::enumeration {

namespace {

Step declared(const InputRange& range, const StepFindings& found, const Stated& stated, const Integer& operations) {
  Step step{std::string(rule_name), {StepRange::Of::inputs, range.from, range.to}, {}, {}, {}, operations};
  if (stated.loss) step.loss = {found.lo, found.hi};
  if (stated.correct) step.correct = {found.least, found.most};
  if (stated.margin) step.margin = found.margin;
  return step;
}

} // namespace

std::string ledger_of(const NetworkPlan& plan) {
  return fmt::format("proofmark {}: sums by batch, model {}, task {}, {} steps", version, plan.model.sha256,
                     Sha256().update(task_text(plan.task)).hex(), plan.steps.size());
}

NetworkProof prove(const NetworkPlan& plan, const std::function<void(double)>& progress, KeptLines* ledger) {
  const DescribedModel& model = plan.model;
  const Findings found =
      find({model.network, plan.task, plan.steps, plan.length, plan.options.threads, progress, ledger});
  const Length lengths(model.network, plan.task.domain, plan.compared());
  NetworkProof proof{{}, found.undecided};
  Certificate& certificate = proof.certificate;
  certificate.task = plan.task;
  certificate.architecture = model.description.text;
  certificate.function = networks::in_one_line(model.description, vocabulary_of(plan.task.domain));
  certificate.classes = model.network.classes;
  certificate.tensors = model.tensors;
  certificate.model_sha256 = model.sha256;
  certificate.tables = lengths.tables();
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    certificate.steps.push_back(
        declared(plan.steps[i], found.steps[i], plan.stated, lengths.step(plan.steps[i].from, plan.steps[i].to)));
  state_claims(certificate, plan.options, true);
  require_length(strategy_name, length(certificate), "fewer inputs make it shorter");
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy_name)},
                            {"engine", found.enclosed ? "doubles and enclosures of 250 bits" : "doubles"}};
  require_size_of_text(certificate);
  return proof;
}

} // namespace proofmark::enumeration
