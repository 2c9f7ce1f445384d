"""`cubic@1`, the paper's rule, with a count that allows every token below the label; `joint` is the quartic variant."""
from __future__ import annotations

from math import comb

import numpy as np

from rules.attention.paper.model import Label
from rules.attention.paper.slots import all_label, position_sums


def cubic(label: Label, joint: bool = False) -> int:
    m, n = label.m, label.tables.n
    u, token = label.u, label.v + label.top
    if not joint:                          # one number in place of each row
        u, token = (np.full((len(table), 1), -np.inf) if table.shape[1] == 0 else table.max(axis=1, keepdims=True) for table in (u, token))
    count = 0
    for q in range(m + 1):
        sums = position_sums(label, q)
        last = label.b[q, -1]
        pure = u[q] + token[:m]                                                          # [m, columns]
        for near in range(1, n if q == m else n - 1):
            passing = np.ones(m, dtype=bool)
            for of_near in (sums[near].lo, sums[near].hi):                               # linear in it: the ends suffice
                of_max = sums[n - 1].hi - of_near
                fixed = of_max * (u[q] + token[m]) + label.r[q, q] * last * (u[q] + token[q])
                passing &= (fixed + of_near * label.r[q, :m, None] * pure < 0).all(axis=1)
            count += comb(n - 1, near) * int(passing.sum()) ** near
        count += all_label(label, q)
    return count
