"""`low-rank@1` (docs/rules/any/low-rank.md): its witnesses, and what its theorem says of inputs."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from second_opinion.hints import FLOATS, require_form, values
from second_opinion.intervals import Arithmetic
from second_opinion.logits import Evaluation, Row, dot
from second_opinion.matrices import Matrix, product, transpose
from second_opinion.reading import Tensor
from second_opinion.real import Real, number
from second_opinion.refusal import require
from second_opinion.task import Input

from .bounds import Bounds
from .features import Features

WITNESSES = ("basis", "metric", "labels", "label-counts", "label-tables")
TOGETHER = (("basis", "metric"), ("labels", "label-counts", "label-tables"))
MOST_INPUTS = 2**32


@dataclass(frozen=True)
class Witnesses:
    """`B` [k x m], `M` [k x k]; for each labelling a table of rows of `m`, and the row of each input."""

    B: Matrix
    M: Matrix
    tables: list[Matrix]
    labels: list[list[int]]

    @property
    def rows(self) -> int:
        return sum(map(len, self.tables))


def read(given: Mapping[str, Tensor], N: int, m: int) -> Witnesses:
    B, M, tables, labels = [], [], [], []
    if "basis" in given:
        basis, metric = given["basis"], given["metric"]
        require_form("basis", basis, FLOATS, len(basis.shape) == 2 and basis.shape[1] == m and basis.shape[0] <= m)
        require_form("metric", metric, FLOATS, metric.shape == [basis.shape[0]] * 2)
        B, M = (matrix(name, given[name]) for name in ("basis", "metric"))
    if "labels" in given:
        listed, counts, rows = (given[name] for name in TOGETHER[1])
        require_form("labels", listed, ("uint16",), len(listed.shape) == 2 and listed.shape[1] == N)
        require_form("label-counts", counts, ("uint32",), counts.shape == listed.shape[:1])
        sizes, labels = values("label-counts", counts), matrix("labels", listed)
        require(all(max(row) < size for row, size in zip(labels, sizes)), "witness-value", "/witnesses/labels/data")
        require_form("label-tables", rows, FLOATS, rows.shape == [sum(sizes), m])
        flat = matrix("label-tables", rows)
        for size in sizes:
            tables.append(flat[:size])
            flat = flat[size:]
    return Witnesses(B, M, tables, labels)


def matrix(name: str, tensor: Tensor) -> Matrix:
    flat, width = values(name, tensor), tensor.shape[1]
    return [flat[i:i + width] for i in range(0, len(flat), width)]


class LowRank:
    """The names are those of the theorem."""

    def __init__(self, features: Features, of: Witnesses) -> None:
        self.features, self.of, U = features, of, features.U
        k, m = len(of.B), len(U[0])
        Bt = transpose(of.B) if k else [[] for _ in range(m)]
        through = product(product(U, Bt), of.M) if k else [[] for _ in U]
        self.R = less(U, product(through, of.B)) if k else U
        G, Mt = product(of.B, Bt), transpose(of.M)
        self.S = less([[a + b for a, b in zip(*rows)] for rows in zip(of.M, Mt)], product(product(Mt, G), of.M)) if k else []
        self.D = [[a + b for a, b in zip(*rows)] for rows in zip(through, product(product(self.R, Bt), of.M))] if k else [[] for _ in U]
        self.Bt = Bt

    def bounds(self, x: Arithmetic, evaluation: Evaluation, index: int, tokens: Input, y: int, opened: Sequence[int]) -> Bounds:
        h, s = self.features.of(evaluation, tokens)
        near = [table[labels[index]] for table, labels in zip(self.of.tables, self.of.labels)]
        e = [value - sum(terms, mpq(0)) for value, *terms in zip(h, *near)]
        w = [dot(e, row) for row in self.of.B]
        left = root(x, dot(e, e) - dot(w, [dot(w, row) for row in self.S]))
        exact = {c: dot(h, self.features.U[c]) + s[c] for c in {y, *opened}}
        centres = [dot(w, D) + sum((dot(U, a) for a in near), mpq(0)) + one for D, U, one in zip(self.D, self.features.U, s)]
        radii = [root(x, dot(R, R)) * left for R in self.R]
        upper, lower = {}, {}
        for c in range(len(centres)):
            if c != y:
                ends = (exact[c], exact[c]) if c in exact else (centres[c] - radii[c], centres[c] + radii[c])
                lower[c], upper[c] = (number(x, 0) + end - exact[y] for end in ends)
        return Bounds(lower, upper)


def root(x: Arithmetic, value: mpq | Real) -> Real:
    """Of what is not negative, although an enclosure of it may be."""
    return Real(x, x.root((number(x, 0) + value).positive_part().ends, 2))


def less(a: Matrix, b: Matrix) -> Matrix:
    return [[one - other for one, other in zip(*rows)] for rows in zip(a, b)]
