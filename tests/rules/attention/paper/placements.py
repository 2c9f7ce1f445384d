"""`placements@1`: what each free slot holds, label, near or far, is gone through; loss from both sides, and correct inputs.

All wrong outputs are columns. At most e near slots are filled with every combination of near tokens; more are mixed (L3, L4).
"""
from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from rules.attention.paper.model import Array, Label, log1p_sum_exp
from rules.attention.paper.slots import split


class Bounds(NamedTuple):
    correct: int
    lower: float
    upper: float


def placements(label: Label, g: int, e: int) -> Bounds:
    m, n = label.m, label.tables.n
    c, f = split(m, g)
    total = Bounds(0, 0.0, 0.0)
    for q in range(m + 1):
        for kinds in itertools.product("lnf", repeat=n - 1):
            slots = {kind: [p for p, k in enumerate(kinds) if k == kind] for kind in "lnf"}
            if (q < m and not slots["l"]) or (c == 0 and slots["n"]) or (f == 0 and slots["f"]):
                continue
            cell = one(label, q, slots["l"], slots["n"], slots["f"], range(f, m), f, e)
            total = Bounds(*(a + b for a, b in zip(total, cell)))
    return total


def one(label: Label, q: int, of_label: list[int], near: list[int], far: list[int], tokens: range, f: int, e: int) -> Bounds:
    """All inputs of one placement."""
    m, b, r, u, v, pi = label.m, label.b[q], label.r[q], label.u[q], label.v, label.pi
    mass = r[q] * b[-1] + sum(b[p] for p in of_label)
    numerator = r[q] * b[-1] * (u + v[q] + pi[-1]) + sum(b[p] * (u + v[m] + pi[p]) for p in of_label)
    exact = len(near) <= e
    if exact:                              # a row for every filling
        fillings = np.array(list(itertools.product(tokens, repeat=len(near))), dtype=int).reshape(max(len(tokens), 1) ** len(near), len(near))
        mass = np.full(len(fillings), mass, dtype=type(mass))
        numerator = np.tile(numerator, (len(fillings), 1))
        for column, p in enumerate(near):
            k = fillings[:, column]
            mass = mass + b[p] * r[k]
            numerator = numerator + b[p] * r[k][:, None] * (u + v[k] + pi[p])
    else:                                  # a row for every token, in all near slots
        k, S = np.array(tokens), sum(b[p] for p in near)
        mass = mass + S * r[k]
        numerator = numerator + S * r[k][:, None] * (u + v[k] + pi[near].max(axis=0))
    delta = numerator / mass[:, None]
    fillings_of_far = f ** len(far)
    lowest = highest = delta
    if far:
        S = sum(b[p] for p in far)
        a = (S * r[:f].max() / (mass + S * r[:f].max()))[:, None]
        Y = u + v[:f].max(axis=0) + pi[far].max(axis=0)
        Y_low = u + v[:f].min(axis=0) + pi[far].min(axis=0)
        highest = delta + a * np.maximum(Y - delta, 0)
        lowest = delta + a * np.minimum(Y_low - delta, 0)
    passing = int((highest < 0).all(axis=1).sum())
    correct = (passing if exact else passing ** len(near)) * fillings_of_far
    rows = len(delta) if exact else len(delta) ** len(near)
    weights = b[near] / b[near].sum() if near else np.zeros(0)
    same = 1.0 if exact else (weights ** 2).sum()
    upper = mean_upper(log1p_sum_exp(highest), mass, same, bool(far))
    if far:                                # the mean far token counts, where that is less (L5)
        attended = S * r[:f].mean() * (1 / mass).mean()
        upper = min(upper, mean_upper(log1p_sum_exp(delta), mass, same, False) + attended * log1p_sum_exp(Y))
    lower = log1p_sum_exp(lowest).sum() * fillings_of_far if exact else 0.0
    return Bounds(correct, lower, upper * rows * fillings_of_far)


def mean_upper(losses: Array, mass: Array, same: float, others: bool) -> float:
    """The mean over all fillings of the near slots (L4); `same` is the sum of squares of their shares of the near slots' weight.

    `others`: slots that are not in `mass` may weigh anything.
    """
    mean, apart = losses.mean(), (mass * losses).mean() * (1 / mass).mean()
    return same * mean + (1 - same) * (max(mean, apart) if others else apart)
