#include "proving.hpp"

#include "certificate_writer.hpp"
#include "claims.hpp"
#include "error.hpp"
#include "in_quotes.hpp"
#include "limits.hpp"
#include "outward.hpp"
#include "spelling.hpp"
#include "steps.hpp"
#include "strategies/strategy.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace proofmark {

namespace {

const Strategy& chosen_strategy(Family family, const std::string& word) {
  if (const Strategy* strategy = find_strategy(family, word)) return *strategy;
  throw Error(Exit::usage,
              fmt::format("there is no strategy {} for models of the family {}", in_quotes(word), name(family)),
              spelling_hint(word, strategy_names(family), "strategies"));
}

// The strategy of the family that does what another cannot: bound from below, count by the inputs themselves.
std::string exact_strategy(Family family) {
  return family == Family::token_sum ? "symmetry" : "enumeration";
}

void require_direction(const Strategy& strategy, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims)
    if (!strategy.from_below && claim.quantity == Quantity::cross_entropy && claim.direction == Side::lower)
      throw Error(
          Exit::usage,
          fmt::format("--bound asks for a mean cross-entropy >= {}, but --strategy {} bounds it from above only",
                      claim.bound, strategy.name),
          fmt::format("--strategy {} bounds it from both sides", exact_strategy(strategy.family)));
}

// A strategy for the accuracy alone has a bound on the loss for every step, as a step needs one, and claims none by itself.
Error no_loss(const Strategy& strategy) {
  return Error(Exit::usage, fmt::format("--strategy {} shows the accuracy and nothing of the loss", strategy.name),
               "--strategy soft-near-far bounds the loss; --quantity accuracy leaves it out");
}
void require_loss(const Strategy& strategy, const ProofOptions& options) {
  if (!strategy.loss && !options.accuracy) throw no_loss(strategy);
}

void require_length(const Strategy& strategy, const Integer& length) {
  if (length <= limits::length) return;
  throw Error(
      Exit::usage,
      fmt::format("a certificate by {} would cost at least {} operations, more than the {} that the verifier takes",
                  strategy.name, length.str(), limits::length),
      strategy.shorter);
}

void require_file_size(const Integer& bytes) {
  if (bytes <= limits::file_bytes) return;
  throw Error(Exit::usage,
              fmt::format("the certificate would have at least {} bytes, more than the {} that the verifier takes",
                          bytes.str(), limits::file_bytes),
              "a shorter type of the weights, fewer heads or no --budget make it smaller");
}

// The whole text is only counted where its tensors make it so large that it matters.
void require_file_size(const Certificate& certificate) {
  std::uint64_t tensors = 0, bytes = 0;
  for (const Tensor& tensor : certificate.tensors) tensors += tensor.bytes.size();
  for (const auto& [name, witness] : certificate.witnesses) tensors += witness.bytes.size();
  if (tensors < limits::file_bytes / 2) return;
  write_certificate(certificate, [&](std::string_view text) { bytes += text.size(); });
  require_file_size(Integer(bytes));
}

bool claims_accuracy(const std::vector<Claim>& claims) {
  return std::any_of(claims.begin(), claims.end(),
                     [](const Claim& claim) { return claim.quantity == Quantity::accuracy; });
}

// Whether steps state how many inputs are correct. A rule that does not go through inputs may find none, and
// then says nothing unless it was asked.
bool counts(const Strategy& strategy, const std::vector<LabelSum>& sums, const std::vector<Claim>& wanted) {
  return strategy.from_below || claims_accuracy(wanted) ||
         std::any_of(sums.begin(), sums.end(), [](const LabelSum& sum) { return sum.correct > 0; });
}

// A plan that is about to be made; every condition that can be checked before the work holds.
struct Prospect {
  const Strategy& strategy;
  Task task;
  std::vector<LabelRange> steps;
  Outlook outlook;
};

