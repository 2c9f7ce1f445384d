"""The closed formulas of FORMAT.md section 8 and docs/rules for the operations of a proof.

tests/second_opinion/counting.py counts the same by walking the loops; the corpus makes the two meet.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable
from math import comb, prod

KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")
Operations = dict[str, int]


def operations(**counts: int) -> Operations:
    return {kind: counts.get(kind, 0) for kind in KINDS}


def total(parts: Iterable[Operations]) -> Operations:
    listed = list(parts)
    return {kind: sum(part[kind] for part in listed) for kind in KINDS}


def tables(V: int, d: int, n: int, rules: Collection[str]) -> Operations:
    """`rules` are those of the steps: some need less, some need more."""
    shared = operations(read=2 * V * d + d * d, mul=V * d * d + V * V * d,
                        add=V * d * (d - 1) + V * V * (d - 1) + V * V, compare=V * (V - 1), exp=V * V)
    return total([shared] + [operations(exp=V * V)] * any(rule != "convexity@1" for rule in rules)
                 + [self_products(V)] * (n == 2 and "convexity@1" in rules))


def self_products(V: int) -> Operations:
    return operations(mul=V * V, add=V * (V - 1) + V, log=V)


def conclusion(steps: int, claims: int, with_correct: bool) -> Operations:
    more = steps if with_correct else 0
    return operations(add=2 * steps + more, mul=claims, compare=2 * steps + claims + more)


def step(rule: str, n: int, V: int, labels: tuple[int, int], with_correct: bool) -> Operations:
    of_label = convexity if rule == "convexity@1" else symmetry if rule == "symmetry@1" and n > 1 else enumeration
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


def convexity(n: int, V: int, y: int, with_correct: bool) -> Operations:
    label_terms = operations(add=y + 1 + 2, mul=2)
    accuracy = operations(div=1, add=1, compare=1) if with_correct else operations()
    if n == 2:
        return total((operations(add=1, mul=1), label_terms, accuracy))
    Z = y * (n - 1) + 1
    extensions = max(n - 2, 0) + y * (n - 1) * (n - 2) // 2
    return total((operations(add=(V - 1) * Z + n, mul=V * extensions + (V * Z if n > 1 else 0) + y * (n - 1) + n - 1, log=n),
                  label_terms, accuracy))
