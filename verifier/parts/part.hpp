// One of several runs that check a proof together (schema/FORMAT.md, section 12): which steps it found to hold, and of
// what.
//
// A part is also how a run that was interrupted goes on: it is written while the run lasts, and the next run with the same
// question takes up its steps.
#pragma once

#include "check/check.hpp"

#include <functional>
#include <string>

namespace verifier {

struct Part {
  std::string certificate_sha256; // of the file's bytes
  Outline outline;                // its steps are those of this part that hold so far, by their ids
  std::uint64_t index, of;        // part `index` of `of`, counted from 1
  std::uint64_t from, to;         // steps [from, to) of the certificate are this part's to check
  std::uint64_t step_count;       // of the certificate
  Engine engine;
  StepResults results; // of outline.steps

  bool is_complete() const { return outline.steps.size() == to - from; }
};

std::uint64_t precision(Engine); // bits of the numbers that it computes with

// Part `index` of `of`, no step of which is known to hold yet. The parts divide the steps in order, so that the budgets of
// each add up to about as much; where there are more parts than steps, some have none.
Part unchecked_part(const Certificate&, const std::string& certificate_sha256, std::uint64_t index, std::uint64_t of,
                    Engine);

// Whether two parts belong to one check of one certificate; fails with part-mismatch.
void require_same_check(const Part& expected, const Part& found);

// Takes the steps of an earlier run's part of the same check; fails with part-mismatch when it is of another one.
void take_up(Part& part, const Certificate&, Part previous);

// Checks the outline, then the steps that `part` lacks. `save` is called now and then while steps are added to it, and
// before Interrupted leaves.
void complete(Part& part, const Certificate&, const Options&, const std::function<void(const Part&)>& save);

} // namespace verifier
