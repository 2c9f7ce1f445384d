"""The tables of docs/rules/attention/README.md: exact, the scores without their division by sqrt(h)."""
from __future__ import annotations

from dataclasses import dataclass

from second_opinion.network import PARTS, Matrix, Model, added, product, transpose


@dataclass(frozen=True)
class Tables:
    """`A`, `B` are multiplied by sqrt(h)."""

    h: int
    EU: Matrix
    OV: Matrix
    PO: Matrix
    A: Matrix
    B: Matrix

    @property
    def V(self) -> int:
        return len(self.EU)

    @property
    def n(self) -> int:
        return len(self.PO)


def read(model: Model) -> Tables:
    block, (readout,) = model.description.blocks[0], model.description.readout
    E, P, U = model.E, model.P, model.matrices[readout]
    W_Q, W_K, W_V, W_O = (model.matrices[getattr(block, part)] for part in PARTS)
    X = [added(row, P[-1]) for row in E]
    circuit, queries = product(product(W_V, W_O), U), product(X, W_Q)
    return Tables(model.h, product(X, U), product(E, circuit), product(P, circuit), product(queries, transpose(product(E, W_K))),
                  product(queries, transpose(product(P, W_K))))
