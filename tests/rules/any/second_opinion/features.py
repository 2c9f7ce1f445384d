"""What the last maps of a network read, and what does not pass through them (docs/rules/any/low-rank.md, Features): logits = h U + s."""
from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gmpy2 import mpq

from second_opinion.description import Block, Map
from second_opinion.logits import Evaluation, Row, added, dot
from second_opinion.matrices import Matrix, transpose
from second_opinion.network import Model

from .last_maps import constant, last_maps, multiplied


@dataclass(frozen=True)
class Kind:
    """`maps`: W_1 .. W_r. `block`: of kind (b) the last one, whose MLP's `out` is W_1; `position` that which is read out."""

    maps: tuple[Map, ...]
    parts: int                            # of the readout, before the last maps
    block: Block | None = None
    position: int = 0


def kind(model: Model) -> Kind:
    of = model.description
    maps = last_maps(of.readout)
    parts = len(of.readout) - len(maps)
    if parts or of.norm or of.pool in ("sum", "mean") or not of.blocks or not of.blocks[-1].mlp:
        return Kind(maps, parts)
    block = of.blocks[-1]
    if block.norm_after and block.mlp.norm:
        return Kind(maps, parts)
    return Kind((block.mlp.out, *maps), parts, block, model.n - 1 if of.pool == "last" else of.pool)


class Features:
    """`m` of them. `U`: a row a class, less the mean of all rows; `beside`: a column a class, of W_2 .. W_r."""

    def __init__(self, model: Model) -> None:
        self.model, self.kind = model, kind(model)
        self.m = model.tensors.size(self.kind.maps[0])[0]

    @functools.cached_property
    def U(self) -> Matrix:
        return centred(transpose(multiplied(self.model, self.kind.maps)))

    @functools.cached_property
    def constant(self) -> Row | None:
        return constant(self.model, self.kind.maps)

    @functools.cached_property
    def beside(self) -> Matrix:
        return transpose(multiplied(self.model, self.kind.maps[1:]))

    def of(self, evaluation: Evaluation, tokens: Sequence[int]) -> tuple[Row, Row]:
        """h and s."""
        if self.kind.block is None:
            h = evaluation.through_parts(self.model.description.readout[:self.kind.parts], evaluation.pooled_row(tokens))
            return h, self.constant or [mpq(0)] * self.model.C
        block, mlp = self.kind.block, self.kind.block.mlp
        before = evaluation.states(tokens, self.model.description.blocks[:-1])
        X = evaluation.after(replace(block, mlp=None), before) if block.attention else before
        read = (before if block.in_parallel else X)[self.kind.position]
        h = evaluation.activated(mlp.activation, evaluation.mapped(mlp.into, evaluation.normed(None if block.norm_after else mlp.norm, read)))
        s = [dot(X[self.kind.position], column) for column in self.beside]
        return h, s if self.constant is None else added(s, self.constant)


def centred(rows: Matrix) -> Matrix:
    """Less their mean: all logits move alike."""
    means = [sum(column, mpq(0)) / len(rows) for column in zip(*rows)]
    return [[value - mean for value, mean in zip(row, means)] for row in rows]
