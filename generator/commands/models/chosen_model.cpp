#include "commands/models/chosen_model.hpp"

#include "families/described_model.hpp"
#include "families/families.hpp"
#include "networks/tasks/fitting.hpp"
#include "networks/tasks/spelled.hpp"
#include "proofs/plan.hpp"
#include "support/error.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

namespace proofmark {

std::variant<FamilyModel, NetworkModel> chosen_model(SafetensorsFile file, const Question& question) {
  std::optional<networks::Description> description = stated_description(file, question.architecture);
  const std::string inputs = networks::given_or_stored(question.inputs, file, inputs_key),
                    label = networks::given_or_stored(question.label, file, label_key);
  if (!description && inputs.empty() && label.empty() && !question.described)
    return FamilyModel{recognised(std::move(file)), question.context};

  std::optional<Domain> domain;
  if (!inputs.empty()) domain = parse_inputs(inputs);
  if (!description) {
    const Model model = recognised(file);
    const std::uint64_t context = domain ? domain->positions : context_of(model, question.context);
    description = networks::read_description(model.family->architecture(context), "the family's description");
  }
  if (question.context != 0 && question.context != description->positions)
    throw Error(Exit::usage,
                fmt::format("--context {} was asked for, but this model has {} positions", question.context,
                            description->positions),
                "leave --context out: the description says it");
  if (label.empty() && (question.context == 0 || domain))
    throw Error(Exit::usage, "nothing says what the model is to find: --label is missing",
                "'proofmark task' lists labels; --label table:FILE takes your own");
  std::optional<Model> family = described_model(*description, file);
  networks::DescribedModel model = networks::model_of(*description, std::move(file));
  FiniteTask task{domain ? *domain : networks::every_token(model.network), {}};
  task.label = parse_label(label.empty() ? "max" : label, task.domain);
  const std::optional<Task> usual = over_vocabulary(task);
  if (family && !question.described && usual && usual->vocabulary == family->vocabulary)
    return FamilyModel{std::move(*family), usual->context};
  return NetworkModel{std::move(model), std::move(task)};
}

} // namespace proofmark
