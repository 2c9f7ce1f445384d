// The report as one HTML file that fetches nothing and runs nothing.
#pragma once

#include "report/report.hpp"

namespace proofmark {

std::string page(const Report&);

} // namespace proofmark
