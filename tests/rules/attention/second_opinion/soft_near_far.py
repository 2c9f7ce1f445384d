"""`soft-near-far@1` (docs/rules/attention/soft-near-far.md)"""
from __future__ import annotations

import gmpy2

from second_opinion.real import Real, largest, log_sum_exp, loss, mean, number, smallest

from .label import Label, Span

Row = list[Real]


class Columns:
    """The heads one by one, the tail by logarithms of sums (L6)."""

    def __init__(self, label: Label) -> None:
        m, heads = label.m, label.heads
        tail = [w for w in label.outputs if w not in heads]
        exact = lambda values: [number(label.x, value) for value in values]                                              # noqa: E731
        self.u = [exact([label.u[q][w] for w in heads] + [max(label.u[q][w] for w in tail)]) for q in range(m + 1)]
        self.y = [exact(label.v[t][w] + label.top[w] for w in heads) + [log_sum_exp(exact(label.v[t][w] + label.top[w] for w in tail))]
                  for t in range(m + 1)]
        self.main = [[a + b for a, b in zip(row, self.y[m])] for row in self.u]
        if label.joint:
            for q, row in enumerate(self.main):
                row[-1] = log_sum_exp(exact(label.u[q][w] + label.v[m][w] + label.top[w] for w in tail))
        self.Y = [largest(column) for column in zip(*(self.y[t] for t in label.far))]

    def sum(self, q: int, row: Row) -> Row:
        return [a + b for a, b in zip(self.u[q], row)]


def share(own: Span, others: list[Span]) -> Span:
    """Of a weight in the sum of itself and the others; positive as every weight is."""
    low, high = own.lo, own.hi
    for other in others:
        low, high = low + other.hi, high + other.lo
    return Span(own.lo / low, own.hi / high)


def upper(label: Label) -> Real:
    n, m, x_ = label.n, label.m, label.x
    columns, total = Columns(label), number(label.x, 0)
    for q in label.queries():
        sums, b = label.position_sums(q), label.b(q, n - 1)
        own, of_query = label.r(q, q) * b, columns.sum(q, columns.y[q])
        main = columns.main[q]
        if label.far:
            rho, attended = label.rho(q, label.far), mean(label.r(q, t) for t in label.far)
            Y = columns.sum(q, columns.Y)
            far_loss = loss(x_, Y)
        for x, s, far, placements in label.cells(q):
            of_label = (sums[x] + Span(b, b) if q == m else sums[x]).times(label.r(q, m))
            query = [] if q == m else [Span(own, own)]
            rows: list[Row] = []
            masses: list[Span] = []
            for k in label.near if s else (None,):
                near = [] if k is None else [sums[s].times(label.r(q, k))]
                margins = list(main)
                if query:
                    part = share(query[0], [of_label, *near])
                    margins = [d + part.up(y - base) for d, y, base in zip(margins, of_query, main)]
                if near:
                    part = share(near[0], [of_label, *query])
                    margins = [d + part.up(y - base) for d, y, base in zip(margins, columns.sum(q, columns.y[k]), main)]
                rows.append(margins)
                mass = of_label
                for other in (*query, *near):
                    mass = mass + other
                masses.append(mass)
            bound = mix([loss(x_, row) for row in rows], masses, s)
            if far:
                weight = sums[far].hi
                worst = []
                for row, mass in zip(rows, masses):
                    a = weight * rho / (mass.lo + weight * rho)
                    worst.append(loss(x_, [d + a * largest((y - d, number(x_, 0))) for d, y in zip(row, Y)]))
                by_mean = bound + weight * attended * mean(1 / mass.lo for mass in masses) * far_loss
                bound = smallest((mix(worst, masses, s), by_mean))
            total = total + placements * len(label.near) ** s * len(label.far) ** far * bound
    return total


def mix(losses: list[Real], masses: list[Span], s: int) -> Real:
    if s <= 1:
        return mean(losses)
    return largest((mean(losses), mean(mass.hi * one for mass, one in zip(masses, losses)) * mean(1 / mass.lo for mass in masses)))


def bounded(label: Label) -> tuple[Real, Real, int]:
    """The loss from both sides, and the inputs that are correct: one that is not costs ln 2 at least (A8)."""
    bound = upper(label)
    wrong = int(gmpy2.floor((bound / number(label.x, 2).log()).hi))
    return number(label.x, 0), bound, max(0, label.inputs - wrong)
