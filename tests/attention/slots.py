"""What several rules share: positions as intervals (L7), outputs in columns (L6), near and far tokens."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from model import Array, Label, log_sum_exp


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


def columns(label: Label, heads: Sequence[int], joint: bool = False, loss: bool = False) -> Columns:
    """`joint`: u and V[m] of the tail are taken at the same output. `loss`: log-sum-exp in place of maxima (L6)."""
    m, own = label.m, np.isin(label.outputs, np.array(heads, dtype=int))
    u, token = label.u[:m + 1], label.v[:m + 1] + label.top
    query, value = u[:, own], token[:, own]
    main = query + value[m]
    if not own.all():
        combine = log_sum_exp if loss else (lambda terms: terms.max(axis=-1))
        tail_u, tail = u[:, ~own].max(axis=1), combine(token[:, ~own])
        tail_main = combine(u[:, ~own] + token[m, ~own]) if joint else tail_u + tail[m]
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
