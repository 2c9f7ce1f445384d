// A model, a task and witnesses as what rules see: prepared once, by an engine.
#pragma once

#include "check/witnesses.hpp"
#include "kernel/engine.hpp"

#include <variant>
#include <vector>

namespace verifier {

using Problem = std::variant<rules::token_sum::Problem, rules::attention::Problem, rules::any::Problem>;

// With the tables that these rules take, which the kernel's meter pays for. Throws what the kernel throws.
Problem prepare(kernel::Kernel&, const Certificate&, std::span<const Rule* const> of_steps, const Witnesses&,
                unsigned threads);

// Labels, or inputs, from .. to-1, which a rule closes at a time. What it establishes, and takes, does not depend on how they are
// divided.
struct Unit {
  mpz_class from, to;
  std::uint64_t batch = 1; // inputs at a time, of a rule for ranges of inputs
};
std::vector<Unit> units(const Rule&, const Step&, const Problem&);
// A unit of a step; fails where an input has no label (task-label, label-range).
rules::Result close(const Rule&, kernel::Kernel&, const Problem&, const Certificate&, const Step&, const Unit&);
// These inputs of a step alone, in one batch: of a rule for ranges of inputs.
rules::Result close_inputs(const Rule&, kernel::Kernel&, const Problem&, const Certificate&, const Step&,
                           const std::vector<mpz_class>& indices);

std::uint64_t bytes_of_element(const kernel::Engine&); // of a tensor, about: two ends
// So many threads as memory allows, at most `threads` and always one: of bands of tables, or of units.
unsigned threads_for_tables(const Certificate&, const kernel::Engine&, unsigned threads);
unsigned threads_for_units(const Problem&, const kernel::Engine&, unsigned threads);

} // namespace verifier
