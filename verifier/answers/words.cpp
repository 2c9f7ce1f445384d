#include "answers/words.hpp"

#include "check/check.hpp"
#include "kernel/integers.hpp"
#include "models/words.hpp"
#include "reading/limits.hpp"
#include "version.hpp"

#include <mpfr.h>

#include <algorithm>
#include <map>

namespace verifier {
namespace {

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// V, where every position has the tokens 0 .. V-1; else nothing.
std::optional<std::uint64_t> vocabulary(const Task& task) {
  if (task.ranges.empty()) return std::nullopt;
  const TokenRange all{0, task.ranges.front().to};
  if (std::ranges::any_of(task.ranges, [&](const TokenRange& range) { return range != all; })) return std::nullopt;
  return all.to;
}

std::string inputs_in_words(const Task& task) {
  const std::string tokens = counted(task.positions(), "token");
  if (task.list) return "from " + tokens + ", one of " + task.inputs().get_str() + " listed inputs";
  if (const auto V = vocabulary(task)) return "from " + tokens + " out of " + std::to_string(*V) + ", drawn uniformly";
  std::string ranges;
  for (const TokenRange& range : task.ranges)
    ranges += (ranges.empty() ? "" : ", ") + std::to_string(range.from) + " .. " + std::to_string(range.to - 1);
  return "from " + tokens + ", drawn uniformly from " + ranges;
}

} // namespace

std::string in_words(const Claim& claim, const Task& task) {
  const std::string inputs = "all " + task.inputs().get_str() + " inputs";
  const std::string bound = (claim.direction == Direction::upper ? " at most " : " at least ") + claim.text;
  switch (claim.quantity) {
  case Quantity::cross_entropy:
    return "the mean cross-entropy over " + inputs + " is" + bound + " nats";
  case Quantity::accuracy:
    return "the share of " + inputs + " that are classified correctly is" + bound;
  case Quantity::margin:
    return "the margin of every input is" + bound + " nats";
  case Quantity::length:
    break;
  }
  return "checking takes" + bound + " operations";
}

std::string task_in_words(const Task& task) {
  return inputs_in_words(task) + ", name " + in_words(task.label);
}

std::string function_in_words(const Outline& outline) {
  return in_words(outline.architecture, vocabulary(outline.task));
}

std::string rules_used(const Outline& outline) {
  std::map<std::string, std::size_t> counts;
  for (const Step& step : outline.steps) ++counts[step.rule];
  std::string text;
  for (const auto& [rule, count] : counts) text += (text.empty() ? "" : ", ") + std::to_string(count) + " x " + rule;
  return text;
}

std::string explanation(const Certificate& certificate) {
  const Task& task = certificate.task;
  std::string text = "c nothing was verified: this says what the certificate claims and how it argues\n";
  text += "Task: " + task_in_words(task) + ".\n";
  text += "Model: " + function_in_words(certificate) + ". The real function of these exact stored weights:\n";
  text += "  " + formula(certificate.architecture) + "\n";
  for (const auto& [name, tensor] : certificate.tensors)
    text += "  " + name + " " + std::string(verifier::name(tensor.dtype)) + " " + shape_in_words(tensor.shape) + "\n";
  text += "  sha256 " + certificate.model_sha256 + "\n";
  text += "Claims:\n";
  for (const Claim& claim : certificate.claims) text += "  " + in_words(claim, task) + "\n";
  const bool labels = certificate.parts == Parts::labels;
  const mpz_class last = (labels ? integer(certificate.classes) : task.inputs()) - 1;
  text += std::string("Proof: the ") + (labels ? "labels" : "inputs") + " 0 .. " + last.get_str() + " are split into " +
          counted(certificate.steps.size(), "range") + " (" + rules_used(certificate) +
          ").\n  For the inputs of each range the certificate states\n";
  if (certificate.states_loss()) text += "  - an interval that contains the sum of their losses\n";
  if (certificate.states_correct()) text += "  - how many of them are classified correctly, at least and at most\n";
  if (certificate.states_margin()) text += "  - a lower bound of their margins\n";
  text += "  and this implies the claims. Each rule's theorem is in docs/rules/.\n";
  text += "Length: at most " + length(certificate).get_str() + " operations.\n";
  text += "To verify it, run " + std::string(program_name) + " without --explain.\n";
  return text;
}

std::string versions() {
  return std::string(program_name) + " " + program_version + " (commit " + commit + ", MPFR " + mpfr_get_version() +
         ", GMP " + gmp_version + ")";
}

std::string trust_statement() {
  const auto up_to = [](const std::string& name, std::uint64_t most, const std::string& more) {
    return "  " + name + std::string(name.size() < 22 ? 22 - name.size() : 1, ' ') + std::to_string(most) + more + "\n";
  };
  std::string text = versions() + R"(

VERIFIED means: the claims are true of the function that the description and the exact weights define over the real numbers, if
  1. MPFR and GMP compute and round as they document;
  2. the compiler and the machine follow the C++ language, with IEEE 754 doubles (a self-test looks at them; --engine reference computes with none);
  3. proofmark-verify does what docs/rules/ and docs/numerics.md say, and what they say is right;
  4. the task and the model, as schema/FORMAT.md defines them, are the ones you mean (--claim and --weights take them from you).
It says nothing about a float32 forward pass, nor about other inputs or distributions.
docs/trust.md says, layer by layer, what is proven in Coq, what is rechecked and what is assumed.

Limits (beyond them the answer is DECLINED, or what is in brackets):
)";
  text += up_to("file", limits::file_bytes, " bytes");
  text += up_to("nesting", limits::json_depth, " levels (MALFORMED)");
  text += up_to("string", limits::string_length, " characters, tensor data apart (MALFORMED)");
  text += up_to("positions", limits::context, "");
  text += up_to("tokens, classes", limits::vocabulary,
                ", for rules of attention-only " + std::to_string(limits::attention_vocabulary));
  text += up_to("width", limits::width, ", of a row between two parts, of a head, of an MLP");
  text += up_to("blocks", limits::blocks, ", parts of the readout " + std::to_string(limits::readout));
  text += up_to("claims", limits::claims, "");
  text += up_to("steps", limits::steps, "");
  text += up_to("tensors", limits::tensors,
                " of a model, named by up to " + std::to_string(limits::tensor_name) + " characters");
  text += up_to("witnesses", limits::witnesses, " (REJECTED)");
  text += up_to("dimensions", limits::dimensions, " of a tensor (MALFORMED)");
  text += up_to("provenance", limits::provenance_entries, " entries");
  text += up_to("tail norms", limits::tail_norms, " of one token: head sizes times column groups");
  text += up_to("length", limits::length, " operations, 2^50");
  text += up_to("elements of tables", limits::elements_of_tables,
                " alive at a time; of what closes a step on a thread " + std::to_string(limits::elements_of_unit));
  text += "  exponentials          from 2^-(2^30) to 2^(2^30), where their logarithm is needed\n";
  return text;
}

} // namespace verifier
