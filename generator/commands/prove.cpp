// proofmark prove: a model file in, a certificate out.

#include "certificates/claims.hpp"
#include "certificates/writer.hpp"
#include "commands/commands.hpp"
#include "families/families.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "files/places.hpp"
#include "models/safetensors.hpp"
#include "proofs/proving.hpp"
#include "proofs/summary.hpp"
#include "strategies/ledger.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <thread>

namespace proofmark {

namespace {

struct Options {
  ProofOptions proof;
  std::string model;
  std::vector<std::string> quantities, bounds;
  std::uint64_t context = 0; // 0: not given
  bool no_multipliers = false;
  bool noise = false;
  bool json = false;
  std::string output;
};

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

void run(const Options& options) {
  ProofOptions proof_options = options.proof;
  proof_options.quantities = quantities_named(options.quantities);
  proof_options.bounds = requested_claims(options, proof_options.quantities);
  proof_options.how.multipliers = !options.no_multipliers;
  if (options.noise && !proof_options.quantities.cross_entropy)
    throw Error(Exit::usage,
                fmt::format("--noise splits a bound on the cross-entropy, and --quantity {} leaves that out",
                            text(proof_options.quantities)),
                "leave --quantity out");
  if (options.json && options.output == "-")
    throw Error(Exit::usage, "--json prints on standard output, which has the certificate already",
                "write the certificate to a file");
  require_apart({{"the model", options.model}}, {{"--output", options.output}});
  const Model model = recognised(read_safetensors(options.model));
  proof_options.context = context_of(model, options.context);
  const Plan planned = plan(shape_of(model, proof_options.context), proof_options);
  require_patience(planned);
  // Opened before the work: a destination that cannot be written is found out at once.
  AtomicFile file(options.output);
  // No ledger where there is no file beside which it could stand.
  std::optional<Ledger> ledger;
  const bool to_file = options.output != "-" &&
                       (!std::filesystem::exists(options.output) || std::filesystem::is_regular_file(options.output));
  if (to_file) ledger.emplace(ledger_path(options.output), ledger_of(model, planned));
  const Proof proof = [&] {
    Progress progress("proving");
    if (const std::string words = announcement(planned.length, planned.seconds, proof_options.threads); !words.empty())
      progress.say("a proof of " + words);
    if (ledger && ledger->is_of_something_else())
      progress.say(fmt::format("{} is of another proof: it stays, and this proof keeps nothing while it goes on",
                               in_quotes(ledger_path(options.output).string())));
    if (ledger && ledger->taken_up() > 0)
      progress.say(fmt::format("going on: {} of {} labels were done", ledger->taken_up(), model.vocabulary));
    return prove(
        model, planned, [&](double done) { progress(done); }, ledger ? &*ledger : nullptr,
        [&](const std::string& line) { progress.say(line); });
  }();
  Sha256 digest;
  write_certificate(proof.certificate, [&](std::string_view text) {
    digest.update(text);
    file.write(text);
  });
  file.commit();
  if (ledger) ledger->remove();
  ProofSummary summary{proof, proof_options, options.output, digest.hex(), {}, notes(model, proof)};
  if (options.noise) summary.noise = split(model, planned.task(), proof, proof_options, summary.notes);
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
  return text +
         R"(Without --bound, the certificate claims the best that the proof supports of each quantity: the mean cross-entropy
from both sides (convexity, block-jensen, soft-near-far: from above; strategies for the accuracy: none), the accuracy
from below, and the length of the proof; symmetry and enumeration also the accuracy from above and the least margin.

examples:
  proofmark prove model.safetensors --strategy symmetry --output proof.json
  proofmark prove model.safetensors --strategy head-tail --budget 0.06 --output proof.json
  proofmark prove model.safetensors --context 3 --strategy enumeration --steps 8 --output proof.json
  proofmark prove model.safetensors --strategy symmetry --bound 0.25 --bound accuracy:lower:0.96 --output proof.json
  proofmark prove model.safetensors --strategy symmetry --output proof.json --json
  proofmark prove attention.safetensors --strategy near-far --outputs 4 --joint --output proof.json
  proofmark prove model.safetensors --strategy symmetry --bound margin:lower:-1.5 --output proof.json
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
          number("--context", "N", options->context, 1, limits::context,
                 "tokens of an input (default: what the model's file says)"),
          required(word("--strategy", proof.strategy, {"strategy", "strategies", strategy_names()},
                        "how to prove it (below)")),
          number("--steps", "N", proof.steps, 1, limits::vocabulary,
                 "steps of the proof, each over a range of labels (default: 64, or V)"),
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
           "head-tail and mixed: a head for each input, for so large a share of symmetry's multiplications (0.02), or "
           "for a length of so many operations",
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
          flag("--weights", how.weights, "head-tail: weigh outputs so that the two factors of a tail are balanced"),
          flag("--no-multipliers", options->no_multipliers,
               "head-tail: bound every tail by itself and no total, for study"),
          threads(proof.threads, "default: every core; the certificate does not depend on them"),
          flag("--force", proof.force, "start even when the work is likely to take more than half an hour"),
          flag("--noise", options->noise,
               "say how far the bound lies above the exact loss, and why; that takes as long as --strategy symmetry"),
          flag("--json", options->json, "print what was written as JSON on standard output, and no text"),
          required(text("--output", "FILE", options->output, "the certificate to write, - for standard output")),
      },
      notes(),
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
