"""The tables of docs/rules/attention/README.md: exact, the scores without their division by sqrt(h)."""
from __future__ import annotations

from dataclasses import dataclass

from second_opinion.logits import added
from second_opinion.matrices import Matrix, product, transpose
from second_opinion.network import Model, exact_attention


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
    readout, = model.description.readout
    E, P, U = model.E, model.P, model.matrices[readout]
    W_Q, W_K, W_V, W_O = exact_attention(model)
    X = [added(row, P[-1]) for row in E]
    circuit, queries = product(product(W_V, W_O), U), product(X, W_Q)
    return Tables(len(W_Q[0]), product(X, U), product(E, circuit), product(P, circuit), product(queries, transpose(product(E, W_K))),
                  product(queries, transpose(product(P, W_K))))
