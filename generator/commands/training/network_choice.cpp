#include "commands/training/network_choice.hpp"

#include "networks/tasks/spelled.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace proofmark {

namespace {

bool has(const Given& given, std::string_view option) {
  return std::find(given.begin(), given.end(), option) != given.end();
}

// Of the options, those that are given.
std::optional<std::string> first_of(const Given& given, std::initializer_list<const char*> options) {
  for (const char* option : options)
    if (has(given, option)) return option;
  return {};
}

FiniteTask task_of(const networks::Recipe& recipe, const NetworkChoice& choice) {
  if (choice.label.empty())
    throw Error(Exit::usage, "--label is required: it says what the network learns",
                "write --label sum-modulo:113; 'proofmark task' lists the labels");
  std::string inputs = choice.inputs;
  std::vector<std::uint64_t> operands_at;
  if (inputs.empty()) {
    const auto count =
        recipe.inputs ? networks::operands(parse_label(choice.label, {2, {{0, 1}, {0, 1}}})) : std::nullopt;
    if (!count)
      throw Error(Exit::usage, "--inputs is required: it says which inputs there are",
                  "write --inputs 0..113,0..113 (0..113 is 0 to 112), or the name of a file with one input a row");
    inputs = recipe.inputs(*count);
    operands_at = {0, 1};
  }
  Domain domain = parse_inputs(inputs);
  Labelling label = parse_label(choice.label, domain);
  if (label.positions.empty() && domain.positions > operands_at.size()) label.positions = operands_at;
  require_reads(label, domain.positions);
  return {std::move(domain), std::move(label)};
}

networks::Description description_of(const networks::Recipe& recipe, const networks::RecipeSizes& sizes,
                                     const NetworkChoice& choice, std::uint64_t positions) {
  if (recipe.architecture) return networks::read_description(recipe.architecture(positions, sizes), "the recipe");
  networks::Description description = networks::read_description(std::filesystem::path(choice.architecture));
  if (description.positions != positions)
    throw Error(Exit::usage,
                fmt::format("{} describes {} positions, but inputs have {} tokens", in_quotes(choice.architecture),
                            description.positions, positions),
                "--inputs has a range or a token for each position");
  return description;
}

void require_heads(const networks::Description& description, const networks::Sizes& sizes) {
  for (const auto& block : description.blocks)
    if (block.attention && sizes.head_width == 0 && sizes.width % block.attention->heads != 0)
      throw Error(Exit::usage,
                  fmt::format("a width of {} is no multiple of {} heads", sizes.width, block.attention->heads),
                  "give --head-width as well, or another --width");
}

} // namespace

std::vector<Option> network_table(NetworkChoice& choice) {
  Option share = real("--share", choice.share, false,
                      "of the inputs, drawn at random, that are trained on (default: 1, mlp: 0.4, transformer: 0.7)");
  share.preset.clear();
  return {
      text("--architecture", "FILE", choice.architecture, "the description of the network, in place of --family"),
      text("--label", "NAME", choice.label, "what described networks, mlp and transformer learn; see 'proofmark task'"),
      text("--inputs", "SPEC", choice.inputs,
           "their inputs: a range or a token a position, as in 0..113,0..113,113, or a file "
           "(default: two operands of sum-modulo or symmetric-group, transformer: and a separator)"),
      number("--heads", "N", choice.heads, 1, limits::width, "transformer: heads of a block (default: 4)"),
      number("--mlp-width", "N", choice.mlp_width, 0, limits::width,
             "of MLPs; transformer: 0 for none (default: 128, transformer: 512)"),
      number("--blocks", "N", choice.blocks, 1, 64, "transformer: one after the other (default: 1)"),
      std::move(share),
  };
}

