"""`placements@1` (docs/rules/attention/placements.md)"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from .counting import Walk
from .label import Label
from .real import Real, largest, loss, mean, number, smallest

Row = list[Real]


class Placement(NamedTuple):
    """Which free slots hold the label, near tokens, far ones."""

    main: list[int]
    near: list[int]
    far: list[int]


class Found(NamedTuple):
    correct: int
    lower: Real
    upper: Real


def placements(q: int, m: int, n: int, near: int, far: int) -> Iterator[Placement]:
    for kinds in itertools.product("mnf", repeat=n - 1):
        slots = Placement(*([p for p, kind in enumerate(kinds) if kind == one] for one in "mnf"))
        if (q == m or slots.main) and (near or not slots.near) and (far or not slots.far):
            yield slots


def bounds(label: Label) -> tuple[Real, Real]:
    found = list(every(label))
    return tuple(sum((getattr(one, end) for one in found), number(label.x, 0)) for end in ("lower", "upper"))


def correct(label: Label) -> int:
    return sum(one.correct for one in every(label))


def every(label: Label) -> Iterator[Found]:
    for q in label.queries():
        for slots in placements(q, label.m, label.n, len(label.near), len(label.far)):
            yield one(label, q, slots)


def rows(label: Label, q: int, slots: Placement) -> Iterator[tuple[Row, Real]]:
    """Margins and mass: of each filling in full, or of each near token mixed."""
    last, m = label.n - 1, label.m
    full = len(slots.near) <= label.hints.filled[m]
    parts = [(label.b(q, last) * label.r(q, q), q, label.pi[last])] + [(label.b(q, p), m, label.pi[p]) for p in slots.main]
    if full:
        fillings = itertools.product(label.near, repeat=len(slots.near))
        variants = [[(label.b(q, p) * label.r(q, k), k, label.pi[p]) for p, k in zip(slots.near, filling)] for filling in fillings]
    else:
        S = sum((label.b(q, p) for p in slots.near[1:]), label.b(q, slots.near[0]))
        top = {w: max(label.pi[p][w] for p in slots.near) for w in label.outputs}
        variants = [[(S * label.r(q, k), k, top)] for k in label.near]
    for more in variants:
        whole = parts + more
        mass = sum((weight for weight, _, _ in whole[1:]), whole[0][0])
        yield [sum((weight * (label.u[q][w] + label.v[t][w] + pi[w]) for weight, t, pi in whole), number(label.x, 0)) / mass
               for w in label.outputs], mass


def one(label: Label, q: int, slots: Placement) -> Found:
    x, zero = label.x, number(label.x, 0)
    s, full = len(slots.near), len(slots.near) <= label.hints.filled[label.m]
    listed = list(rows(label, q, slots))
    pure, masses = [row for row, _ in listed], [mass for _, mass in listed]
    high = low = pure
    if slots.far:
        R = sum((label.b(q, p) for p in slots.far[1:]), label.b(q, slots.far[0]))
        rho = label.rho(q, label.far)
        extremes = [[label.u[q][w] + of(label.v[t][w] for t in label.far) + of(label.pi[p][w] for p in slots.far) for w in label.outputs] for of in (max, min)]
        Y, Y_lo = ([number(x, value) for value in row] for row in extremes)
        shares = [R * rho / (mass + R * rho) for mass in masses]
        high = [[d + a * largest((y - d, zero)) for d, y in zip(row, Y)] for row, a in zip(pure, shares)]
        low = [[d + a * smallest((y - d, zero)) for d, y in zip(row, Y_lo)] for row, a in zip(pure, shares)]
    passing = sum(all(d.hi < 0 for d in row) for row in high)
    of_far = len(label.far) ** len(slots.far)
    if full:
        mix = lambda losses, _beside: mean(losses)                                                                       # noqa: E731
    else:
        b = [label.b(q, p) for p in slots.near]
        S = sum(b[1:], b[0])
        same = sum((one_b * one_b for one_b in b[1:]), b[0] * b[0]) / (S * S)

        def mix(losses: list[Real], beside: bool) -> Real:
            product = mean(mass * of_row for mass, of_row in zip(masses, losses)) * mean(1 / mass for mass in masses)
            return same * mean(losses) + (1 - same) * (largest((mean(losses), product)) if beside else product)
    upper = mix([loss(x, row) for row in high], bool(slots.far))
    if slots.far:
        attended = R * mean(label.r(q, t) for t in label.far) * mean(1 / mass for mass in masses)
        upper = smallest((upper, mix([loss(x, row) for row in pure], False) + attended * loss(x, Y)))
    return Found((passing if full else passing**s) * of_far,
                 of_far * sum((loss(x, row) for row in low), zero) if full else zero,
                 len(label.near) ** s * of_far * upper)


def walk(of: Walk) -> None:
    count, n, m, W = of.count, of.n, of.m, of.W
    for _token in range(m + 1):
        count("add", 2 * W)                              # u, v
    count("add", n * W)                                  # π
    for _far in range(of.f - 1):
        count("compare", 2 * W)                          # the largest and smallest v of far tokens
    count("add", 2)
    for q in of.queries():
        if q < m:
            count("add", 2)
            count("exp", 2)
            count("mul", 2)
        for _near in range(of.c):
            count("add", 2)
            count("exp", 2)
        if of.f > 0:
            count("add", 2)
            count("exp", 2)
            count("mul", 1)
            count("div", 1)
        for slots in placements(q, m, n, of.c, of.f):
            one_placement(of, slots)


def one_placement(of: Walk, slots: Placement) -> None:
    count, W, s, full = of.count, of.W, len(slots.near), len(slots.near) <= of.hints.filled[of.m]
    for _slot in (-1, *slots.main):
        weighed(of)
    if not full:
        for _more in slots.near[1:]:
            count("compare", W)                          # π̂
            count("add", 3)                              # the sum of b, and of its squares
        count("mul", s + 1)
        count("div", 1)
    if slots.far:
        for _more in slots.far[1:]:
            count("add", 1)                              # R
            count("compare", 2 * W)                      # the largest and smallest π
        count("mul", 1)
        for _output in range(W):
            count("add", 5)                              # Y, Y_lo, the sum of exponentials
            count("exp", 1)
        count("log", 1)
    for _row in itertools.product(range(of.c), repeat=s if full else 1):
        for _part in slots.near if full else [0]:
            weighed(of)
            count("mul", 2)
        count("div", 2 * W)
        count("compare", 2 * W)
        logarithm(of)
        if slots.far:
            count("add", 2)                              # a, in the mass
            count("div", 2)                              # a, 1/D
            count("add", 2 * W)
            count("mul", W)
            count("compare", W)
            logarithm(of)
        if full:
            if slots.far:
                count("add", 2 * W)
                count("mul", W)
                count("compare", W)
            logarithm(of)
        else:
            count("add", 2)
            count("mul", 2 if slots.far else 1)
            if not slots.far:
                count("div", 1)
        if of.accuracy:
            count("compare", W)
    count("add", 2)
    count("mul", 1 if full else 4)
    if not full:
        count("div", 2)
    if slots.far:
        count("add", 2 if full else 3)
        count("mul", 5 if full else 6)
        count("div", 2)
        count("compare", 1 if full else 3)
    if of.accuracy:
        count("add", 1)
        count("mul", 3)


def weighed(of: Walk) -> None:
    of.count("add", 4 * of.W + 2)
    of.count("mul", 2 * of.W)
    of.count("compare", of.W)


def logarithm(of: Walk) -> None:
    """ln(1 + sum exp), and added."""
    of.count("exp", of.W)
    of.count("add", of.W + 1)
    of.count("log", 1)
