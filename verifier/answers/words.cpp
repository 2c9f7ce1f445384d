#include "answers/words.hpp"

#include "counts.hpp"
#include "family.hpp"
#include "reading/limits.hpp"
#include "answers/version.hpp"

#include <mpfr.h>

#include <map>

namespace verifier {
namespace {

std::string input_count(const Task& task) {
  return power(task.vocabulary, task.context).get_str();
}

} // namespace

std::string in_words(const Claim& claim, const Task& task) {
  const std::string inputs = "all " + input_count(task) + " inputs";
  if (claim.quantity == Quantity::accuracy)
    return "the share of " + inputs + " that are classified correctly is at least " + claim.text;
  return "the mean cross-entropy over " + inputs + " is at " +
         (claim.direction == Direction::upper ? "most " : "least ") + claim.text + " nats";
}

std::string function_in_words(const Outline& outline) {
  return std::to_string(outline.task.context) + (outline.task.context == 1 ? " token of " : " tokens of ") +
         std::to_string(outline.task.vocabulary) + ", " + std::string(function_in_words(outline.family));
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
  text += "Task: from " + std::to_string(task.context) + " tokens out of " + std::to_string(task.vocabulary) +
          ", drawn uniformly, name the largest.\n";
  text += "Model: " + function_in_words(certificate) + ". The real function, of the family " + certificate.family +
          ", of these exact stored weights:\n";
  for (const Tensor& tensor : certificate.tensors)
    text += "  " + tensor.name + " " + std::string(name(tensor.dtype)) + " " + shape_in_words(tensor.shape) + "\n";
  text += "  sha256 " + certificate.model_sha256 + "\n";
  text += "Claims:\n";
  for (const Claim& claim : certificate.claims) text += "  " + in_words(claim, task) + "\n";
  text += "Proof: the labels 0 .. " + std::to_string(task.vocabulary - 1) + " are split into " +
          std::to_string(certificate.steps.size()) + " ranges (" + rules_used(certificate) +
          "). For the inputs of each range\n"
          "  the certificate states an interval that contains the sum of their losses" +
          (certificate.states_correct() ? ", and how many of them at least are classified correctly" : "") +
          ";\n  the sums of these, divided by the number of inputs, imply the claims. Each rule's theorem is "
          "in docs/rules/.\n";
  text += "Length: " + std::to_string(certificate.length) + " operations, as declared.\n";
  text += "To verify it, run " + std::string(program_name) + " without --explain.\n";
  return text;
}

std::string versions() {
  return std::string(program_name) + " " + program_version + " (commit " + commit + ", MPFR " + mpfr_get_version() +
         ", GMP " + gmp_version + ")";
}

std::string trust_statement() {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  return versions() +
         "\n\n"
         "VERIFIED means: the claims hold for the real function of the exact stored weights, provided that\n"
         "  1. MPFR and GMP round and compute as they document;\n"
         "  2. the C++ compiler and the machine follow the language (integers; no floating-point unit is "
         "used);\n"
         "  3. this program's rules, engines and reading are as argued in docs/rules/, docs/numerics.md and "
         "docs/guarantee.md;\n"
         "  4. the task and the model, as schema/FORMAT.md defines them, are the ones you mean (use --claim "
         "and --weights).\n"
         "It says nothing about a float32 forward pass, nor about inputs that are not uniform.\n\n"
         "Limits (beyond them the answer is DECLINED):\n"
         "  certificate          at most " +
         number(limits::file_bytes) + " bytes, nested at most " + number(limits::json_depth) +
         " deep (deeper is MALFORMED)\n"
         "  string               at most " +
         number(limits::string_length) +
         " characters, tensor data apart (longer is MALFORMED)\n"
         "  context              1 to " +
         number(limits::context) +
         "\n"
         "  vocabulary           1 to " +
         number(limits::vocabulary) + ", 1 to " + number(limits::attention_vocabulary) +
         " of the family attention-only\n"
         "  width                1 to " +
         number(limits::width) +
         "\n"
         "  claims               1 to " +
         number(limits::claims) +
         "\n"
         "  steps                1 to " +
         number(limits::steps) +
         "\n"
         "  tensors              at most " +
         number(limits::tensors) + " of a model, as many witnesses, each of at most " + number(limits::dimensions) +
         " dimensions (more is MALFORMED, more witnesses REJECTED)\n"
         "  provenance           at most " +
         number(limits::provenance_entries) +
         " entries\n"
         "  tail norms           at most " +
         number(limits::tail_norms) +
         " of one token: head sizes times column groups\n"
         "  length               at most 2^50 = " +
         number(limits::length) +
         " operations\n"
         "  range of one row     logits of one token within 2^" +
         number(limits::logit_range_log2) + " nats; of attention-only, every entry of the tables\n";
}

} // namespace verifier
