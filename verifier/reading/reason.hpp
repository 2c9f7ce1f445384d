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

// A reason code and the verdict that it leads to.
struct Reason {
  std::string_view code; // "loss-upper"
  Verdict verdict;
  bool operator==(const Reason&) const = default;
};

namespace reason {

constexpr Reason malformed(std::string_view code) {
  return {code, Verdict::malformed};
}
constexpr Reason declined(std::string_view code) {
  return {code, Verdict::declined};
}
constexpr Reason rejected(std::string_view code) {
  return {code, Verdict::rejected};
}
constexpr Reason error(std::string_view code) {
  return {code, Verdict::error};
}

inline constexpr Reason json_encoding = malformed("json-encoding");
inline constexpr Reason json_syntax = malformed("json-syntax");
inline constexpr Reason json_depth = malformed("json-depth");
inline constexpr Reason json_number = malformed("json-number");
inline constexpr Reason key_duplicate = malformed("key-duplicate");
inline constexpr Reason key_unknown = malformed("key-unknown");
inline constexpr Reason key_missing = malformed("key-missing");
inline constexpr Reason type_mismatch = malformed("type-mismatch");
inline constexpr Reason string_alphabet = malformed("string-alphabet");
inline constexpr Reason string_length = malformed("string-length");
inline constexpr Reason format_name = malformed("format-name");
inline constexpr Reason number_grammar = malformed("number-grammar");
inline constexpr Reason word_unknown = malformed("word-unknown");
inline constexpr Reason base64 = malformed("base64");
inline constexpr Reason tensor_size = malformed("tensor-size");
inline constexpr Reason safetensors = malformed("safetensors");

inline constexpr Reason version_unknown = declined("version-unknown");
inline constexpr Reason task_unknown = declined("task-unknown");
inline constexpr Reason architecture_unsupported = declined("architecture-unsupported");
inline constexpr Reason dtype_unknown = declined("dtype-unknown");
inline constexpr Reason rule_unknown = declined("rule-unknown");
inline constexpr Reason claim_unknown = declined("claim-unknown");
inline constexpr Reason limit_file = declined("limit-file");
inline constexpr Reason limit_context = declined("limit-context");
inline constexpr Reason limit_vocabulary = declined("limit-vocabulary");
inline constexpr Reason limit_width = declined("limit-width");
inline constexpr Reason limit_tensors = declined("limit-tensors");
inline constexpr Reason limit_claims = declined("limit-claims");
inline constexpr Reason limit_steps = declined("limit-steps");
inline constexpr Reason limit_provenance = declined("limit-provenance");
inline constexpr Reason limit_length = declined("limit-length");
inline constexpr Reason limit_tail_norms = declined("limit-tail-norms");
inline constexpr Reason limit_memory = declined("limit-memory");
inline constexpr Reason limit_logit_range = declined("limit-logit-range");

inline constexpr Reason claim_none = rejected("claim-none");
inline constexpr Reason claim_duplicate = rejected("claim-duplicate");
inline constexpr Reason claim_range = rejected("claim-range");
inline constexpr Reason claim_unsupported = rejected("claim-unsupported");
inline constexpr Reason claim_not_implied = rejected("claim-not-implied");
inline constexpr Reason claim_mismatch = rejected("claim-mismatch");
inline constexpr Reason weights_mismatch = rejected("weights-mismatch");
inline constexpr Reason task_inputs = rejected("task-inputs");
inline constexpr Reason task_label = rejected("task-label");
inline constexpr Reason label_range = rejected("label-range");
inline constexpr Reason digest_mismatch = rejected("digest-mismatch");
inline constexpr Reason tensor_missing = rejected("tensor-missing");
inline constexpr Reason tensor_unused = rejected("tensor-unused");
inline constexpr Reason tensor_shape = rejected("tensor-shape");
inline constexpr Reason weight_not_finite = rejected("weight-not-finite");
inline constexpr Reason witness_unused = rejected("witness-unused");
inline constexpr Reason witness_missing = rejected("witness-missing");
inline constexpr Reason witness_shape = rejected("witness-shape");
inline constexpr Reason witness_value = rejected("witness-value");
inline constexpr Reason step_none = rejected("step-none");
inline constexpr Reason step_id = rejected("step-id");
inline constexpr Reason step_coverage = rejected("step-coverage");
inline constexpr Reason step_mixed = rejected("step-mixed");
inline constexpr Reason step_empty = rejected("step-empty");
inline constexpr Reason step_blocks = rejected("step-blocks");
inline constexpr Reason rule_context = rejected("rule-context");
inline constexpr Reason rule_task = rejected("rule-task");
inline constexpr Reason rule_steps = rejected("rule-steps");
inline constexpr Reason rule_direction = rejected("rule-direction");
inline constexpr Reason rule_loss = rejected("rule-loss");
inline constexpr Reason rule_margin = rejected("rule-margin");
inline constexpr Reason interval_reversed = rejected("interval-reversed");
inline constexpr Reason loss_lower = rejected("loss-lower");
inline constexpr Reason loss_upper = rejected("loss-upper");
inline constexpr Reason correct_count = rejected("correct-count");
inline constexpr Reason margin = rejected("margin");
inline constexpr Reason operations_budget = rejected("operations-budget");
inline constexpr Reason part_seal = rejected("part-seal");
inline constexpr Reason part_mismatch = rejected("part-mismatch");
inline constexpr Reason part_duplicate = rejected("part-duplicate");
inline constexpr Reason part_missing = rejected("part-missing");
inline constexpr Reason part_coverage = rejected("part-coverage");

inline constexpr Reason usage = error("usage");
inline constexpr Reason io = error("io");
inline constexpr Reason internal = error("internal");

} // namespace reason

int exit_code(Verdict, const Reason&); // the reason matters for errors only
std::string_view name(Verdict);        // "VERIFIED"

// What went wrong, where, and what was expected instead. Every field but the reason may be empty.
struct Failure : std::runtime_error {
  Failure(const Reason& reason, std::string pointer, std::string expected = {}, std::string found = {},
          std::string by = {})
      : std::runtime_error(std::string(reason.code)), reason(reason), pointer(std::move(pointer)),
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

[[noreturn]] void fail(const Reason&, std::string pointer, std::string expected = {}, std::string found = {},
                       std::string by = {});

inline void require(bool condition, const Reason& reason, const std::string& pointer, const std::string& expected = {},
                    const std::string& found = {}, const std::string& by = {}) {
  if (!condition) fail(reason, pointer, expected, found, by);
}

} // namespace verifier
