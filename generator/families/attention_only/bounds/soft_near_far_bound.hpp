// soft-near-far@1 (docs/rules/attention/soft-near-far.md): the loss of one label from above, cell by cell, in doubles.
#pragma once

#include "families/attention_only/bounds/relative.hpp"
#include "tasks/inputs.hpp"

#include <span>

namespace proofmark::attention_only {

// Everything in the rule that does not depend on heads: cells, their rows, and the shares of what they hold.
class SoftNearFar {
public:
  // `near` tokens below the label are near, at most m.
  SoftNearFar(Relative, std::uint64_t near);

  // The bound on S with these heads, different wrong outputs that leave one to the tail.
  double bound(std::span<const std::uint16_t> heads, bool joint) const;

  // So many heads that make the bound small: those that are known, and others by a search from the outputs that cost most.
  std::vector<std::uint16_t> find_heads(std::vector<std::uint16_t> known, std::uint64_t count, bool joint) const;

  const Relative& relative() const { return label_; }

private:
  struct Row {              // near slots on one token, or none
    Eigen::Index q, k;      // k is -1 where nothing is near
    Span of_query, of_near; // shares
    Span mass;              // D
    double far_share;       // a, 0 where nothing is far
  };
  struct Cell {
    std::size_t from, to; // rows
    double inputs;        // placements and fillings
    bool mixed, far;      // two or more near slots; some far ones
    double attended;      // T r mean(1/D): what far tokens weigh
  };
  struct Columns {          // the heads one by one, then the tail (L6)
    MatrixD u, y, main;     // [m+1 x J], row = query, token, query
    Eigen::RowVectorXd far; // Y  [J]
    Eigen::RowVectorXd margins(const Row&) const;
  };
  class Search;

  Columns columns(std::span<const std::uint16_t> heads, bool joint) const;
  double mix(const Cell&, const Eigen::ArrayXd& losses) const;
  double of_cell(const Cell&, const Eigen::ArrayXd& losses, const Eigen::ArrayXd& worst, double far_loss) const;

  Relative label_;
  Eigen::Index f_; // far tokens: 0 .. f-1
  MatrixD y_;      // v + P*  [m+1 x W]
  std::vector<Row> rows_;
  std::vector<Cell> cells_;
  Eigen::ArrayXd inverse_mass_; // by row: 1 / D, upper ends
};

} // namespace proofmark::attention_only