Prospect prospect(const Shape& shape, const ProofOptions& options) {
  const Strategy& strategy = chosen_strategy(shape.family, options.strategy);
  require_direction(strategy, options.bounds);
  require_loss(strategy, options);
  const Task& task = shape.task;
  Prospect result{
      strategy, task, equal_ranges(task.vocabulary, number_of_steps(strategy.family, task, options)), {{}, 0}};
  strategy.check(task, options.how, result.steps);
  // So that no formula is summed over labels when there is no hope.
  if (strategy.least) require_length(strategy, strategy.least(task));
  const Integer witnesses =
      strategy.witness_bytes ? strategy.witness_bytes(task, options.how, options.cross_entropy) : Integer(0);
  require_file_size(base64_bytes(Integer(shape.weight_bytes)) + base64_bytes(witnesses));
  const RuleInUse ends{{}, strategy.from_below, {}, {}};
  result.outlook.length = table_operations({&ends, 1}, shape).length() +
                          conclusion_operations(result.steps.size(), 3, options.accuracy).length() +
                          strategy.predicted(task, options.how, options.accuracy).length();
  require_length(strategy, result.outlook.length);
  result.outlook.seconds = strategy.seconds(shape, options.how, options.cross_entropy) / options.threads;
  return result;
}

double patience_of(const ProofOptions& options) {
  return options.force ? std::numeric_limits<double>::infinity() : usual_patience_s;
}

} // namespace

std::uint64_t context_of(const Model& model, std::uint64_t given) {
  const auto* const transformer = std::get_if<AttentionOnlyModel>(&model);
  if (!transformer) {
    const std::optional<std::uint64_t> recorded = std::get<TokenSumModel>(model).context;
    if (given == 0 && !recorded)
      throw Error(Exit::usage, "this model takes any number of tokens, and its file does not say how many are meant",
                  "add --context N, the number of tokens that it was trained on (docs/interop.md)");
    return given != 0 ? given : *recorded;
  }
  if (given != 0 && given != transformer->context)
    throw Error(Exit::usage,
                fmt::format("--context {} was asked for, but this model has {} positions", given, transformer->context),
                "leave --context out: the model says it");
  return transformer->context;
}

std::string context_note(const Model& model, std::uint64_t context) {
  const auto* const sum = std::get_if<TokenSumModel>(&model);
  if (!sum || !sum->context || *sum->context == context) return {};
  return fmt::format("the model's file says that its inputs have {} tokens; --context asks for {}", *sum->context,
                     context);
}

std::uint64_t number_of_steps(Family family, const Task& task, const ProofOptions& options) {
  const Strategy* const strategy = find_strategy(family, options.strategy);
  const std::uint64_t usual = strategy != nullptr && strategy->usual_steps != nullptr
                                  ? strategy->usual_steps(task, options.how)
                                  : std::min<std::uint64_t>(task.vocabulary, 64);
  const std::uint64_t steps = options.steps != 0 ? options.steps : usual;
  if (steps > task.vocabulary)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} labels of this model", steps, task.vocabulary),
                "a step covers at least one label");
  return steps;
}

std::map<std::string, std::string> parameters(const ProofOptions& options) {
  std::map<std::string, std::string> result{{"context", std::to_string(options.context)}};
  result.merge(options.how.parameters());
  if (options.steps != 0) result["steps"] = std::to_string(options.steps);
  if (!options.accuracy) result["quantity"] = "cross-entropy";
  if (!options.cross_entropy) result["quantity"] = "accuracy";
  std::string bounds;
  for (const Claim& claim : options.bounds)
    bounds +=
        fmt::format("{}{}:{}:{}", bounds.empty() ? "" : " ", name(claim.quantity), name(claim.direction), claim.bound);
  if (!bounds.empty()) result["bound"] = bounds;
  return result;
}

Outlook outlook(const Shape& shape, const ProofOptions& options) {
  return prospect(shape, options).outlook;
}

Outlook require_provable(const Shape& shape, const ProofOptions& options) {
  const Outlook expected = outlook(shape, options);
  Patience{patience_of(options)}.begin(expected.seconds);
  return expected;
}

