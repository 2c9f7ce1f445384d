"""What the rules' walks have in common: the shape of a label, the tables, the columns (docs/rules/attention/README.md)."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from counting import Counter
from reading import Operations

from .witnesses import Witnesses

TOPS = {"band@1", "near-far@1", "subcubic@1"}
RUNNING_SCORES = TOPS | {"soft-near-far@1", "placements@1"}
RUNNING_WEIGHTS = {"soft-near-far@1", "placements@1"}


@dataclass(frozen=True)
class Walk:
    """Of the rule of one label: how many there are of what."""

    count: Counter
    hints: Witnesses
    m: int
    accuracy: bool

    @property
    def n(self) -> int:
        return self.hints.n

    @property
    def W(self) -> int:
        return self.hints.V - 1

    @property
    def c(self) -> int:
        return self.hints.near[self.m]

    @property
    def f(self) -> int:
        return self.m - self.c

    @property
    def eta(self) -> int:
        return len(self.hints.heads[self.m])

    @property
    def J(self) -> int:
        return self.eta + 1

    @property
    def tail(self) -> int:
        return self.W - self.eta

    @property
    def joint(self) -> bool:
        return self.hints.joint[self.m]

    def queries(self) -> range:
        return range(self.m if self.n == 1 else 0, self.m + 1)

    def cells(self, q: int) -> Iterator[tuple[int, int, int]]:
        """(x, s, f')"""
        free = self.n - 1
        for x in range(free + 1):
            for s in range(free - x + 1):
                far = free - x - s
                if (x >= 1 or q == self.m) and (s == 0 or self.c > 0) and (far == 0 or self.f > 0):
                    yield x, s, far

    def wrong_positions(self) -> None:
        """π and P*"""
        for p in range(self.n):
            self.count("add", self.W)
            if p > 0:
                self.count("compare", self.W)

    def trivial(self) -> None:
        """ln V + max(0, μ), times the inputs, and the step's sum."""
        self.count("log", 1)
        self.count("compare", 1)
        self.count("add", 1)
        self.count("mul", 1)
        self.count("add", 1)

    def columns(self) -> None:
        count = self.count
        self.wrong_positions()
        count("compare", self.W - 1)                     # the largest of P*
        for _token in range(self.c + 1):                 # near ones and the label
            for _output in range(self.W):
                count("add", 2)
            count("compare", self.tail - 1)
        for token in range(self.f):
            for _column in range(self.J):
                count("add", 2)
                if token > 0:
                    count("compare", 1)                  # Y
        for _query in range(self.m + 1):
            for _column in range(self.J):
                count("add", 2)                          # u, main
            if self.joint:
                count("add", 2 * self.tail)
                count("compare", self.tail - 1)
        for _row in range(self.m + 1):
            for _column in range(self.J):
                count("compare", 2)                      # the largest u, the largest y
        count("add", 1)                                  # their sum
        self.trivial()


def tables(V: int, n: int, d: int, h: int, rules: Collection[str], hints: Witnesses) -> Operations:
    count = Counter()
    used = set(rules)
    for size in (V * d, d * V, n * d, 3 * d * h, h * d):
        count("read", size)
    count("add", V * d)                                  # X
    for rows, inner, columns in ((V, d, V),              # X U
                                 (d, h, d), (d, d, V), (V, d, V), (n, d, V),
                                 (V, d, h), (V, d, h), (n, d, h), (V, h, V), (V, h, n)):
        for _row in range(rows):
            for _column in range(columns):
                count("mul", inner)
                count("add", inner - 1)
    count("sqrt", 2)
    for _query in range(V):
        count("div", 2 * V + 2 * n)                      # A, B
        count("exp", 2 * n)                              # b
        for placed in range(n - 1):
            count("compare", placed)                     # sorted by insertion
        for _sum in range(n - 2):
            count("add", 2)
    if used & TOPS:
        for _table in ("EU", "OV"):
            for _row in range(V):
                count("compare", 2 * (V - 1))
    if used & RUNNING_SCORES:
        for _row in range(V):
            count("compare", V - 1)
    if used & RUNNING_WEIGHTS:
        for _row in range(V):
            count("exp", V)
            count("add", V - 1)
    if "subcubic@1" in used:
        for _row in range(V):
            count("compare", V - 1)
            count("add", 1)
    count("read", hints.elements)
    return count.counts
