"""`enumeration@1` (docs/rules/attention/enumeration.md)"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from second_opinion.real import Real, largest, loss, number, smallest

from .label import Label


class Enumerated(NamedTuple):
    """Of a label: the sum of the loss, how many inputs are correct and how many may be, the least margin."""

    loss: Real
    correct: int
    possible: int
    margin: Real


def margins(label: Label) -> Iterator[list[Real]]:
    """For each input of the label, of its wrong outputs."""
    m, n = label.m, label.n
    for x in itertools.product(range(m + 1), repeat=n):
        if max(x) == m:
            q = x[-1]
            scores = [label.tables.A[q][t] + label.tables.B[q][p] for p, t in enumerate(x)]
            weights = [label.weight(score - max(scores)) for score in scores]
            mass = sum(weights[1:], weights[0])
            yield [sum((weight * (label.u[q][w] + label.v[t][w] + label.pi[p][w]) for p, (t, weight) in enumerate(zip(x, weights))), number(label.x, 0)) / mass
                   for w in label.outputs]


def enumeration(label: Label) -> Enumerated:
    total, correct, possible, worst = number(label.x, 0), 0, 0, []
    for row in margins(label):
        total = total + loss(label.x, row)
        correct += all(one.hi < 0 for one in row)
        possible += all(one.lo < 0 for one in row)
        worst.append(0 - largest(row))
    return Enumerated(total, correct, possible, smallest(worst))
