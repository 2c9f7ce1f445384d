// proofmark prove: a model file in, a certificate out.

#include "../atomic_file.hpp"
#include "../certificate_writer.hpp"
#include "../claims.hpp"
#include "../error.hpp"
#include "../in_quotes.hpp"
#include "../outward.hpp"
#include "../progress.hpp"
#include "../safetensors.hpp"
#include "../spelling.hpp"
#include "../steps.hpp"
#include "../strategies/strategy.hpp"
#include "../version.hpp"
#include "commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>

namespace proofmark {

namespace {

constexpr double patience_s = 30 * 60;

struct Options {
  std::string model;
  std::uint64_t context = 2;
  std::string strategy;
  std::uint64_t steps = 0; // 0: the default
  std::string quantity = "both";
  std::vector<std::string> bounds;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  bool force = false;
  std::string output;
};

const Strategy& chosen_strategy(const std::string& word) {
  if (const Strategy* strategy = find_strategy(word)) return *strategy;
  std::vector<std::string> names;
  std::string list;
  for (const Strategy* strategy : strategies()) {
    names.emplace_back(strategy->name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest_name(word, names);
  throw Error(Exit::usage, fmt::format("there is no strategy {}", in_quotes(word)),
              near.empty() ? "strategies are: " + list : fmt::format("did you mean '{}'?", near));
}

std::vector<Claim> requested_claims(const Options& options) {
  std::vector<Claim> claims;
  for (const std::string& text : options.bounds) {
    claims.push_back(parse_bound(text));
    const Claim& last = claims.back();
    for (std::size_t i = 0; i + 1 < claims.size(); ++i)
      if (claims[i].quantity == last.quantity && claims[i].direction == last.direction)
        throw Error(Exit::usage, fmt::format("--bound gives {} {} twice", name(last.quantity), name(last.direction)),
                    "keep the stronger of the two");
    const char* const left_out = last.quantity == Quantity::accuracy ? "cross-entropy" : "accuracy";
    if (options.quantity == left_out)
      throw Error(Exit::usage,
                  fmt::format("--bound asks for {}, but --quantity {} leaves it out", name(last.quantity), left_out),
                  "use --quantity both");
  }
  return claims;
}

void require_direction(const Strategy& strategy, const std::vector<Claim>& claims) {
  for (const Claim& claim : claims)
    if (!strategy.from_below && claim.quantity == Quantity::cross_entropy && claim.direction == Side::lower)
      throw Error(
          Exit::usage,
          fmt::format("--bound asks for a mean cross-entropy >= {}, but --strategy {} bounds it from above only",
                      claim.bound, strategy.name),
          "--strategy symmetry bounds it from both sides");
}

// The format's limit on the length, on the exact prediction. Two products that every exact rule pays for come
// first, so that no formula is summed over labels when there is no hope.
void require_within_format(const Strategy& strategy, const Task& task, const Certificate& certificate,
                           bool states_correct) {
  const Integer inputs = &strategy == &enumeration ? power(task.vocabulary, task.context)
                                                   : binomial(task.vocabulary + task.context - 1, task.context);
  Integer predicted = strategy.from_below ? Integer(2 * inputs * task.vocabulary) : Integer(0);
  if (predicted <= most_operations())
    predicted = certificate.tables.length() + certificate.conclusion.length() +
                strategy.operations(task, {0, task.vocabulary}, states_correct).length();
  if (predicted > most_operations())
    throw Error(
        Exit::usage,
        fmt::format("a certificate by {} would cost at least {} operations, more than the {} that the format allows",
                    strategy.name, predicted.str(), most_operations().str()),
        &strategy == &enumeration ? "--strategy symmetry costs about 1/n! of that; or use a smaller --context"
                                  : "use a smaller --context or vocabulary");
}

bool claims_accuracy(const std::vector<Claim>& claims) {
  return std::any_of(claims.begin(), claims.end(),
                     [](const Claim& claim) { return claim.quantity == Quantity::accuracy; });
}

// Whether steps state how many inputs are correct. A rule that counts by way of the loss may find none, and
// then says nothing unless it was asked.
bool counts(const Strategy& strategy, const std::vector<LabelSum>& sums, const std::vector<Claim>& wanted) {
  return strategy.from_below || claims_accuracy(wanted) ||
         std::any_of(sums.begin(), sums.end(), [](const LabelSum& sum) { return sum.correct > 0; });
}

void say(const Certificate& certificate, const Integer& undecided) {
  for (const Claim& claim : certificate.claims)
    fmt::print(stderr, "{} {} {}\n", claim.quantity == Quantity::accuracy ? "accuracy" : "mean cross-entropy",
               claim.direction == Side::upper ? "<=" : ">=", claim.bound);
  fmt::print(stderr, "length {} operations\n", length(certificate).str());
  for (const Claim& claim : certificate.claims)
    if (vacuous(claim, certificate.task))
      fmt::print(stderr,
                 "note: this bound on the mean cross-entropy is vacuous: guessing uniformly achieves ln {} = "
                 "{:.4f}\n",
                 certificate.task.vocabulary, std::log(static_cast<double>(certificate.task.vocabulary)));
  if (undecided != 0)
    fmt::print(stderr, "note: {} inputs are tied or too close to call; they are not counted as correct\n",
               undecided.str());
}

void prove(const Options& options) {
  const Strategy& strategy = chosen_strategy(options.strategy);
  const std::vector<Claim> wanted = requested_claims(options);
  require_direction(strategy, wanted);
  const TokenSumModel model = token_sum_model(read_safetensors(options.model));
  const Task task{options.context, model.vocabulary};
  bool states_correct = options.quantity != "cross-entropy";
  const bool claims_loss = options.quantity != "accuracy";
  const std::uint64_t steps = options.steps != 0 ? options.steps : std::min<std::uint64_t>(task.vocabulary, 64);
  if (steps > task.vocabulary)
    throw Error(Exit::usage, fmt::format("--steps {} is more than the {} labels of this model", steps, task.vocabulary),
                "a step covers at least one label");

  Certificate certificate;
  certificate.task = task;
  certificate.model = &model;
  certificate.tables = table_operations(strategy, task, model.width);
  certificate.conclusion = conclusion_operations(steps, 3, states_correct);
  require_within_format(strategy, task, certificate, states_correct);

  // Opened first: a destination that cannot be written is found out before the work.
  AtomicFile file(options.output);
  const LabelSums sums = [&] {
    Progress progress("proving");
    return strategy.sums(model, task, {states_correct, options.threads, [&](double done) { progress(done); }},
                         options.force ? std::numeric_limits<double>::infinity() : patience_s);
  }();
  states_correct = states_correct && counts(strategy, sums.labels, wanted);
  if (!states_correct && !claims_loss)
    throw Error(Exit::data, fmt::format("--strategy {} proves no input of this model correct", strategy.name),
                "--strategy symmetry counts every correct input");
  for (const LabelRange labels : equal_ranges(task.vocabulary, steps))
    certificate.steps.push_back(declared_step(strategy, task, labels, sums.labels, states_correct));

  const Supported best = supported(task, certificate.steps);
  certificate.claims =
      wanted.empty() ? best_claims(best, {claims_loss, claims_loss && strategy.from_below, states_correct}) : wanted;
  for (const Claim& claim : certificate.claims) require_supported(claim, best);
  certificate.conclusion = conclusion_operations(steps, certificate.claims.size(), states_correct);
  certificate.provenance = {{"generator", std::string("proofmark ") + version},
                            {"strategy", std::string(strategy.name)},
                            {"engine", sums.engine}};

  write_certificate(certificate, [&](std::string_view text) { file.write(text); });
  file.commit();

  Integer undecided;
  for (const LabelSum& sum : sums.labels) undecided += sum.undecided;
  say(certificate, undecided);
  if (sums.beyond_verifier)
    fmt::print(stderr,
               "note: logits of one token differ by more than 2^20 nats; proofmark-verify declines such models\n");
}

std::string footer() {
  std::string text = "Strategies:\n";
  for (const Strategy* strategy : strategies()) text += fmt::format("  {:<14}{}\n", strategy->name, strategy->summary);
  return text + "\nExamples:\n"
                "  proofmark prove model.safetensors --strategy symmetry --output proof.json\n"
                "  proofmark prove model.safetensors --context 3 --strategy enumeration --steps 8 --output "
                "proof.json\n"
                "  proofmark prove model.safetensors --strategy symmetry --bound 0.25 --bound accuracy:lower:0.96 "
                "--output proof.json\n"
                "\nWithout --bound, the certificate claims the best that the proof supports: the mean cross-entropy "
                "from both\n"
                "sides (convexity: from above) and the accuracy from below.\n";
}

} // namespace

void add_prove(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("prove", "Write a proof certificate for a model.");
  command->add_option("model", options->model, "the model, a safetensors file")->required()->type_name("MODEL");
  command->add_option("--context", options->context, "tokens of an input")
      ->check(CLI::Range(1, 64))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--strategy", options->strategy, "how to prove it (below)")->required()->type_name("NAME");
  command->add_option("--steps", options->steps, "steps of the proof, each over a range of labels (default 64, or V)")
      ->check(CLI::Range(1, 16384))
      ->type_name("N");
  command->add_option("--quantity", options->quantity, "cross-entropy, accuracy or both")
      ->check(CLI::IsMember({"cross-entropy", "accuracy", "both"}))
      ->type_name("WHAT")
      ->capture_default_str();
  command
      ->add_option("--bound", options->bounds,
                   "claim this instead of the best that is proved; the default is cross-entropy:upper; may "
                   "be repeated")
      ->type_name("[QUANTITY:DIRECTION:]DECIMAL")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--threads", options->threads, "threads; the certificate does not depend on them")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  command->add_flag("--force", options->force, "start even when the work is likely to take more than half an hour");
  command->add_option("--output", options->output, "the certificate to write, - for standard output")
      ->required()
      ->type_name("CERT");
  command->footer(footer());
  command->callback([options] { prove(*options); });
}

} // namespace proofmark
