"""The closed formulas of FORMAT.md section 8 and docs/rules for the operations of a proof.

tests/second_opinion/counting.py counts the same by walking the loops; the corpus makes the two meet.
"""
from __future__ import annotations

from collections.abc import Iterable
from math import comb, prod

KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")
Operations = dict[str, int]


def operations(**counts: int) -> Operations:
    return {kind: counts.get(kind, 0) for kind in KINDS}


def total(parts: Iterable[Operations]) -> Operations:
    listed = list(parts)
    return {kind: sum(part[kind] for part in listed) for kind in KINDS}


def tables(V: int, d: int) -> Operations:
    return operations(read=2 * V * d + d * d, mul=V * d * d + V * V * d,
                      add=V * d * (d - 1) + V * V * (d - 1) + V * V, compare=V * (V - 1), exp=2 * V * V)


def conclusion(steps: int, claims: int, with_correct: bool) -> Operations:
    more = steps if with_correct else 0
    return operations(add=2 * steps + more, mul=claims, compare=2 * steps + claims + more)


def step(rule: str, n: int, V: int, labels: tuple[int, int], with_correct: bool) -> Operations:
    of_label = symmetry if rule == "symmetry@1" and n > 1 else enumeration
    return total(of_label(n, V, y, with_correct) for y in range(*labels))


def enumeration(n: int, V: int, y: int, with_correct: bool) -> Operations:
    N = (y + 1) ** n - y**n
    X = sum(prod(y if i < j else y + 1 for i in range(1, r + 1)) for j in range(1, n + 1) for r in range(1, n - 1))
    accuracy = V * X + V * N if with_correct and n > 1 else 0
    return operations(add=2 * (V - 1) * N + y + 1 + 4 + accuracy,
                      mul=2 * V * X + (2 * V * N if n > 1 else 0) + 2 * N + 2,
                      log=2, compare=(V - 1) * N if with_correct else 0)


def symmetry(n: int, V: int, y: int, with_correct: bool) -> Operations:
    T, R, K = comb(y + n - 1, n - 1), comb(y + n - 2, n - 2), comb(y + n - 1, n - 2)
    X = sum(comb(y + r, r) for r in range(1, n - 1))
    return operations(add=2 * (V - 1) * T + 2 * R + y + 1 + 4 + (V * X + V * T if with_correct else 0),
                      mul=2 * V * X + 2 * V * T + 2 * (T - R) + 2 * K + 2 * R + 2 * R + 2,
                      log=2 * R, compare=(V - 1) * T if with_correct else 0)
