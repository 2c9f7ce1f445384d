"""The closed formulas of docs/rules/attention for the operations of a proof; tests/second_opinion/attention_only walks the loops instead."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from math import comb

from ..lengths import Operations, operations, total
from .witnesses import Hints

TOPS = {"band@1", "near-far@1", "subcubic@1"}
RUNNING_SCORES = TOPS | {"soft-near-far@1", "placements@1"}
RUNNING_WEIGHTS = {"soft-near-far@1", "placements@1"}
BOTH_SIDES = {"enumeration@1", "placements@1"}

UPPER_ONLY = ("soft-near-far@1", "near-far@1", "band@1", "cubic@1", "subcubic@1")


def times(count: int, **kinds: int) -> Operations:
    return operations(**{kind: count * one for kind, one in kinds.items()})


def tables(V: int, n: int, d: int, h: int, rules: Collection[str], hints: Hints) -> Operations:
    used = set(rules)
    parts = [operations(read=2 * V * d + n * d + 4 * d * h + hints.elements, add=V * d),
             operations(mul=V * V * d, add=V * V * (d - 1)),
             operations(mul=d * d * h + d * d * V + V * V * d + n * V * d, add=d * d * (h - 1) + d * V * (d - 1) + V * V * (d - 1) + n * V * (d - 1)),
             operations(mul=2 * V * d * h + n * d * h + V * V * h + n * V * h,
                        add=2 * V * h * (d - 1) + n * h * (d - 1) + V * V * (h - 1) + n * V * (h - 1)),
             operations(sqrt=2, div=2 * (V * V + n * V), exp=2 * n * V),
             operations(compare=V * (n - 1) * (n - 2) // 2, add=2 * V * max(n - 2, 0))]
    if used & TOPS:
        parts.append(operations(compare=4 * V * (V - 1)))
    if used & RUNNING_SCORES:
        parts.append(operations(compare=V * (V - 1)))
    if used & RUNNING_WEIGHTS:
        parts.append(operations(exp=V * V, add=V * (V - 1)))
    if "subcubic@1" in used:
        parts.append(operations(compare=V * (V - 1), add=V))
    return total(parts)


def step(rule: str, labels: tuple[int, int], with_correct: bool, hints: Hints) -> Operations:
    if hints.V == 1:
        return operations(add=2 if rule in BOTH_SIDES else 1)
    return total(RULES[rule](hints, m, with_correct) for m in range(*labels))


def queries(n: int, m: int) -> Iterator[int]:
    yield from range(m if n == 1 else 0, m + 1)


def columns(hints: Hints, m: int) -> Operations:
    n, W, c, J = hints.n, hints.V - 1, hints.near[m], len(hints.heads[m]) + 1
    f, tail, joint = m - c, W - len(hints.heads[m]), hints.joint[m]
    return operations(add=n * W + 2 * W * (c + 1) + 2 * f * J + 2 * (m + 1) * J + joint * 2 * (m + 1) * tail + 3,
                      compare=(n - 1) * W + (W - 1) + (tail - 1) * (c + 1) + max(0, f - 1) * J + joint * (m + 1) * (tail - 1) + 2 * (m + 1) * J + 1, log=1, mul=1)


def near_far(hints: Hints, m: int, _with_correct: bool) -> Operations:
    n, c, J = hints.n, hints.near[m], len(hints.heads[m]) + 1
    f, parts = m - c, [columns(hints, m)]
    F = int(f > 0)
    for q in queries(n, m):
        X = n if q == m else n - 1
        C_0 = X if f else 1
        C_1 = 0 if c == 0 else X * (X - 1) // 2 if f else X - 1
        parts.append(operations(mul=J, compare=J) if q == m else operations(add=J + 2, mul=J + 2, compare=J, exp=2))
        parts.append(operations(mul=(n - 1) * J, compare=J))
        parts.append(operations(add=c * (J + 2), mul=c * J * X, compare=c * J, exp=2 * c))
        if f:
            parts.append(operations(add=J + 1, mul=J * X, compare=J, exp=1))
        parts.append(operations(add=C_0 * ((1 + F) * J + 1), mul=3 * C_0, compare=C_0 * J))
        parts.append(operations(add=C_1 * ((1 + F + c) * J + 1), mul=4 * C_1, compare=c * C_1 * J))
    return total(parts)


def band(hints: Hints, m: int, _with_correct: bool) -> Operations:
    n, c, J = hints.n, hints.near[m], len(hints.heads[m]) + 1
    parts = [columns(hints, m)]
    for q in queries(n, m):
        parts.append(operations(mul=J, compare=J) if q == m else operations(add=2 * J + 2, mul=2 * J + 2, compare=J, exp=2))
        parts.append(operations(add=J, mul=J, compare=2 * J))
        parts.append(operations(add=c * (2 * J + 2), mul=2 * c * J, compare=2 * c * J, exp=2 * c))
        if m > c:
            parts.append(operations(add=2 * J + 1, mul=2 * J, compare=2 * J, exp=1))
        parts.append(operations(add=c + 2, mul=3))
    return total(parts)


def cubic(hints: Hints, m: int, _with_correct: bool) -> Operations:
    n, W = hints.n, hints.V - 1
    parts = [operations(add=n * W + 3 * (m + 1) * W + 3, compare=(n - 1) * W + 2 * (m + 1) * (W - 1) + 2 * (m + 1) + 1, mul=1, log=1)]
    for q in queries(n, m):
        s_max = n - 1 if q == m else n - 2
        parts.append(operations(add=2, mul=2, compare=2) if q == m else operations(add=5, mul=4, compare=2, exp=2))
        if s_max >= 1:
            parts.append(operations(add=m * (4 + s_max), mul=m * (1 + s_max), compare=m * (2 + s_max), exp=2 * m))
            parts.append(operations(add=s_max, mul=3 * s_max))
        parts.append(operations(add=W * (2 * n + 1) + 1, mul=n * W, compare=(n + 1) * W))
    return total(parts)


def subcubic(hints: Hints, m: int, _with_correct: bool) -> Operations:
    n, W = hints.n, hints.V - 1
    shown = sum(hints.gap(m, q, s) > 0 for q in range(m + 1) for s in range(n))
    return total([operations(add=n * W + 2 * W + m + 5 + W * (2 * n + 1), compare=(n - 1) * W + 2 * (W - 1) + max(0, m - 1) + m + 3 + (n + 1) * W,
                             mul=n * W + 1, log=1),
                  times(shown, add=8, mul=6, exp=1, compare=2)])


def enumeration(hints: Hints, m: int, with_correct: bool) -> Operations:
    n, V, W = hints.n, hints.V, hints.V - 1
    parts = [operations(add=2 * (m + 1) * W + n * W, log=2), operations(add=2)]
    for q in queries(n, m):
        inputs = (m + 1) ** (n - 1) - (m ** (n - 1) if q < m else 0)
        parts += [times(m, add=2, exp=2), operations(mul=2 * (m + 1) * (n - 1) + (2 if q < m else 0)),
                  times((m + 1) * (n - 1) + 1, add=2 * W, mul=2 * W, compare=W),
                  times(sum((m + 1) ** i for i in range(1, n - 1)), add=2 * V), times(inputs if n >= 2 else 0, add=2 * V),
                  times(inputs, add=2 * W, mul=2 * W + 2, div=2, exp=2 * W, compare=W + (W if with_correct else 0))]
    return total(parts)


def soft_near_far(hints: Hints, m: int, with_correct: bool) -> Operations:
    n, W, c, J = hints.n, hints.V - 1, hints.near[m], len(hints.heads[m]) + 1
    f, tail, joint = m - c, W - len(hints.heads[m]), hints.joint[m]
    parts = [operations(add=n * W + 2 * (m + 1) * W + (tail - 1) * (m + 1) + (m + 1) * W + J * (m + 1) + joint * (m + 1) * (2 * tail - 1) + 1,
                        compare=(n - 1) * W + (tail - 1) * (m + 1) + max(0, f - 1) * J, exp=(m + 1) * tail * (1 + joint), log=(m + 1) * (1 + joint))]
    if with_correct:
        parts.append(operations(div=1, add=1, compare=1))
    for q in queries(n, m):
        parts.append(operations(add=2 + 2 * J, mul=2, exp=2) if q < m else operations(add=2 * n))
        parts.append(times(c, add=2 + 2 * J, exp=2))
        if f:
            parts.append(operations(add=2 + 2 * J, mul=1, div=1, exp=2 + J, log=1))
        for s, of_far in near_and_far(n, q == m, c, f):
            k, B, M = c if s else 1, int(q < m) + int(s >= 1), int(s >= 2)
            parts += [times(k, add=6 * B, mul=2 * int(s >= 1), div=2 * B), times(k, add=(B + 1) * J + 1, mul=B * J, exp=J, log=1, compare=B * J),
                      times(k * M, add=2, mul=1, div=1), operations(add=1, mul=3 + M, div=1 + M, compare=M)]
            if of_far:
                parts += [times(k, add=3 * J + 2, mul=J, div=1, exp=J, log=1, compare=J), times(k, add=1, mul=M, div=1 - M),
                          operations(add=1, mul=4 + M, div=2 + M, compare=1 + M)]
    return total(parts)


def near_and_far(n: int, with_label: bool, c: int, f: int) -> Iterator[tuple[int, int]]:
    """s and f' of each cell."""
    for s in range(n if c else 1):
        for far in range(n - s if f else 1):
            if s + far <= (n - 1 if with_label else n - 2):
                yield s, far


