// The frontier as tables: one CSV, one JSON, the labels' CSV, and aligned text. docs/frontier.md defines the columns.
#pragma once

#include "frontier/finished_frontier.hpp"
#include "frontier/pareto.hpp"

namespace proofmark {

// One row, everything that follows from the points together worked out.
struct Row {
  const FinishedPoint* point;
  Standing standing;
  std::string share; // of `whole`; of verified points
  // Verified points that bound the loss from above: decimals as in the CSV, otherwise empty.
  std::string mul_of_symmetry, exact_loss, tail_slack, rounding_slack;
};

// Throws Error (internal) when a verified bound lies below the exact loss: one of the two programs is then wrong.
std::vector<Row> rows(const Frontier&);

std::string csv(const std::vector<Row>&);
std::string json(const Frontier&, const std::vector<Row>&);
std::string labels_csv(const Frontier&);
std::string text(const Frontier&, const std::vector<Row>&, bool colour);

} // namespace proofmark
