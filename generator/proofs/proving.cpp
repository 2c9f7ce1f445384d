#include "proofs/proving.hpp"

#include "certificates/claims.hpp"
#include "certificates/writer.hpp"
#include "numbers/outward.hpp"
#include "proofs/steps.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/spelling.hpp"
#include "support/version.hpp"

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

Error no_loss(const Strategy& strategy) {
  return Error(Exit::usage, fmt::format("--strategy {} shows the accuracy and nothing of the loss", strategy.name),
               "--strategy soft-near-far bounds the loss; --quantity accuracy leaves it out");
}
Error no_margin(const Strategy& strategy) {
  return Error(Exit::usage, fmt::format("--strategy {} bounds no margin", strategy.name),
               fmt::format("--strategy {} does", exact_strategy(strategy.family)));
}

// What steps can state of the quantities that are wanted.
Stated supported(const Strategy& strategy, const Task& task, const Quantities& wanted) {
  return {wanted.cross_entropy && strategy.rule.loss, wanted.accuracy,
          wanted.margin && strategy.rule.exact && task.vocabulary > 1};
}

void require_something(const Strategy& strategy, const Task& task, const Quantities& wanted) {
  const Stated stated = supported(strategy, task, wanted);
  if (stated.loss || stated.correct || stated.margin) return;
  if (wanted.cross_entropy) throw no_loss(strategy);
  if (wanted.margin && task.vocabulary > 1) throw no_margin(strategy);
  throw Error(Exit::usage,
              wanted.margin ? "a model with one output has no margin" : "a length alone says nothing of the model",
              "--quantity all claims what the strategy supports");
}

void require_supported(const Strategy& strategy, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims) {
    const bool upper = claim.direction == Side::upper, loss = claim.quantity == Quantity::cross_entropy;
    if (loss && !strategy.rule.loss) throw no_loss(strategy);
    if (claim.quantity == Quantity::margin && !strategy.rule.exact) throw no_margin(strategy);
    const bool beyond = (loss && !upper && !strategy.rule.from_below) ||
                        (claim.quantity == Quantity::accuracy && upper && !strategy.rule.exact);
    if (beyond)
      throw Error(Exit::usage,
                  fmt::format("--bound asks for {} {}, but --strategy {} bounds it from {} only",
                              in_words(claim.quantity, claim.direction), claim.bound, strategy.name,
                              upper ? "below" : "above"),
                  fmt::format("--strategy {} bounds it from both sides", exact_strategy(strategy.family)));
  }
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
  return strategy.rule.from_below || claims_accuracy(wanted) ||
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
  const Task& task = shape.task;
  require_supported(strategy, options.bounds);
  require_something(strategy, task, options.quantities);
  Prospect result{
      strategy, task, equal_ranges(task.vocabulary, number_of_steps(strategy.family, task, options)), {{}, 0}};
  strategy.check(task, options.how, result.steps);
  // So that there is no dry run when there is no hope.
  if (strategy.least) require_length(strategy, strategy.least(task));
  const bool loss = options.quantities.cross_entropy;
  const Integer witnesses = strategy.witness_bytes ? strategy.witness_bytes(task, options.how, loss) : Integer(0);
  require_file_size(base64_bytes(Integer(shape.weight_bytes)) + base64_bytes(witnesses));
  const Stated stated = supported(strategy, task, options.quantities);
  result.outlook.length = predicted(strategy, shape, options.how, loss, stated.correct || stated.margin).length() +
                          most_of_conclusion(result.steps.size());
  require_length(strategy, result.outlook.length);
  result.outlook.seconds = strategy.seconds(shape, options.how, loss) / options.threads;
  return result;
}

// What a dry run says; a step's is at least 1.
void set_budgets(Certificate& certificate, const Plan& plan, const Shape& shape, bool correct) {
  const Lengths lengths(shape, plan.hints);
  std::vector<std::string_view> rules;
  for (const Rule& rule : plan.rules) rules.push_back(rule.name);
  certificate.tables = lengths.tables(rules).length();
  for (Step& step : certificate.steps)
    step.operations = std::max(Integer(1), lengths.step(step.rule, step.labels, correct).length());
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
  if (options.quantities != Quantities()) result["quantity"] = text(options.quantities);
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

std::string ledger_of(const Model& model, const ProofOptions& options) {
  const Strategy& strategy = chosen_strategy(family(model), options.strategy);
  const Stated stated = supported(strategy, {options.context, vocabulary(model)}, options.quantities);
  return fmt::format("proofmark {}: exact sums by label, model {}, correct inputs {}, margins {}", version,
                     model_sha256(model, options.context), stated.correct ? "counted" : "not counted",
                     stated.margin ? "found" : "not found");
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
  Stated stated = supported(strategy, task, options.quantities);
  const LabelSumOptions sums{stated.correct, stated.margin, options.threads, progress, ledger};
  const Patience patience{
      patience_of(options), [&](double seconds) {
        if (say)
          say(fmt::format("doubles do not hold these logits: with intervals, about {} to find", in_time(seconds)));
      }};
  Plan plan =
      strategy.plan({model, task, options.how, options.quantities.cross_entropy, sums, expected.steps, patience});
  stated.correct = stated.correct && counts(strategy, plan.sums.labels, options.bounds);
  if (!stated.loss && !stated.correct && !stated.margin)
    throw Error(Exit::data, fmt::format("--strategy {} proves no input of this model correct", strategy.name),
                fmt::format("--strategy {} counts every correct input", exact_strategy(strategy.family)));
  Proof proof;
  Certificate& certificate = proof.certificate;
  certificate.task = task;
  certificate.family = strategy.family;
  certificate.tensors = tensors(model);
  certificate.model_sha256 = model_sha256(model, task.context);
  certificate.witnesses = std::move(plan.witnesses);
  for (std::size_t i = 0; i < expected.steps.size(); ++i)
    certificate.steps.push_back(declared_step(plan.rule(i), task, expected.steps[i], plan.sums.labels, stated));
  set_budgets(certificate, plan, shape_of(model, task.context), stated.correct || stated.margin);

  const Supported best = supported(task, certificate.steps);
  certificate.claims = options.bounds.empty() ? best_claims(best, strategy.rule.from_below) : options.bounds;
  if (options.bounds.empty() && options.quantities.length) certificate.claims.push_back(claim_of_length(certificate));
  require_length(strategy, length(certificate));
  for (const Claim& claim : certificate.claims) require_supported(claim, best, length(certificate));
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
