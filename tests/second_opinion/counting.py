"""Counts operations by walking the loops of the rule pages, adding as it goes; no closed formula occurs here."""
from __future__ import annotations

from collections.abc import Collection, Iterator

from reading import KINDS, UPPER_ONLY, Operations


class OverBudget(Exception):
    """More operations than the certificate declares: no need to count on."""


class Counter:
    """Eight counts; a budget stops a walk that is longer than what was declared."""

    def __init__(self, budget: int) -> None:
        self.counts: Operations = dict.fromkeys(KINDS, 0)
        self.left = budget

    def __call__(self, kind: str, times: int) -> None:
        self.counts[kind] += times
        self.left -= times
        if self.left < 0:
            raise OverBudget


def tables(V: int, d: int, n: int, rules: Collection[str]) -> Operations:
    """What all steps share; `rules` are those that the steps use."""
    count = Counter(2**63)
    both_ends = any(rule not in UPPER_ONLY for rule in rules)
    for _tensor, size in (("embedding", V * d), ("linear", d * d), ("unembedding", d * V)):
        count("read", size)
    for _row in range(V):
        for _column in range(d):                     # P = E W
            count("mul", d)
            count("add", d - 1)
        for _column in range(V):                     # M = P U
            count("mul", d)
            count("add", d - 1)
        count("compare", V - 1)                      # s_a = max_k M[a,k]
        for _column in range(V):
            count("add", 1)                          # D[a,k]
            count("exp", 2 if both_ends else 1)      # A[a,k]
    if n == 2 and "convexity@1" in rules:
        self_products(count, V)
    return count.counts


def self_products(count: Counter, V: int) -> None:
    for _a in range(V):
        count("mul", V)                              # Q_a = sum_k A[a,k]^2
        count("add", V - 1)
        count("log", 1)
        count("add", 1)                              # T_y


def conclusion(steps: int, claims: int, with_correct: bool) -> Operations:
    count = Counter(2**63)
    for _step in range(steps):
        for _end in ("lower", "upper"):
            count("add", 1)
            count("compare", 1)
        if with_correct:
            count("add", 1)
            count("compare", 1)
    for _claim in range(claims):
        count("mul", 1)
        count("compare", 1)
    return count.counts


def step(rule: str, n: int, V: int, labels: tuple[int, int], accuracy: bool, budget: int) -> Operations:
    count = Counter(budget)
    ends = 1 if rule in UPPER_ONLY else 2
    for y in range(*labels):
        if rule == "convexity@1":
            convexity(count, n, V, y, accuracy)
        else:
            (enumeration if rule == "enumeration@1" or n == 1 else symmetry)(count, n, V, y, accuracy)
        count("add", y)                              # sum_{a<y} D[a,y]
        count("mul", 2)                              # times c_1, and c_2 D[y,y]
        count("add", 1)
        count("add", ends)                           # added to the logarithm
        count("add", ends)                           # added to the sum of the step
    return count.counts


def input_value(count: Counter, V: int, accuracy: bool) -> None:
    """Z of one input, two ends, and whether the input is classified correctly."""
    count("mul", 2 * V)
    count("add", 2 * (V - 1))
    if accuracy:
        count("add", V)
        count("compare", V - 1)


def extension(count: Counter, V: int, accuracy: bool) -> None:
    count("mul", 2 * V)
    if accuracy:
        count("add", V)


def enumeration(count: Counter, n: int, V: int, y: int, accuracy: bool) -> None:
    if n == 1:                                       # one input, Z = sum_k A[y,k], nothing multiplied
        count("add", 2 * (V - 1))
        if accuracy:
            count("compare", V - 1)
        count("mul", 2)
    else:
        for j in range(n):
            enumeration_walk(count, V, [y if p < j else y + 1 for p in range(n) if p != j], accuracy)
    count("log", 2)


def enumeration_walk(count: Counter, V: int, choices: list[int], accuracy: bool) -> None:
    for _token in range(choices[0]):
        if len(choices) == 1:
            input_value(count, V, accuracy)
            count("mul", 2)                          # product = product * Z
        else:
            extension(count, V, accuracy)
            enumeration_walk(count, V, choices[1:], accuracy)


def symmetry(count: Counter, n: int, V: int, y: int, accuracy: bool) -> None:
    for t2, r in symmetry_rows(count, V, y, 1, n - 2, accuracy):
        for _a in range(t2):
            input_value(count, V, accuracy)
            count("mul", 2)                          # product, from 1
        input_value(count, V, accuracy)              # the tie, a = t_2
        for _power in range(r):
            count("mul", 2)
        count("mul", 2)                              # the power times the tie
        count("log", 2)
        count("mul", 2)                              # weighted and added
        count("add", 2)


def symmetry_rows(count: Counter, V: int, last: int, r: int, more: int, accuracy: bool) -> Iterator[tuple[int, int]]:
    """Walks t_(n-1) .. t_2, non-increasing from `last`; yields t_2 and how often it occurs in (t_2, .., t_n)."""
    if more == 0:
        yield last, r
        return
    for token in range(last + 1):
        extension(count, V, accuracy)
        yield from symmetry_rows(count, V, token, r + 1 if token == last else 1, more - 1, accuracy)


def convexity(count: Counter, n: int, V: int, y: int, accuracy: bool) -> None:
    """Upper ends only."""
    if n == 2:
        count("mul", 1)                              # (y + 1) ln Q_y
        count("add", 1)                              # added to T_y
    else:
        for m in range(1, n):
            if m > 1:
                count("mul", V)                      # y^m, from y^(m-1)
            for _a in range(y):
                for _extension in range(n - m - 1):
                    count("mul", V)
                mixture_value(count, V)
                count("mul", 1)                      # product, from 1
            count("log", 1)
            count("mul", 1)                          # weighted and added
            count("add", 1)
        if n == 1:
            count("add", V - 1)                      # Z = sum_k A[y,k]
        else:
            mixture_value(count, V)                  # Z(y^n), on the vector y^(n-1)
        count("log", 1)
        count("add", 1)
    if accuracy:
        count("div", 1)                              # by ln 2
        count("add", 1)                              # N_y less its floor
        count("compare", 1)                          # with 0


def mixture_value(count: Counter, V: int) -> None:
    """Z of one mixture, the upper end."""
    count("mul", V)
    count("add", V - 1)
