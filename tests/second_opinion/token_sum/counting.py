"""Counts operations by walking the loops of the rule pages, adding as it goes; no closed formula occurs here."""
from __future__ import annotations

from collections.abc import Collection, Iterator

from counting import Counter
from reading import Operations

from .witnesses import Witnesses

UPPER_ONLY = ("convexity@1", "block-jensen@1")            # rules that say nothing of the loss from below


def tables(V: int, d: int, n: int, rules: Collection[str], hints: Witnesses | None = None) -> Operations:
    """What all steps share; `rules` are those that the steps use, `hints` the witnesses of those that take any."""
    count = Counter()
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
    if "head-tail@1" in rules:
        head_tail_tables(count, hints)
    if "block-jensen@1" in rules:
        block_sums(count, hints)
    return count.counts


def self_products(count: Counter, V: int) -> None:
    for _a in range(V):
        count("mul", V)                              # Q_a = sum_k A[a,k]^2
        count("add", V - 1)
        count("log", 1)
        count("add", 1)                              # T_y


def head_tail_tables(count: Counter, hints: Witnesses) -> None:
    n, V, sides = hints.n, hints.V, 2 if hints.weights else 1
    count("read", hints.elements["head-tail@1"])
    for _a in range(V):
        for _k in range(V):
            for _factor in range(max(2, n - 1) - 1):
                count("mul", 1)                      # A^p
    if hints.weights:
        for _k in range(V):
            count("div", 1)                          # 1/w
            count("mul", 2 * V)                      # A^p w, A^p / w
    if n == 2:
        for _side in range(sides):
            for _a in range(V):
                count("add", V)                      # each entry into its group's sum, at the level where it leaves the head
                for _level in inexact_levels(hints):
                    count("sqrt", hints.group_count)
    if hints.token_multipliers is not None:
        for _y in range(V):
            count("div", 1)                          # 1/u_y
            for _k in range(V):
                count("mul", 1)                      # x = u_y A[y,k]
                count("add", 1)                      # P' = P + x
                for _factor in range(n - 1):
                    count("mul", 1)                  # q = q P'
                    count("mul", 1)                  # h = h P + q
                    count("add", 1)
                count("mul", 1)                      # T_y = T_y + x h
                count("add", 1)


def inexact_levels(hints: Witnesses) -> list[int]:
    return [level for level in range(len(hints.sizes)) if not hints.is_exact(level)]


def block_sums(count: Counter, hints: Witnesses) -> None:
    count("read", hints.elements["block-jensen@1"])
    for _a in range(hints.V):
        count("mul", hints.V)                        # u_a A[a,k]
        count("add", hints.V)                        # into its block
        count("log", 1)                              # ln u_a
        count("add", 1)                              # and its sums


def step(rule: str, n: int, V: int, labels: tuple[int, int], accuracy: bool, budget: int, hints: Witnesses | None = None) -> Operations:
    count = Counter(budget)
    if rule == "block-jensen@1":
        block_jensen(count, hints, labels, accuracy)
        return count.counts
    ends = 1 if rule in UPPER_ONLY else 2
    for y in range(*labels):
        if rule == "convexity@1":
            convexity(count, n, V, y, accuracy)
        elif rule == "head-tail@1":
            head_tail(count, hints, y, accuracy)
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
    for row, times in rows(count, V, (last,) * r, more, accuracy):
        yield row[0], times


def rows(count: Counter, V: int, row: tuple[int, ...], more: int, accuracy: bool) -> Iterator[tuple[tuple[int, ...], int]]:
    """Extends `row`, the last tokens of an input, by `more` to the left; yields each with how often its first token occurs in it."""
    if more == 0:
        yield row, row.count(row[0])
        return
    for token in range(row[0] + 1):
        extension(count, V, accuracy)
        yield from rows(count, V, (token, *row), more - 1, accuracy)


def head_tail(count: Counter, hints: Witnesses, y: int, accuracy: bool) -> None:
    n, V = hints.n, hints.V
    if n >= 3:
        for _a in range(y + 1):
            for _side in range(2 if hints.weights else 1):
                count("mul", V)                      # A[y,k] R[a,k]^p w
                count("add", V)
                for _level in inexact_levels(hints):
                    count("sqrt", hints.group_count)
    for row, r in rows(count, V, (y,), n - 2, accuracy):
        if accuracy:
            count("mul", 1)                          # 2 v[y]
        if hints.token_multipliers is not None:
            for _token in row:
                count("mul", 1)                      # f
            count("div", 1)                          # 1/f
        for a in range(row[0] + 1):
            head_tail_input(count, hints, (a, *row), accuracy)
            count("mul", 2)                          # its factor and its L into the products of the row
        for _power in range(r):
            count("mul", 2)
        count("log", 2)
        if hints.token_multipliers is not None:
            count("mul", 1)                          # (r + 1) linear
            count("add", 1)                          # the tie's
            count("add", 1)                          # subtracted
        count("mul", 2)                              # weighted and added
        count("add", 2)
    if hints.token_multipliers is not None:
        count("mul", 1)                              # v_y T_y, added
        count("add", 1)


def head_tail_input(count: Counter, hints: Witnesses, t: tuple[int, ...], accuracy: bool) -> None:
    level = hints.level(t)
    if hints.is_exact(level):
        input_value(count, hints.V, accuracy)
        if hints.token_multipliers is not None:
            count("mul", 1)                          # m = f u_a
            count("mul", 1)                          # m Z
            count("add", 1)
        return
    for _token in t:
        for _end in ("lower", "upper"):
            count("mul", hints.sizes[level])
            count("add", hints.sizes[level])
    for _group in range(hints.group_count):
        count("mul", 1 if hints.n == 2 else hints.n - 2)     # the product of the norms
        count("add", 1)
    if hints.token_multipliers is not None:
        count("mul", 4)                              # m, m L, m U, 1/m
        count("compare", 2)                          # m L with 1, m U with 1
        count("add", 1)                              # linear = linear + m z*
    if accuracy:
        count("mul", 1)                              # A[a,y] 2 v[y]
        count("compare", 1)


def block_jensen(count: Counter, hints: Witnesses, labels: tuple[int, int], accuracy: bool) -> None:
    """Upper ends only."""
    V = hints.V
    for j, (start, end) in enumerate(zip(hints.blocks, [*hints.blocks[1:], V]), 1):
        if not labels[0] <= start < labels[1]:
            continue
        for _block in range(j):
            count("mul", V)                          # B_I B_J
            count("add", V - 1)
            count("div", 1)                          # its mean
            count("log", 1)
            count("mul", 1)                          # weighted and added
            count("add", 1)
        for _product in ("before", "within"):
            count("mul", 1)                          # sums of ln u, subtracted
            count("add", 1)
        for y in range(start, end):
            count("add", y)                          # sum_{a<y} D[a,y]
            count("mul", 2)                          # times c_1, and c_2 D[y,y]
            count("add", 1)
            count("add", 1)
        count("add", 1)                              # to the sum of the step
        if accuracy:
            count("div", 1)
            count("add", 1)
            count("compare", 1)


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
