"""`block-tables@1` (docs/rules/any/block-tables.md): what its theorem says of inputs."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gmpy2 import mpq

from second_opinion.intervals import Arithmetic, Interval
from second_opinion.logits import Evaluation, Row, added, dot
from second_opinion.matrices import Matrix, transpose
from second_opinion.real import Real, number

from .additive import REACH, Additive
from .blocks import Side, Witnesses, nodes
from .bounds import Bounds
from .features import centred

Ends = tuple[Real, Real]


class BlockTables:
    """The names are those of the theorem; rows of intervals are of classes."""

    def __init__(self, x: Arithmetic, of: Additive, given: Witnesses) -> None:
        self.x, self.of, self.evaluation = x, of, Evaluation(of.model, x)
        self.L, self.R = of.sides()
        self.V = transpose(centred(transpose(of.U)))
        self.columns = transpose(of.U)
        self.Rhat, self.sigma = self.side(self.R, given.right)
        self.Lhat, self.of_left = self.side(self.L, given.left) if given.left else (self.L, None)
        self.hulls = self.sigma if given.fold is None else self.over(nodes(given.right.labels, given.tree)[given.fold])

    def side(self, rows: Matrix, of: Side) -> tuple[Matrix, list[list[Ends]]]:
        """Means over blocks; and of each symbol the interval of what the difference from them does to each logit."""
        x, r, C = self.x, REACH[self.of.activation], self.of.model.C
        means = [list(row) for row in rows]
        intervals = [[(number(x, 0), number(x, 0))] * C for _ in rows]
        for neurons, labels, by_parts in zip(of.neurons, of.labels, of.by_parts):
            for j in neurons:
                for i, mean in enumerate(means_by(labels, [row[j] for row in rows])):
                    means[i][j] = mean
            for i, row in enumerate(rows):
                delta = {j: row[j] - means[i][j] for j in neurons}
                for c in range(C):
                    if by_parts:
                        middle, radius = sum(d * self.of.U[j][c] for j, d in delta.items()) / 2, number(x, r * sum(abs(d) * abs(self.V[j][c]) for j, d in delta.items()))
                    else:
                        middle, radius = mpq(0), (mpq(1, 2) + r) * norm(x, delta.values()) * norm(x, [self.V[j][c] for j in neurons])
                    lo, hi = intervals[i][c]
                    intervals[i][c] = lo + middle - radius, hi + middle + radius
        return means, intervals

    def over(self, labels: Sequence[int]) -> list[list[Ends]]:
        """Of each symbol, the hull over its block."""
        of: dict[int, list[Ends]] = {}
        for label, ends in zip(labels, self.sigma):
            of[label] = [(least(a[0], b[0]), most(a[1], b[1])) for a, b in zip(of[label], ends)] if label in of else ends
        return [of[label] for label in labels]

    def bounds(self, index: int, label: int, opened: Sequence[int]) -> Bounds:
        i, y = divmod(index, self.of.Ny)
        near, zero = self.logits(self.Lhat[i], self.Rhat[y]), (number(self.x, 0),) * 2
        beside = self.of_left[i] if self.of_left else [zero] * len(near)
        def ends(c: int, of: Sequence[Ends]) -> Ends:
            return tuple(number(self.x, 0) + near[c] + one + other for one, other in zip(beside[c], of[c]))
        own = ends(label, self.sigma[y])
        lower, upper = {}, {}
        exact = self.logits(self.L[i], self.R[y]) if opened else []
        for c in range(len(near)):
            if c in opened:
                lower[c] = upper[c] = number(self.x, 0) + exact[c] - exact[label]
            elif c != label:
                lo, hi = ends(c, self.hulls[y])
                lower[c], upper[c] = lo - own[1], hi - own[0]
        return Bounds(lower, upper)

    def logits(self, left: Row, right: Row) -> Row:
        h = self.evaluation.activated(self.of.activation, added(left, right))
        return [dot(h, column) + b for column, b in zip(self.columns, self.of.b)]


def means_by(labels: Sequence[int], numbers: Sequence[mpq]) -> list[mpq]:
    """For each number the mean of those with its label."""
    of = defaultdict(list)
    for label, value in zip(labels, numbers):
        of[label].append(value)
    return [sum(of[label]) / len(of[label]) for label in labels]


def norm(x: Arithmetic, numbers: Sequence[mpq]) -> Real:
    return Real(x, x.root(x.number(sum((value * value for value in numbers), mpq(0))), 2))


def least(a: Real, b: Real) -> Real:
    return Real(a.x, Interval(min(a.lo, b.lo), min(a.hi, b.hi)))


def most(a: Real, b: Real) -> Real:
    return Real(a.x, Interval(max(a.lo, b.lo), max(a.hi, b.hi)))
