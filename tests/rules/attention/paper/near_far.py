"""`near-far@1`: cells of label, near and far slots; near tokens are mixed, far ones may weigh anything up to a bound.

With `spread` [V] the scores A of the label's tables are approximate: in row q every difference of two scores is wrong by at most spread[q].
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.attention.paper.model import Array, Label, exp
from rules.attention.paper.slots import Interval, cells, columns, position_sums, split


def near_far(label: Label, g: int, heads: Sequence[int] = (), joint: bool = False, spread: Array | None = None) -> int:
    m = label.m
    c, f = split(m, g)
    column = columns(label, g, heads, joint)
    count = 0
    for q in range(m + 1):
        sums, r, u = position_sums(label, q), label.r[q], column.query[q]
        wrong = exp(0.0 if spread is None else spread[q])
        of_query = 1.0 if q == m else wrong                                              # the label's own weight is 1, exactly
        own = label.b[q, -1] * Interval(r[q] / of_query, r[q] * of_query).up(column.main[q] if q == m else u + column.token[q])
        if f > 0:
            far_slot = wrong * r[:f].max() * np.maximum(u + column.token[:f].max(axis=0), 0)
        pure = Interval(1 / wrong, wrong).up(r[f:m, None] * (u + column.token[f:m]))      # [c, J]
        for x, near, far, placements in cells(label, q, c, f):
            base = own + sums[x].up(column.main[q]) + (sums[far].hi * far_slot if far > 0 else 0)
            passing = int((base + sums[near].up(pure) < 0).all(axis=1).sum()) if near > 0 else int((base < 0).all())
            count += placements * passing ** max(near, 1) * f ** far
    return count
