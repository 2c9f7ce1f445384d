"""`cubic@1` (docs/rules/attention/cubic.md)"""
from __future__ import annotations

from math import comb

from .counting import Walk
from .label import Label
from .real import Real


def largest_of(label: Label) -> tuple[list, list]:
    """u*[q] and y*[t]"""
    return ([max(label.u[q].values()) for q in range(label.m + 1)],
            [max(label.v[t][w] + label.top[w] for w in label.outputs) for t in range(label.m + 1)])


def upper(label: Label) -> Real:
    u, y = largest_of(label)
    return label.trivial(max(u) + max(y))


def correct(label: Label) -> int:
    n, m = label.n, label.m
    u, y = largest_of(label)
    total = 0
    for q in label.queries():
        sums = label.position_sums(q)
        T, alpha = sums[n - 1].lo, u[q] + y[m]
        fixed = label.r(q, q) * label.b(q, n - 1) * (u[q] + y[q])
        for s in range(1, n if q == m else n - 1):
            passing = sum(all(((T - S) * alpha + fixed + label.r(q, k) * S * (u[q] + y[k])).hi < 0 for S in sums[s]) for k in range(m))
            total += comb(n - 1, s) * passing**s
        total += label.all_label(q)
    return total


def walk(of: Walk) -> None:
    count, n, m, W = of.count, of.n, of.m, of.W
    of.wrong_positions()
    for _token in range(m + 1):
        count("add", 3 * W)                              # v, P* added to it, u
        count("compare", 2 * (W - 1))                    # y*, u*
        count("compare", 2)                              # the largest of both
    count("add", 1)
    of.trivial()
    for q in of.queries():
        if q < m:
            count("add", 2)                              # A[q,q] - A[q,m]
            count("exp", 2)
            count("mul", 2)                              # times b
            count("add", 1)                              # u* + y*[q]
        count("add", 1)                                  # α
        for _product in ("T α", "γ"):
            count("mul", 1)
            count("compare", 1)
        count("add", 1)
        others = range(1, n if q == m else n - 1)
        if others:
            for _k in range(m):
                count("add", 2)                          # A[q,k] - A[q,m]
                count("exp", 2)
                count("add", 2)                          # u* + y*[k]; β - α
                count("mul", 1)
                count("compare", 2)                      # signs
                for _s in others:
                    count("mul", 1)
                    count("add", 1)
                    count("compare", 1)
        for _s in others:
            count("mul", 3)
            count("add", 1)
        all_label(of)


def all_label(of: Walk) -> None:
    for _output in range(of.W):
        for _slot in range(of.n):
            of.count("add", 2)
            of.count("mul", 1)
            of.count("compare", 1)
        of.count("add", 1)
        of.count("compare", 1)
    of.count("add", 1)