const networks::Recipe* recipe_of(const TrainingChoice& training, const NetworkChoice& choice, const Given& given) {
  const networks::Recipe* recipe = networks::recipe_named(training.family);
  if (!choice.architecture.empty()) {
    if (has(given, "--family"))
      throw Error(Exit::usage, "--architecture and --family both say what is trained", "give one of them");
    recipe = &networks::described_recipe();
  }
  const auto refuse = [&](std::initializer_list<const char*> options, const std::string& why, const std::string& hint) {
    if (const auto option = first_of(given, options))
      throw Error(Exit::usage, fmt::format("{} is given, but {}", *option, why), hint);
  };
  if (!recipe) {
    refuse({"--label", "--inputs", "--heads", "--mlp-width", "--blocks", "--share"},
           fmt::format("the family {} is trained on the largest of its tokens", training.family),
           "add --family transformer, --family mlp or --architecture FILE");
    return nullptr;
  }
  refuse({"--context", "--vocabulary"}, "the inputs say it", "write --inputs 0..64,0..64 for two tokens of 64");
  const Objective objective = objective_named(training.objective);
  if (objective != Objective::cross_entropy && objective != Objective::low_rank)
    throw Error(Exit::usage, fmt::format("the objective {} is not of described networks", training.objective),
                "use --objective low-rank or --objective cross-entropy");
  refuse({"--top"}, "described networks have no heads of tokens", "leave it out");
  if ((objective == Objective::low_rank) != training.rank.has_value())
    throw Error(Exit::usage, "--objective low-rank and --rank go together",
                training.rank ? "add --objective low-rank, or leave --rank out" : "write --rank 8, for instance");
  if (recipe->name != "transformer")
    refuse({"--heads", "--blocks"}, "the description says it", "leave it out, or add --family transformer");
  if (recipe->name == "mlp") refuse({"--mlp-width", "--head-width"}, "an mlp has --width alone", "leave it out");
  return recipe;
}

networks::NetworkTraining network_training(const networks::Recipe& recipe, const TrainingChoice& training,
                                           const NetworkChoice& choice, const Given& given) {
  networks::NetworkTraining result;
  result.task = task_of(recipe, choice);
  networks::RecipeSizes sizes = recipe.sizes;
  sizes.width = training.width.value_or(sizes.width);
  sizes.heads = choice.heads.value_or(sizes.heads);
  sizes.mlp_width = choice.mlp_width.value_or(sizes.mlp_width);
  sizes.blocks = choice.blocks.value_or(sizes.blocks);
  const Domain& domain = result.task.domain;
  result.description = description_of(recipe, sizes, choice, domain.positions);
  const std::vector<Token> labels = networks::labels_of_all(result.task);
  result.sizes = {{},
                  sizes.width,
                  training.head_width.value_or(0),
                  std::max<std::uint64_t>(1, sizes.mlp_width),
                  *std::max_element(labels.begin(), labels.end()) + std::uint64_t{1}};
  for (std::uint64_t p = 0; p < domain.positions; ++p)
    result.sizes.tokens.push_back(largest_token(domain, p) + std::uint64_t{1});
  require_heads(result.description, result.sizes);
  result.factored = recipe.factored;
  result.share = has(given, "--share") ? choice.share : recipe.share;
  if (result.share > 1) throw Error(Exit::usage, "--share: expected a share of the inputs, at most 1");
  result.batch = training.batch.value_or(recipe.batch);
  result.rank = training.rank.value_or(0);
  const std::uint64_t steps = training.steps.value_or(recipe.steps);
  result.schedule = {steps, cooled(recipe.optimizer, training.cool_down, steps), training.given.threads};
  const AdamWOptions& optimizer = training.given.optimizer;
  if (has(given, "--learning-rate")) result.schedule.optimizer.learning_rate = optimizer.learning_rate;
  if (has(given, "--weight-decay"))
    (recipe.factored ? result.schedule.optimizer.l2 : result.schedule.optimizer.weight_decay) = optimizer.weight_decay;
  result.seed = training.given.seed;
  return result;
}

} // namespace proofmark
