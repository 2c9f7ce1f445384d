"""`subcubic@1` (docs/rules/attention/subcubic.md): its linear form."""
from __future__ import annotations

from math import comb

from gmpy2 import mpq

from .label import Label


class Maxima:
    def __init__(self, label: Label) -> None:
        m, EU = label.m, label.tables.EU
        self.h = [max(EU[q]) - min(EU[q]) for q in range(m + 1)]
        self.y = max(label.v[m][w] + label.top[w] for w in label.outputs)
        self.P = max(label.top.values())
        self.W = [max(max(label.v[t].values()) for t in range(m - gap + 1)) for gap in range(1, m + 1)]


def correct(label: Label) -> int:
    n, m, of = label.n, label.m, Maxima(label)
    total = 0
    for q in label.queries():
        sums, last = label.position_sums(q), label.b(q, n - 1)
        alpha = of.h[q] + of.y
        for s in range(n if q == m else n - 1):
            gap = label.hints.gaps[m][q][s]
            if q == m and s == 0:
                total += label.all_label(q)
            elif gap > 0 and alpha < 0:
                T, R = sums[n - 1 - s].lo, sums[s].hi
                T, R = (T + last, R) if q == m else (T, R + last)
                worst: mpq = max(mpq(0), of.h[q] + of.P + of.W[gap - 1])
                if (label.r(q, m) * T * alpha + R * label.rho(q, range(m - gap + 1)) * worst).hi < 0:
                    total += comb(n - 1, s) * (m - gap + 1) ** s
    return total
