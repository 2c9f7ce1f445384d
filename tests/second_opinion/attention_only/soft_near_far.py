"""`soft-near-far@1` (docs/rules/attention/soft-near-far.md)"""
from __future__ import annotations

import gmpy2

from .counting import Walk
from .label import Label, Span
from .real import Real, largest, log_sum_exp, loss, mean, number, smallest

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
            of_label = sums[x] + Span(b, b) if q == m else sums[x]
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


def correct(label: Label) -> int:
    """An input that is not correct costs ln 2 at least (A8)."""
    wrong = int(gmpy2.floor((upper(label) / number(label.x, 2).log()).hi))
    return max(0, label.inputs - wrong)


def walk(of: Walk) -> None:
    count, n, m, W, J = of.count, of.n, of.m, of.W, of.J
    of.wrong_positions()
    for token in range(m + 1):
        count("add", 2 * W)                              # v + P*
        logarithm_of_sum(of)
        if 0 < token < of.f:
            count("compare", J)                          # Y
    for _query in range(m + 1):
        count("add", W)                                  # u
        count("compare", of.tail - 1)
        count("add", J)                                  # main
        if of.joint:
            count("add", of.tail)
            logarithm_of_sum(of)
    for q in of.queries():
        if q < m:
            count("add", 2 + 2 * J)
            count("exp", 2)
            count("mul", 2)
        else:
            for _x in range(n):
                count("add", 2)
        for _near in range(of.c):
            count("add", 2 + 2 * J)
            count("exp", 2)
        if of.f > 0:
            count("add", 1)
            count("exp", 1)                              # ρ
            count("add", 1)
            count("exp", 1)
            count("mul", 1)
            count("div", 1)                              # the mean of r_t
            for _column in range(J):
                count("add", 2)
                count("exp", 1)
            count("log", 1)
        for _x, s, far in of.cells(q):
            cell(of, int(q < m) + int(s >= 1), s, far)
    count("add", 1)
    if of.accuracy:
        count("div", 1)
        count("add", 1)
        count("compare", 1)


def logarithm_of_sum(of: Walk) -> None:
    of.count("exp", of.tail)
    of.count("add", of.tail - 1)
    of.count("log", 1)


def cell(of: Walk, parts: int, s: int, far: int) -> None:
    count, J, mixed = of.count, of.J, s >= 2
    for _row in range(of.c if s else 1):
        if s:
            count("mul", 2)
        for _part in range(parts):
            count("add", 6)
            count("div", 2)
            count("add", J)
            count("mul", J)
            count("compare", J)
        count("exp", J)
        count("add", J + 1)
        count("log", 1)
        if mixed:
            count("add", 2)
            count("mul", 1)
            count("div", 1)
        if far:
            count("add", 3 * J + 2)
            count("mul", J)
            count("div", 1)
            count("exp", J)
            count("log", 1)
            count("compare", J)
            count("add", 1)
            count("mul" if mixed else "div", 1)
    count("add", 1)
    count("mul", 3)
    count("div", 1)
    if mixed:
        count("mul", 1)
        count("div", 1)
        count("compare", 1)
    if far:
        count("add", 1)
        count("mul", 4)
        count("div", 2)
        count("compare", 1)
        if mixed:
            count("mul", 1)
            count("div", 1)
            count("compare", 1)