def placements(hints: Hints, m: int, with_correct: bool) -> Operations:
    n, W, c, e = hints.n, hints.V - 1, hints.near[m], hints.filled[m]
    f = m - c
    parts = [operations(add=(2 * (m + 1) + n) * W + 2, compare=2 * (f - 1) * W if f else 0)]
    for q in queries(n, m):
        if q < m:
            parts.append(operations(add=2, mul=2, exp=2))
        parts.append(times(c, add=2, exp=2))
        if f:
            parts.append(operations(add=2, mul=1, div=1, exp=2))
        for s, of_far in near_and_far(n, q == m, c, f):
            many = comb(n - 1, s) * comb(n - 1 - s, of_far)
            one = placement(W, n - 1 - s - of_far, s, of_far, c, s <= e, with_correct)
            parts.append({kind: many * count for kind, count in one.items()})
    return total(parts)


def placement(W: int, x: int, s: int, of_far: int, c: int, full: bool, with_correct: bool) -> Operations:
    G = int(of_far > 0)
    rows, pieces = (c**s, s) if full else (c, 1)
    parts = [times(1 + x, add=4 * W + 2, mul=2 * W, compare=W), times(rows * pieces, add=4 * W + 2, mul=2 * W + 2, compare=W),
             times(rows, div=2 * W, compare=2 * W), times(rows, add=W + 1, exp=W, log=1),
             times(rows * G, add=3 * W + 3, mul=W, div=2, exp=W, log=1, compare=W)]
    if G:
        parts.append(operations(add=5 * W + of_far - 1, mul=1, exp=W, log=1, compare=2 * (of_far - 1) * W))
    if full:
        parts += [times(rows * G, add=2 * W, mul=W, compare=W), times(rows, add=W + 1, exp=W, log=1), operations(add=2 + 2 * G, mul=1 + 5 * G, div=2 * G, compare=G)]
    else:
        parts += [operations(add=3 * (s - 1), mul=s + 1, div=1, compare=(s - 1) * W), times(rows, add=2, mul=1 + G, div=1 - G),
                  operations(add=2 + 3 * G, mul=4 + 6 * G, div=2 + 2 * G, compare=3 * G)]
    if with_correct:
        parts += [times(rows, compare=W), operations(add=1, mul=3)]
    return total(parts)


RULES = {"near-far@1": near_far, "band@1": band, "cubic@1": cubic, "subcubic@1": subcubic, "enumeration@1": enumeration, "soft-near-far@1": soft_near_far,
         "placements@1": placements}