std::string announcement(const Outlook& expected, unsigned threads) {
  constexpr double worth_saying = 10, seconds_of_an_operation = 4e-10;
  const double verifying = expected.length.convert_to<double>() * seconds_of_an_operation / threads;
  if (expected.seconds + verifying < worth_saying) return {};
  return fmt::format("about {} operations: about {} to find, and about {} to verify", expected.length.str(),
                     in_time(expected.seconds), in_time(verifying));
}

void require_some_proof(const Shape& shape) {
  std::optional<Error> shortest;
  for (const Strategy* strategy : strategies(shape.family)) {
    ProofOptions options;
    options.strategy = strategy->name;
    try {
      outlook(shape, options);
      return;
    } catch (const Error& error) {
      shortest = error;
    }
  }
  throw Error(Exit::usage, std::string("nothing could be proved of such a model: ") + shortest->what(), shortest->hint);
}

std::string ledger_of(const Model& model, const ProofOptions& options) {
  return fmt::format("proofmark {}: exact sums by label, model {}, context {}, correct inputs {}", version,
                     model_sha256(model), options.context, options.accuracy ? "counted" : "not counted");
}

std::filesystem::path ledger_path(const std::filesystem::path& certificate) {
  return certificate.string() + ".unfinished";
}

Proof prove(const Model& model, const ProofOptions& options, const std::function<void(double)>& progress,
            Ledger* ledger, const std::function<void(const std::string&)>& say) {
  const Prospect expected = prospect(shape_of(model, context_of(model, options.context)), options);
  Patience{patience_of(options)}.begin(expected.outlook.seconds);
  const Strategy& strategy = expected.strategy;
  const Task& task = expected.task;
  const LabelSumOptions sums{options.accuracy, options.threads, progress, ledger};
  const Patience patience{
      patience_of(options), [&](double seconds) {
        if (say)
          say(fmt::format("doubles do not hold these logits: with intervals, about {} to find", in_time(seconds)));
      }};
  Plan plan = strategy.plan({model, task, options.how, options.cross_entropy, sums, expected.steps, patience});
  const bool states_correct = options.accuracy && counts(strategy, plan.sums.labels, options.bounds);
  const bool claims_loss = options.cross_entropy && strategy.loss;
  if (!states_correct && !claims_loss && options.bounds.empty())
    throw Error(Exit::data, fmt::format("--strategy {} proves no input of this model correct", strategy.name),
                fmt::format("--strategy {} counts every correct input", exact_strategy(strategy.family)));
  Proof proof;
  Certificate& certificate = proof.certificate;
  certificate.task = task;
  certificate.family = strategy.family;
  certificate.tensors = tensors(model);
  certificate.model_sha256 = model_sha256(model);
  certificate.witnesses = std::move(plan.witnesses);
  certificate.tables = table_operations(plan.rules, shape_of(model, task.context));
  for (std::size_t i = 0; i < expected.steps.size(); ++i)
    certificate.steps.push_back(declared_step(plan.rule(i), task, expected.steps[i], plan.sums.labels, states_correct));

  const Supported best = supported(task, certificate.steps);
  const Wanted wanted{claims_loss, claims_loss && strategy.from_below, states_correct};
  certificate.claims = options.bounds.empty() ? best_claims(best, wanted) : options.bounds;
  for (const Claim& claim : certificate.claims) {
    if (!strategy.loss && claim.quantity == Quantity::cross_entropy &&
        parse_decimal(claim.bound).value() < best.loss_upper)
      throw no_loss(strategy);
    require_supported(claim, best);
  }
  certificate.conclusion = conclusion_operations(certificate.steps.size(), certificate.claims.size(), states_correct);
  require_length(strategy, length(certificate));
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy.name)},
                            {"engine", plan.sums.engine}};
  certificate.provenance.merge(options.how.parameters());
  require_file_size(certificate);
  proof.sums = std::move(plan.sums);
  return proof;
}

Integer undecided(const Proof& proof) {
  Integer inputs;
  for (const LabelSum& sum : proof.sums.labels) inputs += sum.undecided;
  return inputs;
}

} // namespace proofmark
