// Verdicts, reason codes, and the one gate that every condition on input passes through.
//
// A check that fails throws a Failure. Nothing below main.cpp catches one, except the loop over steps, which
// keeps the first failure in step order so that the answer does not depend on scheduling. schema/reasons.md
// explains every code.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace verifier {

enum class Verdict { verified, joined, partial, rejected, declined, malformed, error };

enum class Reason {
  // malformed
  json_encoding,
  json_syntax,
  json_depth,
  json_number,
  key_duplicate,
  key_unknown,
  key_missing,
  type_mismatch,
  string_alphabet,
  string_length,
  format_name,
  number_grammar,
  word_unknown,
  base64,
  tensor_size,
  safetensors,
  // declined
  version_unknown,
  task_unknown,
  architecture_unsupported,
  dtype_unknown,
  rule_unknown,
  claim_unknown,
  limit_file,
  limit_context,
  limit_vocabulary,
  limit_width,
  limit_tensors,
  limit_claims,
  limit_steps,
  limit_provenance,
  limit_length,
  limit_tail_norms,
  limit_memory,
  limit_logit_range,
  // rejected
  claim_none,
  claim_duplicate,
  claim_range,
  claim_unsupported,
  claim_not_implied,
  claim_mismatch,
  weights_mismatch,
  task_inputs,
  task_label,
  label_range,
  digest_mismatch,
  tensor_missing,
  tensor_unused,
  tensor_shape,
  weight_not_finite,
  witness_unused,
  witness_missing,
  witness_shape,
  witness_value,
  step_none,
  step_id,
  step_coverage,
  step_mixed,
  step_empty,
  step_blocks,
  rule_context,
  rule_task,
  rule_steps,
  rule_direction,
  rule_loss,
  rule_margin,
  interval_reversed,
  loss_lower,
  loss_upper,
  correct_count,
  margin,
  operations_budget,
  part_seal,
  part_mismatch,
  part_duplicate,
  part_missing,
  part_coverage,
  // error
  usage,
  io,
  internal,
};

std::string_view code(Reason);  // "loss-upper"
Verdict verdict(Reason);        // the verdict that a reason leads to
int exit_code(Verdict, Reason); // the reason matters for errors only
std::string_view name(Verdict); // "VERIFIED"

// What went wrong, where, and what was expected instead. Every field but the reason may be empty.
struct Failure : std::runtime_error {
  Failure(Reason reason, std::string pointer, std::string expected = {}, std::string found = {}, std::string by = {})
      : std::runtime_error(std::string(code(reason))), reason(reason), pointer(std::move(pointer)),
        expected(std::move(expected)), found(std::move(found)), by(std::move(by)) {}
  Reason reason;
  std::string pointer; // JSON pointer into the certificate, or the name of a file or option
  std::string expected;
  std::string found;
  std::string by;   // by how much, for numbers
  std::string rule; // the rule that was being checked
  std::string hint; // what to try
  std::string file; // which of several files
};

[[noreturn]] void fail(Reason, std::string pointer, std::string expected = {}, std::string found = {},
                       std::string by = {});

inline void require(bool condition, Reason reason, const std::string& pointer, const std::string& expected = {},
                    const std::string& found = {}, const std::string& by = {}) {
  if (!condition) fail(reason, pointer, expected, found, by);
}

} // namespace verifier
