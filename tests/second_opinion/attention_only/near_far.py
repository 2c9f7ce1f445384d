"""`near-far@1` (docs/rules/attention/near-far.md)"""
from __future__ import annotations

from .columns import Columns
from .counting import Walk
from .label import Label
from .real import Real, number


def upper(label: Label) -> Real:
    return label.trivial(Columns(label).mu())


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
            base = [own[j] + sums[x].up(main[j]) + (sums[far].hi * far_slot[j] if far else number(label.x, 0)) for j in columns_of]
            if s == 0:
                passing = int(all(one.hi < 0 for one in base))
            else:
                passing = sum(all((base[j] + sums[s].up(token[j])).hi < 0 for j in columns_of) for token in near) ** s
            total += placements * passing * len(label.far) ** far
    return total


def walk(of: Walk) -> None:
    count, n, J = of.count, of.n, of.J
    of.columns()
    for q in of.queries():
        if q < of.m:
            count("add", 2)                              # A[q,q] - A[q,m]
            count("exp", 2)
            count("mul", 2)                              # times b
            count("add", J)
        count("mul", J)
        count("compare", J)                              # its sign
        count("compare", J)                              # the signs of main
        for _x in range(1, n):
            count("mul", J)
        label_slots = range(0 if q == of.m else 1, n)
        for _near in range(of.c):
            count("add", 2)
            count("exp", 2)
            count("add", J)
            count("compare", J)
            count("mul", J)                              # times r
            for _s in label_slots[1:]:
                count("mul", J)
        if of.f > 0:
            count("add", 1)
            count("exp", 1)
            count("add", J)
            count("compare", J)
            count("mul", J)                              # times ρ
            for _far in label_slots[1:]:
                count("mul", J)
        for _x, s, _far in of.cells(q):
            count("add", J)                              # query and label
            if of.f > 0:
                count("add", J)
            if s == 0:
                count("compare", J)
                count("mul", 3)                          # the number of inputs
            else:
                for _near in range(of.c):
                    count("add", J)
                    count("compare", J)
                count("mul", 4)
            count("add", 1)
