// proofmark prove: a model file in, a certificate out.

#include "certificates/claims.hpp"
#include "certificates/writer.hpp"
#include "commands/commands.hpp"
#include "commands/planned_proof.hpp"
#include "families/families.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "files/places.hpp"
#include "models/model_file.hpp"
#include "network_proofs/strategies.hpp"
#include "proofs/proving.hpp"
#include "proofs/summary.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>

namespace proofmark {

namespace {

struct Options {
  ProofOptions proof;
  std::string model;
  std::vector<std::string> quantities, bounds;
  Question question;
  bool no_multipliers = false;
  bool json = false;
  std::string explanation, write_explanation;
  std::string output;
};

// The explanation names its strategy, so that nobody has to say it twice.
void read_explanation(const Options& options, ProofOptions& proof) {
  if (!options.explanation.empty()) {
    proof.explanation = std::make_shared<const explanations::File>(options.explanation);
    const std::string& named = proof.explanation->strategy();
    if (!proof.strategy.empty() && proof.strategy != named)
      throw Error(Exit::usage,
                  fmt::format("--strategy {} is not that of the explanation, {}", proof.strategy, in_quotes(named)),
                  "leave --strategy out: the explanation says it");
    proof.strategy = named;
  }
  if (proof.strategy.empty())
    throw Error(Exit::usage, "--strategy is required", "see 'proofmark prove --help'; an explanation names its own");
}

std::vector<Claim> requested_claims(const Options& options, const Quantities& wanted) {
  std::vector<Claim> claims;
  for (const std::string& text : options.bounds) {
    claims.push_back(parse_bound(text));
    const Claim& last = claims.back();
    for (std::size_t i = 0; i + 1 < claims.size(); ++i)
      if (claims[i].quantity == last.quantity && claims[i].direction == last.direction)
        throw Error(Exit::usage, fmt::format("--bound gives {} {} twice", name(last.quantity), name(last.direction)),
                    "keep the stronger of the two");
    if (!wanted.has(last.quantity) && last.quantity != Quantity::length)
      throw Error(Exit::usage,
                  fmt::format("--bound asks for {}, but --quantity {} leaves it out", name(last.quantity),
                              proofmark::text(wanted)),
                  "leave --quantity out");
  }
  return claims;
}

void run(const Options& options) {
  ProofOptions proof_options = options.proof;
  proof_options.quantities = quantities_named(options.quantities);
  proof_options.bounds = requested_claims(options, proof_options.quantities);
  proof_options.how.multipliers = !options.no_multipliers;
  read_explanation(options, proof_options);
  if (options.question.noise && !proof_options.quantities.cross_entropy)
    throw Error(Exit::usage,
                fmt::format("--noise splits a bound on the cross-entropy, and --quantity {} leaves that out",
                            text(proof_options.quantities)),
                "leave --quantity out");
  if (options.json && options.output == "-")
    throw Error(Exit::usage, "--json prints on standard output, which has the certificate already",
                "write the certificate to a file");
  require_apart({{"the model", options.model},
                 {"--architecture", options.question.architecture},
                 {"--explanation", options.explanation}},
                {{"--output", options.output}, {"--write-explanation", options.write_explanation}});
  proof_options.context = options.question.context;
  const PlannedProof planned = planned_proof(read_model_file(options.model), options.question, proof_options);
  if (!options.write_explanation.empty() && !planned.is_explained)
    throw Error(Exit::usage,
                fmt::format("--strategy {} has no witnesses, and so no explanation", proof_options.strategy),
                "leave --write-explanation out");
  Patience{patience_of(proof_options)}.begin(planned.seconds);
  // Opened before the work: a destination that cannot be written is found out at once.
  AtomicFile file(options.output);
  std::optional<AtomicFile> explanation;
  if (!options.write_explanation.empty()) explanation.emplace(options.write_explanation);
  // No ledger where there is no file beside which it could stand.
  std::optional<Ledger> ledger;
  const bool to_file = options.output != "-" &&
                       (!std::filesystem::exists(options.output) || std::filesystem::is_regular_file(options.output));
  if (to_file && !planned.ledger_of.empty()) ledger.emplace(ledger_path(options.output), planned.ledger_of);
  const MadeProof made = [&] {
    Progress progress("proving");
    if (const std::string words = announcement(planned.length, planned.seconds, proof_options.threads); !words.empty())
      progress.say("a proof of " + words);
    if (ledger && ledger->is_of_something_else())
      progress.say(fmt::format("{} is of another proof: it stays, and this proof keeps nothing while it goes on",
                               in_quotes(ledger_path(options.output).string())));
    if (ledger && ledger->taken_up() > 0)
      progress.say(fmt::format("going on: {} of {} were done", ledger->taken_up(), planned.pieces));
    return planned.make([&](double done) { progress(done); }, ledger ? &*ledger : nullptr,
                        [&](const std::string& line) { progress.say(line); });
  }();
  Sha256 digest;
  write_certificate(made.certificate, [&](std::string_view text) {
    digest.update(text);
    file.write(text);
  });
  if (explanation) {
    explanation->write(made.explanation);
    explanation->commit();
  }
  file.commit();
  if (ledger) ledger->remove();
  const ProofSummary summary{made.certificate, proof_options.strategy, planned.parameters,
                             options.output,   digest.hex(),           made.noise,
                             made.notes};
  if (options.json)
    print(json(summary));
  else
    say(text(summary));
}

std::string notes() {
  std::string text;
  for (const Family* family : families()) {
    text += fmt::format("Strategies for models of the family {}:\n", family->name);
    for (const Strategy* strategy : family->strategies)
      text += fmt::format("  {:<15}{}\n", strategy->name, strategy->summary);
    text += "\n";
  }
  text += "Of any network that is described (--architecture), and of any inputs and labels:\n";
  for (const NetworkStrategy* strategy : network_strategies())
    text += fmt::format("  {:<15}{}\n", strategy->name, strategy->summary);
  return text + R"(
Without --bound, the certificate claims the best that the proof supports of each quantity: the mean cross-entropy
from both sides (convexity, block-jensen, soft-near-far: from above; strategies for the accuracy: none), the accuracy
from below, and the length of the proof; symmetry and enumeration also the accuracy from above and the least margin.

examples:
  proofmark prove model.safetensors --strategy symmetry --output proof.json
  proofmark prove model.safetensors --strategy head-tail --budget 0.06 --output proof.json
  proofmark prove model.safetensors --context 3 --strategy enumeration --steps 8 --output proof.json
  proofmark prove model.safetensors --strategy symmetry --bound 0.25 --bound accuracy:lower:0.96 --output proof.json
  proofmark prove model.safetensors --strategy symmetry --output proof.json --json
  proofmark prove attention.safetensors --strategy near-far --outputs 4 --joint --output proof.json
  proofmark prove model.safetensors --strategy head-tail --write-explanation found.json --output proof.json
  proofmark prove model.safetensors --explanation mine.json --output proof.json
  proofmark prove model.safetensors --strategy symmetry --bound margin:lower:-1.5 --output proof.json
  proofmark prove modadd.safetensors --architecture modadd.architecture.json --inputs 0..113,0..113,113 \
    --label sum-modulo:113@0,1 --strategy enumeration --output proof.json
  proofmark prove addition.safetensors --strategy low-rank --budget 0.08 --output proof.json
  proofmark prove s5.safetensors --strategy block-tables --budget 0.06 --output proof.json
)";
}

} // namespace

