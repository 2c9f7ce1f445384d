"""`band@1` (docs/rules/attention/band.md)"""
from __future__ import annotations

from .columns import Columns
from .counting import Walk
from .label import Label
from .real import Real


def upper(label: Label) -> Real:
    return label.trivial(Columns(label).mu())


def correct(label: Label) -> int:
    columns, n, m = Columns(label), label.n, label.m
    total = 0
    for q in label.queries():
        sums, main, last = label.position_sums(q), columns.main[q], label.b(q, n - 1)
        if q < m:
            one, rest = sums[1], sums[n - 2]
            base = [label.r(q, q) * last * y + one.up(z) for y, z in zip(columns.sum(q, columns.y[q]), main)]
        else:
            rest = sums[n - 1]
            base = [last * z for z in main]
        if not all((fixed + rest.up(z)).hi < 0 for fixed, z in zip(base, main)):
            continue
        passing = 1
        if label.far and all((fixed + rest.hi * (label.rho(q, label.far) * max(0, y))).hi < 0 for fixed, y in zip(base, columns.sum(q, columns.Y))):
            passing += len(label.far)
        for k in label.near:
            passing += all((fixed + rest.up(label.r(q, k) * y)).hi < 0 for fixed, y in zip(base, columns.sum(q, columns.y[k])))
        total += passing ** (n - 1) - (passing - 1) ** (n - 1) if q < m else passing ** (n - 1)
    return total


def walk(of: Walk) -> None:
    count, J = of.count, of.J
    of.columns()
    for q in of.queries():
        if q < of.m:
            count("add", 2)
            count("exp", 2)
            count("mul", 2)
            for _column in range(J):
                count("add", 2)                          # u + y[q]; the label's slot
                count("mul", 2)
                count("compare", 1)
        else:
            count("mul", J)
            count("compare", J)
        for _column in range(J):                         # the label's test
            count("mul", 1)
            count("add", 1)
            count("compare", 2)                          # its sign; with 0
        for _near in range(of.c):
            count("add", 2)
            count("exp", 2)
            for _column in range(J):
                count("add", 2)
                count("mul", 2)
                count("compare", 2)
        if of.f > 0:
            count("add", 1)
            count("exp", 1)
            for _column in range(J):
                count("add", 2)
                count("mul", 2)
                count("compare", 2)
        for _near in range(of.c):
            count("add", 1)                              # those that pass
        count("add", 2)                                  # a; the step's count
        count("mul", 3)
