"""Everything relative to a label m (docs/rules/attention/README.md, from "Relative to a label" to L10).

u, v, π and their maxima are exact; what attention weighs is enclosed. Wrong outputs are w != m, in ascending order.
"""
from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import NamedTuple

from gmpy2 import mpq

from second_opinion.intervals import Arithmetic
from second_opinion.real import Real, largest, number

from .tables import Tables
from .witnesses import Witnesses


class Span(NamedTuple):
    """Two ends of what lies between, both not negative."""

    lo: Real
    hi: Real

    def up(self, y: Real | mpq) -> Real:
        """The upper end of its product with y."""
        return largest((self.lo * y, self.hi * y))

    def __add__(self, other: Span) -> Span:                # type: ignore[override]
        return Span(self.lo + other.lo, self.hi + other.hi)

    def times(self, r: Real) -> Span:
        return Span(self.lo * r, self.hi * r)


class Label:
    def __init__(self, tables: Tables, hints: Witnesses, m: int, x: Arithmetic) -> None:
        self.tables, self.hints, self.m, self.x = tables, hints, m, x
        self.n, self.V = tables.n, tables.V
        self.outputs = [w for w in range(self.V) if w != m]
        self.u, self.v, self.pi = ([{w: row[w] - row[m] for w in self.outputs} for row in table] for table in (tables.EU, tables.OV, tables.PO))
        self.top = {w: max(row[w] for row in self.pi) for w in self.outputs}           # P*
        self.root = Real(x, x.root(x.number(tables.h), 2))                               # sqrt(h)
        self.weights: dict[mpq, Real] = {}                                                # of a score

    @property
    def inputs(self) -> int:
        return (self.m + 1) ** self.n - self.m**self.n

    @property
    def near(self) -> range:
        return range(self.m - self.hints.near[self.m], self.m)

    @property
    def far(self) -> range:
        return range(self.near.start)

    @property
    def heads(self) -> list[int]:
        return self.hints.heads[self.m]

    @property
    def joint(self) -> bool:
        return self.hints.joint[self.m]

    def queries(self) -> range:
        return range(self.m if self.n == 1 else 0, self.m + 1)

    def weight(self, score: mpq) -> Real:
        if score not in self.weights:
            self.weights[score] = (score / self.root).exp()
        return self.weights[score]

    def r(self, q: int, t: int) -> Real:
        """Over the larger of the query's and the label's: a factor common to all tokens cancels in every rule, as one common to all positions does."""
        A = self.tables.A[q]
        return self.weight(A[t] - max(A[q], A[self.m]))

    def b(self, q: int, p: int) -> Real:
        """Over the largest."""
        return self.weight(self.tables.B[q][p] - max(self.tables.B[q]))

    def rho(self, q: int, tokens: range) -> Real:
        return self.r(q, max(tokens, key=lambda t: self.tables.A[q][t]))

    def position_sums(self, q: int) -> list[Span]:
        """[T_x] for x = 0 .. n-1 (L7)."""
        order = sorted(range(self.n - 1), key=lambda p: self.tables.B[q][p])
        sums = [Span(number(self.x, 0), number(self.x, 0))]
        for low, high in zip(order, reversed(order)):
            sums.append(sums[-1] + Span(self.b(q, low), self.b(q, high)))
        return sums

    def cells(self, q: int) -> Iterator[tuple[int, int, int, int]]:
        """(x, s, f', inputs of a near and a far token each): slots on the label, near, far; and how often they can be so placed (L8)."""
        free = self.n - 1
        for x in range(0 if q == self.m else 1, free + 1):
            for s in range(free - x + 1 if self.near else 1):
                far = free - x - s
                if far == 0 or self.far:
                    yield x, s, far, comb(free, x) * comb(free - x, s)

    def all_label(self, q: int) -> bool:
        """Whether the input with the label in every free slot and query q is correct."""
        last, m = self.n - 1, self.m
        return all((self.r(q, q) * self.b(q, last) * (self.u[q][w] + self.v[q][w] + self.pi[last][w])
                    + sum((self.r(q, m) * self.b(q, p) * (self.u[q][w] + self.v[m][w] + self.pi[p][w]) for p in range(last)), number(self.x, 0))).hi < 0
                   for w in self.outputs)
