"""`cubic@1` (docs/rules/attention/cubic.md)"""
from __future__ import annotations

from math import comb

from .label import Label


def largest_of(label: Label) -> tuple[list, list]:
    """u*[q] and y*[t]"""
    return ([max(label.u[q].values()) for q in range(label.m + 1)],
            [max(label.v[t][w] + label.top[w] for w in label.outputs) for t in range(label.m + 1)])


def correct(label: Label) -> int:
    n, m = label.n, label.m
    u, y = largest_of(label)
    total = 0
    for q in label.queries():
        sums = label.position_sums(q)
        T, alpha = sums[n - 1].lo, u[q] + y[m]
        fixed = label.r(q, q) * label.b(q, n - 1) * (u[q] + y[q])
        for s in range(1, n if q == m else n - 1):
            passing = sum(all((label.r(q, m) * (T - S) * alpha + fixed + label.r(q, k) * S * (u[q] + y[k])).hi < 0 for S in sums[s]) for k in range(m))
            total += comb(n - 1, s) * passing**s
        total += label.all_label(q)
    return total
