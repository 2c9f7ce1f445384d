"""Networks act(L[x] + R[y]) U + b (docs/rules/any/block-tables.md, The networks): their two sides, exact."""
from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence

from gmpy2 import mpq

from second_opinion.description import Architecture, Map
from second_opinion.logits import Row, added, dot
from second_opinion.matrices import Matrix, transpose
from second_opinion.network import Model
from second_opinion.task import Inputs

from .last_maps import constant, last_maps, multiplied

REACH = {"relu": mpq(1, 2), "tanh": mpq(1, 2), "silu": mpq(3, 5), "gelu": mpq(629, 1000)}


def is_additive(of: Architecture) -> bool:
    maps = last_maps(of.readout)
    before, activation = of.readout[:-len(maps) - 1], of.readout[-len(maps) - 1:][:1]
    return (bool(maps) and len(of.readout) > len(maps) and activation[0] in REACH and all(isinstance(one, Map) for one in before)
            and not of.blocks and of.norm is None and of.pool == "sum" and not of.positions_to_scores)


class Additive:
    """`L` a row for each combination x, `R` one for each token y; `U` a row for each neuron."""

    def __init__(self, model: Model, inputs: Inputs) -> None:
        self.model, self.inputs, of = model, inputs, model.description
        self.maps = last_maps(of.readout)
        self.before: Sequence[Map] = of.readout[:-len(self.maps) - 1]
        self.activation = of.readout[len(self.before)]
        self.spans = [range(*span) for span in inputs.task.ranges]
        self.right = max((p for p, span in enumerate(self.spans) if len(span) > 1), default=len(self.spans) - 1)
        self.left = [p for p in range(len(self.spans)) if p != self.right]
        self.Ny, self.Nx = len(self.spans[self.right]), math.prod(len(self.spans[p]) for p in self.left)
        self.m = model.tensors.size(self.maps[0])[0]

    @functools.cached_property
    def U(self) -> Matrix:
        return multiplied(self.model, self.maps)

    @functools.cached_property
    def b(self) -> Row:
        return constant(self.model, self.maps) or [mpq(0)] * self.model.C

    def sides(self) -> tuple[Matrix, Matrix]:
        """L and R."""
        of_positions = [[self.linear(row) for row in self.embedded(p)] for p in range(len(self.spans))]
        left = [[sum(column, mpq(0)) for column in zip(self.shift(), *rows)] for rows in itertools.product(*(of_positions[p] for p in self.left))]
        return left, of_positions[self.right]

    def embedded(self, p: int) -> Matrix:
        of = self.model.description
        one = of.tokens[p if len(of.tokens) > 1 else 0]
        rows = [self.model.matrices[one][token] for token in self.spans[p]]
        for more in (self.model.biases[one], self.model.P[p] if self.model.P else None):
            rows = rows if more is None else [added(row, more) for row in rows]
        return rows

    def linear(self, row: Row) -> Row:
        """The maps before the activation, without what they add."""
        for one in self.before:
            row = [dot(row, column) for column in transpose(self.model.matrices[one])]
        return row

    def shift(self) -> Row:
        """What they add."""
        row = [mpq(0)] * self.model.d
        for one in self.before:
            row = [dot(row, column) for column in transpose(self.model.matrices[one])]
            row = row if self.model.biases[one] is None else added(row, self.model.biases[one])
        return row
