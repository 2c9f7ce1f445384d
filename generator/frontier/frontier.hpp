// The frontier of one model: every point proved, verified by the separate verifier, measured and recorded. What an
// earlier run finished is kept.
#pragma once

#include "frontier/subject.hpp"
#include "frontier/table.hpp"

namespace proofmark {

struct FrontierOptions {
  Folder folder; // its directories exist
  SeparateVerifier verifier;
  std::function<void(double, const std::string&)> progress; // a fraction and a note
  std::function<void(const std::string&)> say;              // a line about a point that is done
};

struct Selected {
  std::vector<Point> points; // to be made
  std::vector<Point> others; // shown where an earlier run has made them
  bool required = false;     // whether a point that cannot be proved is an error, and not left out
  std::vector<LeftOut> left_out;
};

// Goes through the points; after each one the record of it and all tables are written, so that whatever ends the run
// leaves what is finished. Throws Error.
Frontier make_frontier(const Subject&, const Selected&, const FrontierOptions&);

} // namespace proofmark
