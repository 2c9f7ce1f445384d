#include "commands/planned_proof.hpp"

#include "families/described_model.hpp"
#include "families/families.hpp"
#include "network_proofs/explained.hpp"
#include "network_proofs/proving.hpp"
#include "network_proofs/strategies.hpp"
#include "networks/tasks/fitting.hpp"
#include "networks/tasks/spelled.hpp"
#include "proofs/explained.hpp"
#include "proofs/summary.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/spelling.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace proofmark {

namespace {

// ---- a model of a family ---------------------------------------------------------------------------------------------

// How the claimed bound splits; nothing, with a note that says so, where that is not known.
std::optional<Noise> split(const Model& model, const Task& task, const Proof& proof, const ProofOptions& options,
                           std::vector<std::string>& notes) {
  ExactLoss exact_loss(model, task, options.threads,
                       options.force ? std::numeric_limits<double>::infinity() : usual_patience_s);
  exact_loss.take(proof);
  std::optional<Noise> result = noise(proof, exact_loss);
  if (!result)
    notes.emplace_back("the noise is not known: nothing is claimed of the loss from above, or the exact loss would "
                       "take too long (--force)");
  return result;
}

PlannedProof of_family(Model given, const Question& question, ProofOptions options) {
  const auto model = std::make_shared<const Model>(std::move(given));
  options.context = context_of(*model, question.context != 0 ? question.context : options.context);
  const Shape shape = shape_of(*model, options.context);
  if (options.strategy.empty()) options.strategy = model->family->exact.name;
  std::map<std::string, std::string> asked = parameters(options); // as the command line has it
  if (options.explanation) options.how = explained(*options.explanation, shape.task, options.how);
  const auto planned = std::make_shared<const Plan>(plan(shape, options));
  return {planned->length,
          planned->seconds,
          ledger_of(*model, *planned),
          fmt::format("{} labels", model->vocabulary),
          std::move(asked),
          takes_explanation(options.strategy),
          [=, noise = question.noise](const PlannedProof::Progress& progress, Ledger* ledger,
                                      const PlannedProof::Say& say) {
            const Proof proof = prove(*model, *planned, progress, ledger, say);
            MadeProof made{proof.certificate, {}, {}, {}};
            made.explanation = explanation_of(options.strategy, options.how, proof.certificate);
            if (const std::string note = context_note(*model, options.context); !note.empty())
              made.notes.push_back(note);
            for (const std::string& note : notes(proof.certificate, undecided(proof))) made.notes.push_back(note);
            if (noise) made.noise = split(*model, planned->task(), proof, options, made.notes);
            return made;
          }};
}

// ---- a network that is described -------------------------------------------------------------------------------------

std::vector<std::string> notes_on(const networks::DescribedModel& model, const Domain& domain) {
  std::vector<std::string> result;
  if (!model.network.unused.empty())
    result.push_back(fmt::format("the description does not use {} of the file's tensors, and the certificate does not "
                                 "have them: {}",
                                 model.network.unused.size(), printable(joined(model.network.unused, ", "), 300)));
  if (const std::uint64_t repeated = repeated_inputs(domain); repeated != 0)
    result.push_back(
        fmt::format("inputs that are listed again: {}; an input counts as often as it is listed", repeated));
  return result;
}

PlannedProof of_network(networks::DescribedModel given, FiniteTask task, const Question& question,
                        const ProofOptions& options) {
  if (question.noise)
    throw Error(Exit::usage, "--noise splits what strategies of a family give away",
                "enumeration's bounds from both sides are those of the network itself");
  const auto model = std::make_shared<const networks::DescribedModel>(std::move(given));
  std::map<std::string, std::string> given_by = parameters(options); // as the command line has it
  ProofOptions with_file = options;
  if (with_file.strategy.empty()) with_file.strategy = enumeration_strategy.name;
  NetworkExplanation explanation;
  if (options.explanation) {
    network_proofs::Explained said = network_proofs::explained(*options.explanation, *model, task, options.how);
    explanation = std::move(said.explanation), with_file.how = said.options;
  }
  const auto planned = std::make_shared<const network_proofs::NetworkPlan>(
      network_proofs::plan(*model, std::move(task), with_file, std::move(explanation)));
  given_by.erase("context");
  given_by["inputs"] = text(planned->task.domain), given_by["label"] = text(planned->task.label);
  return {planned->length,
          planned->seconds,
          network_proofs::ledger_of(*planned),
          planned->strategy->pieces ? planned->strategy->pieces(planned->task) : std::string(),
          given_by,
          planned->strategy->explained_by != 0,
          [=](const PlannedProof::Progress& progress, Ledger* ledger, const PlannedProof::Say&) {
            network_proofs::NetworkProof proof = network_proofs::prove(*planned, progress, ledger);
            MadeProof made{std::move(proof.certificate), {}, {}, notes_on(*model, planned->task.domain)};
            for (const std::string& note : notes(made.certificate, proof.undecided)) made.notes.push_back(note);
            made.explanation =
                network_proofs::explanation_of(planned->strategy->name, proof.explanation, planned->options.how);
            return made;
          }};
}

void require_strategy(const explanations::File& file) {
  std::vector<std::string> explained;
  for (const std::string& name : every_strategy_name()) {
    if (name == file.strategy()) return;
    const NetworkStrategy* const of_networks = network_strategy(name);
    if (takes_explanation(name) || (of_networks && of_networks->explained_by != 0)) explained.push_back(name);
  }
  file.fields()
      .at("strategy")
      .refuse("the name of a strategy", spelling_hint(file.strategy(), explained, "the strategies that take one"));
}

} // namespace

PlannedProof planned_proof(SafetensorsFile file, const Question& asked, ProofOptions options) {
  if (options.explanation) require_strategy(*options.explanation);
  const std::vector<std::string> of_families = strategy_names();
  Question question = asked;
  question.described = network_strategy(options.strategy) &&
                       std::find(of_families.begin(), of_families.end(), options.strategy) == of_families.end();
  auto chosen = chosen_model(std::move(file), question);
  if (auto* const network = std::get_if<NetworkModel>(&chosen))
    return of_network(std::move(network->model), std::move(network->task), question, options);
  FamilyModel& family = std::get<FamilyModel>(chosen);
  if (family.context != 0) options.context = family.context;
  return of_family(std::move(family.model), question, options);
}

} // namespace proofmark
