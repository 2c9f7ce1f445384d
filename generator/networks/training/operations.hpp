// The parts of described networks (schema/FORMAT.md, section 5) on a tape: each computes its value and records the way back. One
// file each.
#pragma once

#include "networks/training/tape.hpp"

#include <span>

namespace proofmark::networks {

// Row t of the table for a token t at the position.
template <class Scalar>
Value<Scalar>& looked_up(Tape<Scalar>&, std::size_t position, Weight<Table<Scalar>> table, Weight<Vector<Scalar>> bias);

// Plus one row of a table, the same for all inputs.
template <class Scalar>
Value<Scalar>& shifted(Tape<Scalar>&, Value<Scalar>& x, Weight<Table<Scalar>> table, Eigen::Index row);

// On all positions of the two; and each entry times a number.
template <class Scalar>
Value<Scalar>& sum(Tape<Scalar>&, Value<Scalar>& x, Value<Scalar>& y);
template <class Scalar>
Value<Scalar>& scaled(Tape<Scalar>&, Value<Scalar>& x, Scalar factor);

// x W + b
template <class Scalar>
Value<Scalar>& mapped(Tape<Scalar>&, Value<Scalar>& x, Weight<Table<Scalar>> matrix, Weight<Vector<Scalar>> bias);

template <class Scalar>
Value<Scalar>& activated(Tape<Scalar>&, Value<Scalar>& x, Activation);

// Rows less their mean (of `layer`), divided by the root of their mean square plus epsilon; then times weight, plus bias.
template <class Scalar>
Value<Scalar>& normalised(Tape<Scalar>&, Value<Scalar>& x, NormKind, double epsilon, Weight<Vector<Scalar>> weight,
                          Weight<Vector<Scalar>> bias);

// What one position mixes from those that it sees: heads side by side. query [R x heads h], null where all scores are 0; a key
// [. x heads h] and a value [. x heads v] for each position seen.
template <class Scalar>
Value<Scalar>& attended(Tape<Scalar>&, Value<Scalar>* query, std::span<Value<Scalar>* const> keys,
                        std::span<Value<Scalar>* const> values, Eigen::Index heads, Scalar factor);

} // namespace proofmark::networks
