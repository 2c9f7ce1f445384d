#include "reading/reason.hpp"

#include <array>

namespace verifier {
namespace {

struct Row {
  Reason reason;
  std::string_view code;
  Verdict verdict;
};

constexpr Verdict M = Verdict::malformed, D = Verdict::declined, R = Verdict::rejected, E = Verdict::error;

// In the order of the enumeration, which row() relies on and the tests check.
constexpr std::array rows = {
    Row{Reason::json_encoding, "json-encoding", M},
    Row{Reason::json_syntax, "json-syntax", M},
    Row{Reason::json_depth, "json-depth", M},
    Row{Reason::json_number, "json-number", M},
    Row{Reason::key_duplicate, "key-duplicate", M},
    Row{Reason::key_unknown, "key-unknown", M},
    Row{Reason::key_missing, "key-missing", M},
    Row{Reason::type_mismatch, "type-mismatch", M},
    Row{Reason::string_alphabet, "string-alphabet", M},
    Row{Reason::string_length, "string-length", M},
    Row{Reason::format_name, "format-name", M},
    Row{Reason::number_grammar, "number-grammar", M},
    Row{Reason::word_unknown, "word-unknown", M},
    Row{Reason::base64, "base64", M},
    Row{Reason::tensor_size, "tensor-size", M},
    Row{Reason::safetensors, "safetensors", M},
    Row{Reason::version_unknown, "version-unknown", D},
    Row{Reason::task_unknown, "task-unknown", D},
    Row{Reason::architecture_unsupported, "architecture-unsupported", D},
    Row{Reason::dtype_unknown, "dtype-unknown", D},
    Row{Reason::rule_unknown, "rule-unknown", D},
    Row{Reason::claim_unknown, "claim-unknown", D},
    Row{Reason::limit_file, "limit-file", D},
    Row{Reason::limit_context, "limit-context", D},
    Row{Reason::limit_vocabulary, "limit-vocabulary", D},
    Row{Reason::limit_width, "limit-width", D},
    Row{Reason::limit_tensors, "limit-tensors", D},
    Row{Reason::limit_claims, "limit-claims", D},
    Row{Reason::limit_steps, "limit-steps", D},
    Row{Reason::limit_provenance, "limit-provenance", D},
    Row{Reason::limit_length, "limit-length", D},
    Row{Reason::limit_tail_norms, "limit-tail-norms", D},
    Row{Reason::limit_memory, "limit-memory", D},
    Row{Reason::limit_logit_range, "limit-logit-range", D},
    Row{Reason::claim_none, "claim-none", R},
    Row{Reason::claim_duplicate, "claim-duplicate", R},
    Row{Reason::claim_range, "claim-range", R},
    Row{Reason::claim_unsupported, "claim-unsupported", R},
    Row{Reason::claim_not_implied, "claim-not-implied", R},
    Row{Reason::claim_mismatch, "claim-mismatch", R},
    Row{Reason::weights_mismatch, "weights-mismatch", R},
    Row{Reason::task_inputs, "task-inputs", R},
    Row{Reason::task_label, "task-label", R},
    Row{Reason::label_range, "label-range", R},
    Row{Reason::digest_mismatch, "digest-mismatch", R},
    Row{Reason::tensor_missing, "tensor-missing", R},
    Row{Reason::tensor_unused, "tensor-unused", R},
    Row{Reason::tensor_shape, "tensor-shape", R},
    Row{Reason::weight_not_finite, "weight-not-finite", R},
    Row{Reason::witness_unused, "witness-unused", R},
    Row{Reason::witness_missing, "witness-missing", R},
    Row{Reason::witness_shape, "witness-shape", R},
    Row{Reason::witness_value, "witness-value", R},
    Row{Reason::step_none, "step-none", R},
    Row{Reason::step_id, "step-id", R},
    Row{Reason::step_coverage, "step-coverage", R},
    Row{Reason::step_mixed, "step-mixed", R},
    Row{Reason::step_empty, "step-empty", R},
    Row{Reason::step_blocks, "step-blocks", R},
    Row{Reason::rule_context, "rule-context", R},
    Row{Reason::rule_task, "rule-task", R},
    Row{Reason::rule_steps, "rule-steps", R},
    Row{Reason::rule_direction, "rule-direction", R},
    Row{Reason::rule_loss, "rule-loss", R},
    Row{Reason::rule_margin, "rule-margin", R},
    Row{Reason::interval_reversed, "interval-reversed", R},
    Row{Reason::loss_lower, "loss-lower", R},
    Row{Reason::loss_upper, "loss-upper", R},
    Row{Reason::correct_count, "correct-count", R},
    Row{Reason::margin, "margin", R},
    Row{Reason::operations_budget, "operations-budget", R},
    Row{Reason::part_seal, "part-seal", R},
    Row{Reason::part_mismatch, "part-mismatch", R},
    Row{Reason::part_duplicate, "part-duplicate", R},
    Row{Reason::part_missing, "part-missing", R},
    Row{Reason::part_coverage, "part-coverage", R},
    Row{Reason::usage, "usage", E},
    Row{Reason::io, "io", E},
    Row{Reason::internal, "internal", E},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].reason) != i) return false;
  return true;
}
static_assert(in_order());

const Row& row(Reason reason) {
  return rows.at(static_cast<std::size_t>(reason));
}

} // namespace

std::string_view code(Reason reason) {
  return row(reason).code;
}
Verdict verdict(Reason reason) {
  return row(reason).verdict;
}

int exit_code(Verdict verdict, Reason reason) {
  switch (verdict) {
  case Verdict::verified:
  case Verdict::joined:
  case Verdict::partial:
    return 0;
  case Verdict::rejected:
    return 1;
  case Verdict::declined:
    return 2;
  case Verdict::malformed:
    return 3;
  case Verdict::error:
    break;
  }
  return reason == Reason::usage ? 64 : reason == Reason::io ? 66 : 70;
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
  case Verdict::verified:
    return "VERIFIED";
  case Verdict::joined:
    return "JOINED";
  case Verdict::partial:
    return "PARTIAL";
  case Verdict::rejected:
    return "REJECTED";
  case Verdict::declined:
    return "DECLINED";
  case Verdict::malformed:
    return "MALFORMED";
  case Verdict::error:
    break;
  }
  return "ERROR";
}

void fail(Reason reason, std::string pointer, std::string expected, std::string found, std::string by) {
  throw Failure(reason, std::move(pointer), std::move(expected), std::move(found), std::move(by));
}

} // namespace verifier
