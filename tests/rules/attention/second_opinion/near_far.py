"""`near-far@1` (docs/rules/attention/near-far.md)"""
from __future__ import annotations

from second_opinion.real import number

from .columns import Columns
from .label import Label


def correct(label: Label) -> int:
    columns, last = Columns(label), label.n - 1
    columns_of = range(len(label.heads) + 1)
    total = 0
    for q in label.queries():
        sums, main = label.position_sums(q), columns.main[q]
        own = [label.r(q, q) * label.b(q, last) * y for y in (main if q == label.m else columns.sum(q, columns.y[q]))]
        far_slot = [label.rho(q, label.far) * max(0, y) for y in columns.sum(q, columns.Y)] if label.far else []
        near = [[label.r(q, k) * y for y in columns.sum(q, columns.y[k])] for k in label.near]
        for x, s, far, placements in label.cells(q):
            base = [own[j] + sums[x].times(label.r(q, label.m)).up(main[j]) + (sums[far].hi * far_slot[j] if far else number(label.x, 0)) for j in columns_of]
            if s == 0:
                passing = int(all(one.hi < 0 for one in base))
            else:
                passing = sum(all((base[j] + sums[s].up(token[j])).hi < 0 for j in columns_of) for token in near) ** s
            total += placements * passing * len(label.far) ** far
    return total
