// A certificate as typed data: what schema/FORMAT.md describes, with nothing left to interpret.
//
// read_certificate checks everything that can be checked without computing a bound: syntax, closed keys, grammars, limits,
// known words, tensor sizes, the description of the model against its tensors, the digest, labels, and the shape of the proof
// (ids, coverage, budgets). What it returns is well formed. Whether its steps imply its claims, and its rules can close its
// steps, is asked by check/.
#pragma once

#include "models/architecture.hpp"
#include "reading/json_reader.hpp"
#include "reading/tensor.hpp"
#include "tasks/task.hpp"

#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

enum class Quantity { cross_entropy, accuracy, margin, length };
enum class Direction { upper, lower };

struct Claim {
  Quantity quantity;
  Direction direction;
  mpq_class bound;  // exact; nats for a cross-entropy and a margin, operations for a length
  std::string text; // as written: checked grammar, safe to print
  bool operator==(const Claim&) const = default;
};

enum class Parts { labels, inputs }; // what the ranges of steps are of

struct Step {
  std::uint64_t id = 0;
  std::string rule;   // "symmetry@1"
  mpz_class from, to; // labels, or indices of inputs, [from, to)
  struct Loss {
    mpq_class lower, upper; // declared enclosure of the summed loss
    bool operator==(const Loss&) const = default;
  };
  std::optional<Loss> loss; // one of this and the next two is there
  struct Correct {
    mpz_class least, most; // so many of the inputs are classified correctly
    bool operator==(const Correct&) const = default;
  };
  std::optional<Correct> correct;
  std::optional<mpq_class> margin; // no input has a smaller one
  std::uint64_t operations = 0;    // the budget
  bool operator==(const Step&) const = default;
};

// What a certificate states, without the arrays that its steps are about.
struct Outline {
  std::vector<Claim> claims;
  Task task;
  Architecture architecture;
  std::string model_sha256;
  Parts parts = Parts::labels;
  std::uint64_t classes = 0; // C
  std::vector<Step> steps;   // their ranges partition 0 .. C or 0 .. N
  std::uint64_t tables = 0;  // the budget of what all steps share

  bool states_loss() const { return steps.front().loss.has_value(); }
  bool states_correct() const { return steps.front().correct.has_value(); }
  bool states_margin() const { return steps.front().margin.has_value(); }
};

struct Certificate : Outline {
  Tensors tensors;               // the model's weights, by name; with the description, model_sha256 is their digest
  std::vector<Tensor> witnesses; // hints to the rules, sorted by name
};

Certificate read_certificate(const Pieces&); // takes every piece, also when it fails
Certificate read_certificate(std::string_view text);

// What claim files and parts have in common with certificates.
std::vector<Claim> read_claims(const JsonView&);
std::string read_digest(const JsonView&);
Parts read_parts(const JsonView& first_step); // which key it has
Step read_step(const JsonView&, Parts);       // fails with step-mixed where it has the other key
std::uint64_t read_budget(const JsonView&);   // 1 to 2^50
mpz_class read_count(const JsonView&);        // a number, or from 2^63 on the string of its digits
// The shape of the proof: at least one step, ids in order, ranges that partition 0 .. C or 0 .. N, each of "loss", "correct"
// and "margin" in every step or in none, one of them there, no margin without two classes. What all budgets come to is
// check's to limit. `pointer` is where the steps are.
void require_shape(const Outline&, const std::string& pointer);

std::string_view name(Quantity);
std::string_view name(Direction);
std::string kind(const Claim&); // "accuracy lower"

} // namespace verifier