Command prove_command() {
  const auto options = std::make_shared<Options>();
  ProofOptions& proof = options->proof;
  StrategyOptions& how = proof.how;
  proof.threads = std::max(1u, std::thread::hardware_concurrency());
  return {
      "prove",
      "Write a proof certificate for a model.",
      {required(text("", "MODEL", options->model, "the model, a safetensors file; - for standard input"))},
      {
          text("--architecture", "FILE", options->question.architecture,
               "the description of a network (default: the file's metadata, or the names of a family)"),
          text(
              "--inputs", "SPEC", options->question.inputs,
              "its inputs: one range or token a position (0..113,0..113,113), or a file with one input a row (default: "
              "the metadata, or every token)"),
          text("--label", "NAME", options->question.label,
               "what it is to find, as 'proofmark task' lists it: max, sum-modulo:113@0,1, table:FILE (default: the "
               "metadata)"),
          number("--context", "N", options->question.context, 1, limits::context,
                 "tokens of an input, whose largest is to be found (default: what the model's file says)"),
          word("--strategy", proof.strategy, {"strategy", "strategies", every_strategy_name()},
               "how to prove it (below); required unless an explanation names it"),
          number("--steps", "N", proof.steps, 1, limits::steps,
                 "steps of the proof, each over a range of labels, or of a network's inputs (default: 64, or as many "
                 "as there "
                 "are labels or batches of 1024 inputs)"),
          words("--quantity", options->quantities, {"quantity", "quantities", quantity_names()},
                "what to claim (default: all)"),
          texts("--bound", "BOUND", options->bounds,
                "claim this instead of the best that is proved: DECIMAL, of the cross-entropy from above, or "
                "QUANTITY:DIRECTION:DECIMAL"),
          formerly("--head", number("--top", "M", how.top, 1, limits::vocabulary,
                                    "head-tail: outputs that each token's head carries (default: 16)")),
          number("--groups", "G", how.groups, 1, limits::vocabulary,
                 "head-tail: groups of outputs whose tails are bounded apart"),
          {"--budget", "F",
           "how long the proof may be: so many operations, or a share, which is of symmetry's multiplications "
           "(head-tail, "
           "mixed: 0.02) or of every input's computation by itself (low-rank, block-tables: 0.1)",
           [&how](const std::string& text) { how.budget = parse_budget(text); }},
          number("--blocks", "B", how.blocks, 1, limits::vocabulary,
                 "block-jensen: blocks of tokens (default: 32); each is a step"),
          {"--near", "G",
           "band, near-far, soft-near-far, placements: how many tokens below each label are near it (default: 4), or "
           "best, for each label up to 8",
           [&how](const std::string& text) { how.near = parse_near(text); }},
          formerly("--heads", number("--outputs", "H", how.outputs, 0, limits::attention_vocabulary - 2,
                                     "band, near-far, soft-near-far: outputs of each label that are bounded one by "
                                     "one (default: 0)")),
          flag("--joint", how.joint,
               "band, near-far, soft-near-far: bound the label's positions and the query together"),
          number("--fill", "E", how.fill, 0, 63, "placements: up to how many near positions hold every near token"),
          number("--rank", "K", how.rank, 0, limits::width, "low-rank: rows of the basis (default: searched)"),
          {"--open", "TAU",
           "low-rank, block-tables: evaluate exactly the classes that may come within TAU of the label's logit "
           "(default: "
           "0, which decides every input), or none",
           [&how](const std::string& text) { how.open = parse_open(text); }},
          text("--explanation", "FILE", options->explanation,
               "what a person says of how the model works (JSON, docs/explanations.md); what it leaves open is "
               "searched"),
          text("--write-explanation", "FILE", options->write_explanation,
               "also write the explanation that was found: read again, it gives the same certificate"),
          flag("--weights", how.weights, "head-tail: weigh outputs so that the two factors of a tail are balanced"),
          flag("--no-multipliers", options->no_multipliers,
               "head-tail: bound every tail by itself and no total, for study"),
          threads(proof.threads, "default: every core; the certificate does not depend on them"),
          flag("--force", proof.force, "start even when the work is likely to take more than half an hour"),
          flag("--noise", options->question.noise,
               "say how far the bound lies above the exact loss, and why; that takes as long as --strategy symmetry"),
          flag("--json", options->json, "print what was written as JSON on standard output, and no text"),
          required(text("--output", "FILE", options->output, "the certificate to write, - for standard output")),
      },
      notes(),
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
