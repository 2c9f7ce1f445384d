"""The closed formulas of FORMAT.md section 8 and docs/rules for the operations of a proof.

tests/second_opinion/token_sum/counting.py counts the same by walking the loops; the corpus makes the two meet.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable
from math import comb, prod

from .witnesses import Hints

KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")
Operations = dict[str, int]


def operations(**counts: int) -> Operations:
    return {kind: counts.get(kind, 0) for kind in KINDS}


def total(parts: Iterable[Operations]) -> Operations:
    listed = list(parts)
    return {kind: sum(part[kind] for part in listed) for kind in KINDS}


UPPER_ONLY = ("convexity@1", "block-jensen@1")


def tables(V: int, d: int, n: int, rules: Collection[str], hints: Hints | None = None) -> Operations:
    """`rules` are those of the steps: some need less, some need more."""
    shared = operations(read=2 * V * d + d * d, mul=V * d * d + V * V * d,
                        add=V * d * (d - 1) + V * V * (d - 1) + V * V, compare=V * (V - 1), exp=V * V)
    return total([shared] + [operations(exp=V * V)] * any(rule not in UPPER_ONLY for rule in rules)
                 + [self_products(V)] * (n == 2 and "convexity@1" in rules)
                 + [head_tail_tables(hints) for rule in rules if rule == "head-tail@1"]
                 + [block_sums(hints) for rule in rules if rule == "block-jensen@1"])


def self_products(V: int) -> Operations:
    return operations(mul=V * V, add=V * (V - 1) + V, log=V)


def head_tail_tables(hints: Hints) -> Operations:
    n, V, s = hints.n, hints.V, 2 if hints.weights else 1
    parts = [operations(read=hints.elements["head-tail@1"], mul=V * V * (max(2, n - 1) - 1))]
    if hints.weights:
        parts.append(operations(mul=2 * V * V, div=V))
    if n == 2:
        parts.append(operations(add=s * V * V, sqrt=s * V * hints.bounded_levels * hints.group_count))
    if hints.token_multipliers is not None:
        parts.append(operations(add=(n + 1) * V * V, mul=2 * n * V * V, div=V))
    return total(parts)


def block_sums(hints: Hints) -> Operations:
    V = hints.V
    return operations(read=hints.elements["block-jensen@1"], mul=V * V, add=V * V + V, log=V)


def conclusion(steps: int, claims: int, with_correct: bool) -> Operations:
    more = steps if with_correct else 0
    return operations(add=2 * steps + more, mul=claims, compare=2 * steps + claims + more)


def step(rule: str, n: int, V: int, labels: tuple[int, int], with_correct: bool, hints: Hints | None = None) -> Operations:
    if rule == "head-tail@1":
        return total(head_tail(hints, y, with_correct) for y in range(*labels))
    if rule == "block-jensen@1":
        return total(block_jensen(*block, V, with_correct) for block in hints.blocks_of(labels))
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


def head_tail(hints: Hints, y: int, with_correct: bool) -> Operations:
    n, V, G, s = hints.n, hints.V, hints.group_count, 2 if hints.weights else 1
    T, R, K = comb(y + n - 1, n - 1), comb(y + n - 2, n - 2), comb(y + n - 1, n - 2)
    X = sum(comb(y + r, r) for r in range(1, n - 1))
    sizes = [hints.sizes[level] for level in hints.levels_of_label(y)]
    bounded = [size for size in sizes if size < V]
    exact = T - len(bounded)
    parts = [operations(add=y + 5, mul=2), operations(mul=2 * V * X + 2 * T + 2 * K), operations(add=2 * R, mul=2 * R, log=2 * R),
             operations(add=2 * (V - 1) * exact, mul=2 * V * exact),
             operations(add=sum(2 * n * h + G for h in bounded), mul=sum(2 * n * h + G * max(1, n - 2) for h in bounded))]
    if n >= 3:
        parts.append(operations(add=s * V * (y + 1), mul=s * V * (y + 1), sqrt=s * hints.bounded_levels * G * (y + 1)))
    if hints.token_multipliers is not None:
        parts.append(operations(add=T + 2 * R + 1, mul=4 * len(bounded) + 2 * exact + n * R + 1, div=R, compare=2 * len(bounded)))
    if with_correct:
        parts.append(operations(add=V * X + V * exact, mul=R + len(bounded), compare=len(bounded) + (V - 1) * exact))
    return total(parts)


def block_jensen(j: int, p: int, q: int, V: int, with_correct: bool) -> Operations:
    accuracy = operations(div=1, add=1, compare=1) if with_correct else operations()
    return total([operations(add=j * V, mul=j * (V + 1), div=j, log=j), operations(add=2, mul=2), accuracy,
                  operations(add=sum(y + 2 for y in range(p, q)) + 1, mul=2 * (q - p))])
