// proofmark prove: a model file in, a certificate out.

#include "certificates/claims.hpp"
#include "certificates/writer.hpp"
#include "commands/commands.hpp"
#include "commands/values.hpp"
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

#include <CLI/CLI.hpp>
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
  std::string budget, near;
  std::uint64_t context = 0, head = 0, blocks = 0; // 0: not given
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
std::optional<Noise> split(const Model& model, const Proof& proof, const ProofOptions& options,
                           std::vector<std::string>& notes) {
  ExactLoss exact_loss(model, proof.certificate.task, options.threads,
                       options.force ? std::numeric_limits<double>::infinity() : usual_patience_s);
  exact_loss.take(proof, options.strategy);
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
  if (!options.budget.empty()) proof_options.how.budget = parse_budget(options.budget);
  if (options.head != 0) proof_options.how.head = options.head;
  if (options.blocks != 0) proof_options.how.blocks = options.blocks;
  if (!options.near.empty()) proof_options.how.near = parse_near(options.near);
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
  const Outlook outlook = require_provable(shape_of(model, proof_options.context), proof_options);
  // Opened before the work: a destination that cannot be written is found out at once.
  AtomicFile file(options.output);
  // No ledger where there is no file beside which it could stand.
  std::optional<Ledger> ledger;
  const bool to_file = options.output != "-" &&
                       (!std::filesystem::exists(options.output) || std::filesystem::is_regular_file(options.output));
  if (to_file) ledger.emplace(ledger_path(options.output), ledger_of(model, proof_options));
  const Proof proof = [&] {
    Progress progress("proving");
    if (const std::string words = announcement(outlook, proof_options.threads); !words.empty())
      progress.say("a proof of " + words);
    if (ledger && ledger->is_of_something_else())
      progress.say(fmt::format("{} is of another proof: it stays, and this proof keeps nothing while it goes on",
                               in_quotes(ledger_path(options.output).string())));
    if (ledger && ledger->taken_up() > 0)
      progress.say(fmt::format("going on: {} of {} labels were done", ledger->taken_up(), vocabulary(model)));
    return prove(
        model, proof_options, [&](double done) { progress(done); }, ledger ? &*ledger : nullptr,
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
  if (options.noise) summary.noise = split(model, proof, proof_options, summary.notes);
  if (options.json)
    print(json(summary));
  else
    say(text(summary));
}

std::string footer() {
  std::string text;
  for (const std::string& family : family_names()) {
    text += fmt::format("Strategies for models of the family {}:\n", family);
    for (const Strategy* strategy : strategies(family_named(family)))
      text += fmt::format("  {:<15}{}\n", strategy->name, strategy->summary);
    text += "\n";
  }
  return text +
         "Examples:\n"
         "  proofmark prove model.safetensors --strategy symmetry --output proof.json\n"
         "  proofmark prove model.safetensors --strategy head-tail --budget 0.06 --output proof.json\n"
         "  proofmark prove model.safetensors --context 3 --strategy enumeration --steps 8 --output "
         "proof.json\n"
         "  proofmark prove model.safetensors --strategy symmetry --bound 0.25 --bound accuracy:lower:0.96 "
         "--output proof.json\n"
         "  proofmark prove model.safetensors --strategy symmetry --output proof.json --json\n"
         "  proofmark prove attention.safetensors --strategy near-far --heads 4 --joint --output proof.json\n"
         "  proofmark prove model.safetensors --strategy symmetry --bound margin:lower:-1.5 --output proof.json\n"
         "\nWithout --bound, the certificate claims the best that the proof supports of each quantity: the mean "
         "cross-entropy\nfrom both sides (convexity, block-jensen, soft-near-far: from above; strategies for the "
         "accuracy: none), the accuracy\nfrom below, and the length of the proof; symmetry and enumeration also "
         "the accuracy from above and the least margin.\n";
}

} // namespace

void add_prove(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  options->proof.threads = std::max(1u, std::thread::hardware_concurrency());
  CLI::App* command = app.add_subcommand("prove", "Write a proof certificate for a model.");
  command->add_option("model", options->model, "the model, a safetensors file; - for standard input")
      ->required()
      ->type_name("MODEL");
  command->add_option("--context", options->context, "tokens of an input (default: what the model's file says)")
      ->check(whole_number(1, limits::context))
      ->type_name("N");
  command->add_option("--strategy", options->proof.strategy, "how to prove it (below)")
      ->required()
      ->check(one_of("strategy", "strategies", strategy_names()))
      ->type_name("NAME");
  command
      ->add_option("--steps", options->proof.steps,
                   "steps of the proof, each over a range of labels (default 64, or V)")
      ->check(whole_number(1, limits::vocabulary))
      ->type_name("N");
  command->add_option("--quantity", options->quantities, "what to claim (default: all)")
      ->delimiter(',')
      ->check(one_of("quantity", "quantities", quantity_names()))
      ->type_name("WHAT,..");
  command
      ->add_option("--bound", options->bounds,
                   "claim this instead of the best that is proved; the default is cross-entropy:upper; may "
                   "be repeated")
      ->type_name("[QUANTITY:DIRECTION:]DECIMAL")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--head", options->head, "head-tail: outputs that each token's head carries (default 16)")
      ->check(whole_number(1, limits::vocabulary))
      ->type_name("M");
  command
      ->add_option("--groups", options->proof.how.groups, "head-tail: groups of outputs whose tails are bounded apart")
      ->check(whole_number(1, limits::vocabulary))
      ->type_name("G")
      ->capture_default_str();
  command
      ->add_option("--budget", options->budget,
                   "head-tail and mixed: a head for each input, for so large a share of symmetry's multiplications "
                   "(0.02), or for a length of so many operations")
      ->type_name("F");
  command->add_option("--blocks", options->blocks, "block-jensen: blocks of tokens (default 32); each is a step")
      ->check(whole_number(1, limits::vocabulary))
      ->type_name("B");
  command
      ->add_option(
          "--near", options->near,
          "band, near-far, soft-near-far, placements: how many tokens below each label are near it (default 4), "
          "or best, for each label up to 8")
      ->type_name("G|best");
  command
      ->add_option("--heads", options->proof.how.heads,
                   "band, near-far, soft-near-far: outputs of each label that are bounded one by one")
      ->check(whole_number(0, limits::attention_vocabulary - 2))
      ->type_name("H")
      ->capture_default_str();
  command->add_flag("--joint", options->proof.how.joint,
                    "band, near-far, soft-near-far: bound the label's slots and the query together");
  command
      ->add_option("--fill", options->proof.how.fill,
                   "placements: up to how many near slots are filled with every near token")
      ->check(whole_number(0, 63))
      ->type_name("E")
      ->capture_default_str();
  command->add_flag("--weights", options->proof.how.weights,
                    "head-tail: weigh outputs so that the two factors of a tail are balanced");
  command->add_flag("--no-multipliers", options->no_multipliers,
                    "head-tail: bound every tail by itself and no total, for study");
  command
      ->add_option("--threads", options->proof.threads, "default: every core; the certificate does not depend on them")
      ->check(whole_number(1, 256))
      ->type_name("N");
  command->add_flag("--force", options->proof.force,
                    "start even when the work is likely to take more than half an hour");
  command->add_flag(
      "--noise", options->noise,
      "say how far the bound lies above the exact loss, and why; that takes as long as --strategy symmetry");
  command->add_flag("--json", options->json, "print what was written as JSON on standard output, and no text");
  command->add_option("--output", options->output, "the certificate to write, - for standard output")
      ->required()
      ->type_name("CERT");
  command->footer(footer());
  command->callback([options] { run(*options); });
}

} // namespace proofmark
