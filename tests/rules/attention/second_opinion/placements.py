"""`placements@1` (docs/rules/attention/placements.md)"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from second_opinion.real import Real, largest, loss, mean, number, smallest

from .label import Label

Row = list[Real]


class Placement(NamedTuple):
    """Which free slots hold the label, near tokens, far ones."""

    main: list[int]
    near: list[int]
    far: list[int]


class Found(NamedTuple):
    lower: Real
    upper: Real
    correct: int


def placements(q: int, m: int, n: int, near: int, far: int) -> Iterator[Placement]:
    for kinds in itertools.product("mnf", repeat=n - 1):
        slots = Placement(*([p for p, kind in enumerate(kinds) if kind == one] for one in "mnf"))
        if (q == m or slots.main) and (near or not slots.near) and (far or not slots.far):
            yield slots


def placed(label: Label) -> Found:
    """Of all the label's inputs."""
    listed = list(every(label))
    lower, upper = (sum((getattr(one, end) for one in listed), number(label.x, 0)) for end in ("lower", "upper"))
    return Found(lower, upper, sum(one.correct for one in listed))


def every(label: Label) -> Iterator[Found]:
    for q in label.queries():
        for slots in placements(q, label.m, label.n, len(label.near), len(label.far)):
            yield one(label, q, slots)


def rows(label: Label, q: int, slots: Placement) -> Iterator[tuple[Row, Real]]:
    """Margins and mass: of each filling in full, or of each near token mixed."""
    last, m = label.n - 1, label.m
    full = len(slots.near) <= label.hints.filled[m]
    parts = [(label.b(q, last) * label.r(q, q), q, label.pi[last])] + [(label.b(q, p) * label.r(q, m), m, label.pi[p]) for p in slots.main]
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
    return Found(of_far * sum((loss(x, row) for row in low), zero) if full else zero,
                 len(label.near) ** s * of_far * upper,
                 (passing if full else passing**s) * of_far)
