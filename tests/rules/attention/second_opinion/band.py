"""`band@1` (docs/rules/attention/band.md)"""
from __future__ import annotations

from .columns import Columns
from .label import Label


def correct(label: Label) -> int:
    columns, n, m = Columns(label), label.n, label.m
    total = 0
    for q in label.queries():
        sums, main, last, of_label = label.position_sums(q), columns.main[q], label.b(q, n - 1), label.r(q, m)
        if q < m:
            one, rest = sums[1].times(of_label), sums[n - 2]
            base = [label.r(q, q) * last * y + one.up(z) for y, z in zip(columns.sum(q, columns.y[q]), main)]
        else:
            rest = sums[n - 1]
            base = [last * of_label * z for z in main]
        if not all((fixed + rest.times(of_label).up(z)).hi < 0 for fixed, z in zip(base, main)):
            continue
        passing = 1
        if label.far and all((fixed + rest.hi * (label.rho(q, label.far) * max(0, y))).hi < 0 for fixed, y in zip(base, columns.sum(q, columns.Y))):
            passing += len(label.far)
        for k in label.near:
            passing += all((fixed + rest.up(label.r(q, k) * y)).hi < 0 for fixed, y in zip(base, columns.sum(q, columns.y[k])))
        total += passing ** (n - 1) - (passing - 1) ** (n - 1) if q < m else passing ** (n - 1)
    return total
