"""`band@1`: one slot on the label, all others on any tokens that pass one test each."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.attention.paper.model import Label
from rules.attention.paper.slots import Interval, columns, position_sums, split


def band(label: Label, g: int, heads: Sequence[int] = (), joint: bool = False) -> int:
    m, n = label.m, label.tables.n
    c, f = split(m, g)
    column = columns(label, g, heads, joint)
    count = 0
    for q in range(m + 1):
        fixed_slots = 1 if q < m else 0
        if fixed_slots > n - 1:
            continue                       # n = 1: the query alone, and it is not the label
        sums, r, u = position_sums(label, q), label.r[q], column.query[q]
        one = sums[1] if fixed_slots else Interval(0, 0)
        rest = sums[n - 1 - fixed_slots]
        base = r[q] * label.b[q, -1] * (column.main[q] if q == m else u + column.token[q]) + one.up(column.main[q])
        if not (base + rest.up(column.main[q]) < 0).all():
            continue
        passing = 1
        if f > 0:
            Y = u + column.token[:f].max(axis=0)
            passing += f * int((base + rest.hi * r[:f].max() * np.maximum(Y, 0) < 0).all())
        for k in range(f, m):
            passing += int((base + rest.up(r[k] * (u + column.token[k])) < 0).all())
        count += passing ** (n - 1) - ((passing - 1) ** (n - 1) if q < m else 0)
    return count
