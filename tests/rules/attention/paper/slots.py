"""What several rules share: positions as intervals (L7), outputs in columns (L6), near and far tokens."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from rules.attention.paper.model import Array, Label, log_sum_exp


@dataclass(frozen=True)
class Interval:
    lo: float
    hi: float

    def up(self, values: Array) -> Array:
        """The upper end of this interval, which is not negative, times each number."""
        return np.where(values > 0, self.hi * values, self.lo * values)


def position_sums(label: Label, q: int) -> list[Interval]:
    """[n]: the sum of b over x free slots, wherever they are."""
    b = np.sort(label.b[q][:-1])
    rise, fall = np.concatenate([[0], np.cumsum(b)]), np.concatenate([[0], np.cumsum(b[::-1])])
    return [Interval(low, high) for low, high in zip(rise, fall)]


@dataclass(frozen=True)
class Columns:
    """The heads' outputs one by one, then one pseudo-output that stands for all others, where there are others."""
    query: Array                           # [m+1, J]     what the query adds, u
    token: Array                           # [m+1, J]     what a token adds, anywhere
    main: Array                            # [m+1, J]     row q: query and label together


def columns(label: Label, g: int, heads: Sequence[int], joint: bool = False) -> Columns:
    """For accuracy: the tail by maxima (L6), cheap ones over all wrong outputs for queries and far tokens. `joint`: u and V[m] are taken at the same output."""
    m, own, f = label.m, np.isin(label.outputs, np.array(heads, dtype=int)), split(label.m, g)[1]
    u, token = label.u[:m + 1], label.v[:m + 1] + label.top
    query, value = u[:, own], token[:, own]
    main = query + value[m]
    if not own.all():
        tail_u, tail = u.max(axis=1), token[:, ~own].max(axis=1)
        tail[:f] = label.v[:f].max(axis=1) + label.top.max()
        tail_main = (u[:, ~own] + token[m, ~own]).max(axis=1) if joint else tail_u + tail[m]
        query, value, main = (np.column_stack(pair) for pair in ((query, tail_u), (value, tail), (main, tail_main)))
    return Columns(query, value, main)


def soft_columns(label: Label, heads: Sequence[int], joint: bool = False) -> Columns:
    """For the loss: the tail by logarithms of sums, u by its maximum."""
    m, own = label.m, np.isin(label.outputs, np.array(heads, dtype=int))
    u, token = label.u[:m + 1], label.v[:m + 1] + label.top
    query, value = u[:, own], token[:, own]
    main = query + value[m]
    if not own.all():
        tail_u, tail = u[:, ~own].max(axis=1), log_sum_exp(token[:, ~own])
        tail_main = log_sum_exp(u[:, ~own] + token[m, ~own]) if joint else tail_u + tail[m]
        query, value, main = (np.column_stack(pair) for pair in ((query, tail_u), (value, tail), (main, tail_main)))
    return Columns(query, value, main)


def split(m: int, g: int) -> tuple[int, int]:
    """c near tokens, m-c .. m-1, and f far ones, 0 .. f-1."""
    return min(g, m), m - min(g, m)


def cells(label: Label, q: int, c: int, f: int) -> list[tuple[int, int, int, int]]:
    """(x, n, f', number of placements): how many free slots hold the label, near tokens, far tokens."""
    free = label.tables.n - 1
    return [(x, near, free - x - near, comb(free, x) * comb(free - x, near))
            for x in range(0 if q == label.m else 1, free + 1) for near in range(free - x + 1)
            if (near == 0 or c > 0) and (free - x - near == 0 or f > 0)]


def all_label(label: Label, q: int) -> int:
    """1 if the input with the label in every free slot and query q is correct: exact."""
    n, m = label.tables.n, label.m
    if q < m and n == 1:
        return 0                           # not an input of this label
    b = label.b[q]
    cleared = label.r[q, q] * b[-1] * (label.u[q] + label.v[q] + label.pi[-1])
    cleared = cleared + sum(b[p] * (label.u[q] + label.v[m] + label.pi[p]) for p in range(n - 1))
    return int((cleared < 0).all())
