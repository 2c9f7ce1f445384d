// What attention adds to positions, where a value has a row for each combination of tokens that it depends on.
#pragma once

#include "networks/combinations.hpp"
#include "networks/evaluation/layers.hpp"

#include <vector>

namespace proofmark::networks {

template <class Number>
struct State {        // of one position
  Matrix<Number> x;   // [combinations on `on` x d]
  PositionSet on = 0; // the positions whose tokens it depends on
};

// x's rows plus y's, for each combination on the union; where the sets are the same, row by row.
template <class Number>
State<Number> sum(Combinations&, const State<Number>& x, const State<Number>& y);

// Of each wanted position: what attention adds to it. `norm` is applied to what it reads; `scores_table` is added where
// queries and keys are read.
template <class Number>
std::vector<State<Number>> attended(Combinations&, const Attention<Values>&, const std::optional<Norm<Values>>& norm,
                                    const std::vector<State<Number>>&, const std::vector<std::uint64_t>& wanted,
                                    const Values::Table* scores_table);

} // namespace proofmark::networks
