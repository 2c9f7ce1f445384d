// The report's numbers for a paper: LaTeX macros and a booktabs table.
#pragma once

#include "report/report.hpp"

namespace proofmark {

// Bounds with so many digits after the point, upper ones rounded up and lower ones down; established values in comments. Only
// verified proofs have macros.
std::string latex_file(const Report&, unsigned places);

} // namespace proofmark
