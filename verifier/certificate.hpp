// A certificate as typed data: what schema/FORMAT.md describes, with nothing left to interpret.
//
// read_certificate checks everything that can be checked without computing a bound: syntax, closed keys,
// grammars, limits, known words, tensor sizes, the digest, and the shape of the proof (ids, coverage,
// directions). What it returns is well formed.
#pragma once

#include "json_reader.hpp"
#include "operations.hpp"
#include "tensor.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

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

// Labels [from, to).
struct LabelRange {
  std::uint64_t from, to;
};

struct Step {
  std::uint64_t id = 0;
  std::string rule;                 // "symmetry@1"
  std::uint64_t from, to;           // labels [from, to)
  mpq_class loss_lower, loss_upper; // declared enclosure of the summed loss
  std::optional<mpz_class> correct;
  Operations operations; // declared
  bool operator==(const Step&) const = default;
};

// What a certificate states, without the arrays that its steps are about.
struct Outline {
  std::vector<Claim> claims;
  Task task;
  std::string family, model_sha256;           // of the model
  std::vector<Step> steps;                    // their labels partition 0..V
  Operations tables, steps_total, conclusion; // declared
  std::uint64_t length;                       // declared
  bool states_correct() const { return steps.front().correct.has_value(); }
};

struct Certificate : Outline {
  std::vector<Tensor> tensors;   // the model's weights, sorted by name; their digest is model_sha256
  std::vector<Tensor> witnesses; // hints to the rules, sorted by name
};

Certificate read_certificate(const Pieces&); // takes every piece, also when it fails
Certificate read_certificate(std::string_view text);

// What claim files and parts have in common with certificates.
Task read_task(const JsonView&);
std::vector<Claim> read_claims(const JsonView&);
std::string read_digest(const JsonView&);
Step read_step(const JsonView&);
void read_operations(const JsonView&, Outline&); // tables, steps_total, conclusion, length
// The shape of the proof: at least one step, ids in order, known rules, label ranges that partition 0..V, directions. `pointer` is where the
// steps are.
void require_shape(const Outline&, const std::string& pointer);
// An accuracy claim needs steps that count correct inputs. `pointer` is where the claims are.
void require_supported(const Outline&, const std::string& pointer);

std::string_view name(Quantity);
std::string_view name(Direction);

} // namespace verifier
