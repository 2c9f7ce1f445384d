"""The tables of docs/rules/attention/README.md: exact, the scores without their division by sqrt(h)."""
from __future__ import annotations

from dataclasses import dataclass

from reading import Certificate
from refusal import require
from weights import Matrix, product, rows, transpose

LARGEST = 2**20


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


def read(certificate: Certificate) -> Tables:
    E, P, U = (rows(certificate, name) for name in ("embed.W_E", "pos_embed.W_pos", "unembed.W_U"))
    W_Q, W_K, W_V, W_O = (rows(certificate, f"blocks.0.attn.W_{letter}") for letter in "QKVO")
    h = certificate.tensors["blocks.0.attn.W_Q"].shape[2]
    X = [[e + p for e, p in zip(row, P[-1])] for row in E]
    circuit, queries = product(product(W_V, W_O), U), product(X, W_Q)
    found = Tables(h, product(X, U), product(E, circuit), product(P, circuit), product(queries, transpose(product(E, W_K))),
                   product(queries, transpose(product(P, W_K))))
    for name in ("EU", "OV", "PO"):
        require(all(abs(entry) <= LARGEST for row in getattr(found, name) for entry in row), "limit-logit-range", "/model", name)
    for name in ("A", "B"):
        require(all(entry**2 <= LARGEST**2 * h for row in getattr(found, name) for entry in row), "limit-logit-range", "/model", name)
    return found
