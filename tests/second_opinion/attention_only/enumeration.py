"""`enumeration@1` (docs/rules/attention/enumeration.md): also the truth that other rules are compared with."""
from __future__ import annotations

import itertools
from collections.abc import Iterator

from .counting import Walk
from .label import Label
from .real import Real, loss, number


def margins(label: Label) -> Iterator[tuple[list[Real], Real]]:
    """For each input of the label the cleared margins of the wrong outputs, and the mass."""
    m, n = label.m, label.n
    for x in itertools.product(range(m + 1), repeat=n):
        if max(x) == m:
            q = x[-1]
            weights = [label.r(q, t) * label.b(q, p) for p, t in enumerate(x)]
            cleared = [sum((weight * (label.u[q][w] + label.v[t][w] + label.pi[p][w]) for p, (t, weight) in enumerate(zip(x, weights))), number(label.x, 0))
                       for w in label.outputs]
            yield cleared, sum(weights[1:], weights[0])


def bounds(label: Label) -> tuple[Real, Real]:
    total = sum((loss(label.x, [one / mass for one in cleared]) for cleared, mass in margins(label)), number(label.x, 0))
    return total, total


def correct(label: Label) -> int:
    return sum(all(one.hi < 0 for one in cleared) for cleared, _mass in margins(label))


def walk(of: Walk) -> None:
    count, n, m, W = of.count, of.n, of.m, of.W
    for _token in range(m + 1):
        count("add", 2 * W)                              # u, v
    count("add", n * W)                                  # π
    for q in of.queries():
        for _token in range(m):
            count("add", 2)
            count("exp", 2)
        if q < m:
            count("mul", 2)
        for _slot in range(n - 1):
            for _token in range(m + 1):
                count("mul", 2)
                weighed(of)
        weighed(of)
        inputs(of, n - 1, q == m)
    count("log", 2)
    count("add", 2)


def weighed(of: Walk) -> None:
    """W_p y_p"""
    of.count("add", 2 * of.W)
    of.count("mul", 2 * of.W)
    of.count("compare", of.W)


def inputs(of: Walk, free: int, with_label: bool) -> None:
    """Depth first over the free slots; the last one holds the label if no other does."""
    count, V = of.count, of.hints.V
    if free == 0:
        one_input(of)
        return
    for token in range(of.m + 1):
        if free > 1:
            count("add", 2 * V)
            inputs(of, free - 1, with_label or token == of.m)
        elif with_label or token == of.m:
            count("add", 2 * V)
            one_input(of)


def one_input(of: Walk) -> None:
    count, W = of.count, of.W
    count("add", 2 * W)
    count("mul", 2 * W + 2)
    count("div", 2)
    count("exp", 2 * W)
    count("compare", W)
    if of.accuracy:
        count("compare", W)
