// A certificate as typed data: what schema/FORMAT.md describes, with nothing left to interpret.
//
// read_certificate checks everything that can be checked without computing a bound: syntax, closed keys,
// grammars, limits, known words, tensor sizes, the digest, and the shape of the proof (ids, coverage,
// directions). What it returns is well formed.
#pragma once

#include "operations.hpp"
#include "tensor.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

class JsonView;

enum class Quantity { cross_entropy, accuracy };
enum class Direction { upper, lower };

struct Claim {
  Quantity quantity;
  Direction direction;
  mpq_class bound;  // exact; nats for a cross-entropy
  std::string text; // as written: checked grammar, safe to print
};

struct Task {
  std::uint64_t context;    // n
  std::uint64_t vocabulary; // V
  bool operator==(const Task&) const = default;
};

struct Model {
  std::string family;
  std::vector<Tensor> tensors; // sorted by name
  std::string sha256;          // equals the digest of the tensors
};

// Labels [from, to).
struct LabelRange {
  std::uint64_t from, to;
};

struct Step {
  std::string rule;                 // "symmetry@1"
  std::uint64_t from, to;           // labels [from, to)
  mpq_class loss_lower, loss_upper; // declared enclosure of the summed loss
  std::optional<std::uint64_t> correct;
  Operations operations; // declared
};

struct Certificate {
  std::vector<Claim> claims;
  Task task;
  Model model;
  std::vector<Tensor> witnesses; // hints to the rules, sorted by name
  std::vector<Step> steps;
  Operations tables, steps_total, conclusion; // declared
  std::uint64_t length;                       // declared
  bool states_correct() const { return steps.front().correct.has_value(); }
};

Certificate read_certificate(std::string_view text);

// Parts that the claim file has in common with certificates.
Task read_task(const JsonView&);
std::vector<Claim> read_claims(const JsonView&);
std::string read_digest(const JsonView&);
void require_format(const JsonView&, std::string_view name); // format and version 1

std::string_view name(Quantity);
std::string_view name(Direction);

} // namespace verifier
