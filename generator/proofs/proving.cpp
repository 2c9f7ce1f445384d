#include "proofs/proving.hpp"

#include "certificates/writer.hpp"
#include "support/error.hpp"
#include "support/limits.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

bool claims_accuracy(const std::vector<Claim>& claims) {
  return std::any_of(claims.begin(), claims.end(),
                     [](const Claim& claim) { return claim.quantity == Quantity::accuracy; });
}

// Whether steps state how many inputs are correct. A rule that does not go through inputs may find none, and
// then says nothing unless it was asked.
bool counts(const Strategy& strategy, const std::vector<LabelSum>& sums, const std::vector<Claim>& wanted) {
  return strategy.rule.from_below || claims_accuracy(wanted) ||
         std::any_of(sums.begin(), sums.end(), [](const LabelSum& sum) { return sum.correct > 0; });
}

// What a dry run says; a step's is at least 1.
void set_budgets(Certificate& certificate, const Findings& findings, const Shape& shape, bool correct) {
  const Lengths lengths(shape, findings.hints);
  std::vector<std::string_view> rules;
  for (const Rule& rule : findings.rules) rules.push_back(rule.name);
  certificate.tables = lengths.tables(rules).length();
  for (Step& step : certificate.steps)
    step.operations = std::max(Integer(1), lengths.step(step.rule, step.range.labels(), correct).length());
}

} // namespace

// The whole text is only counted where its tensors make it so large that it matters.
void require_size_of_text(const Certificate& certificate) {
  std::uint64_t tensors = 0, bytes = 0;
  for (const Tensor& tensor : certificate.tensors) tensors += tensor.bytes.size();
  for (const auto& [name, witness] : certificate.witnesses) tensors += witness.bytes.size();
  if (tensors < limits::file_bytes / 2) return;
  write_certificate(certificate, [&](std::string_view text) { bytes += text.size(); });
  require_file_size(Integer(bytes));
}

void state_claims(Certificate& certificate, const ProofOptions& options, bool loss_from_below) {
  const Supported best = supported(size_of(certificate.task.domain), certificate.steps);
  certificate.claims = options.bounds.empty() ? best_claims(best, loss_from_below) : options.bounds;
  if (options.bounds.empty() && options.quantities.length) certificate.claims.push_back(claim_of_length(certificate));
  for (const Claim& claim : certificate.claims) require_supported(claim, best, length(certificate));
}

std::string ledger_of(const Model& model, const Plan& plan) {
  return fmt::format("proofmark {}: exact sums by label, model {}, correct inputs {}, margins {}", version,
                     model_sha256(model, plan.task().context), plan.stated.correct ? "counted" : "not counted",
                     plan.stated.margin ? "found" : "not found");
}

std::filesystem::path ledger_path(const std::filesystem::path& certificate) {
  return certificate.string() + ".unfinished";
}

Proof prove(const Model& model, const Plan& plan, const std::function<void(double)>& progress, Ledger* ledger,
            const std::function<void(const std::string&)>& say) {
  const Strategy& strategy = *plan.strategy;
  const ProofOptions& options = plan.options;
  const Task& task = plan.task();
  Stated stated = plan.stated;
  const LabelSumOptions sums{.count_correct = stated.correct,
                             .margin = stated.margin,
                             .threads = options.threads,
                             .progress = progress,
                             .ledger = ledger};
  const Patience patience{
      patience_of(options), [&](double seconds) {
        if (say)
          say(fmt::format("doubles do not hold these logits: with intervals, about {} to find", in_time(seconds)));
      }};
  Findings findings =
      strategy.find({model, task, options.how, options.quantities.cross_entropy, sums, plan.steps, patience});
  stated.correct = stated.correct && counts(strategy, findings.sums.labels, options.bounds);
  if (!stated.loss && !stated.correct && !stated.margin)
    throw Error(Exit::data, fmt::format("--strategy {} proves no input of this model correct", strategy.name),
                fmt::format("--strategy {} counts every correct input", strategy.family->exact.name));
  Proof proof;
  Certificate& certificate = proof.certificate;
  certificate.task = finite_task(task);
  certificate.architecture = architecture_of(model, task.context);
  certificate.function = function_in_words(*strategy.family, task);
  certificate.classes = task.vocabulary;
  certificate.tensors = model.tensors;
  certificate.model_sha256 = model_sha256(model, task.context);
  certificate.witnesses = std::move(findings.witnesses);
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    certificate.steps.push_back(declared_step(findings.rule(i), task, plan.steps[i], findings.sums.labels, stated));
  set_budgets(certificate, findings, plan.shape, stated.correct || stated.margin);

  state_claims(certificate, options, strategy.rule.from_below);
  require_length(strategy, length(certificate));
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy.name)},
                            {"engine", findings.sums.engine}};
  certificate.provenance.merge(options.how.parameters());
  require_size_of_text(certificate);
  proof.sums = std::move(findings.sums);
  proof.exact = strategy.rule.exact;
  return proof;
}

Integer undecided(const Proof& proof) {
  Integer inputs;
  for (const LabelSum& sum : proof.sums.labels) inputs += sum.undecided;
  return inputs;
}

} // namespace proofmark
