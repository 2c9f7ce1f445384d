"""`soft-near-far@1`: the cells of near-far, and in each an upper bound of the loss. Any context."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.attention.paper.model import Array, Label, log1p_sum_exp
from rules.attention.paper.slots import Interval, cells, position_sums, soft_columns, split


def share(own: Interval, others: list[Interval]) -> Interval:
    """Of a weight in the sum of itself and others."""
    low, high = sum(o.lo for o in others), sum(o.hi for o in others)
    return Interval(own.lo / (own.lo + high) if own.lo > 0 else 0.0, own.hi / (own.hi + low) if own.hi > 0 else 0.0)


def soft_near_far(label: Label, g: int, heads: Sequence[int] = (), joint: bool = False) -> float:
    m = label.m
    c, f = split(m, g)
    column = soft_columns(label, heads, joint)
    total = 0.0
    for q in range(m + 1):
        sums, r, u = position_sums(label, q), label.r[q], column.query[q]
        last = Interval(r[q] * label.b[q, -1], r[q] * label.b[q, -1])
        main, of_query = column.main[q], u + column.token[q]
        if f > 0:
            rho, Y = r[:f].max(), u + column.token[:f].max(axis=0)
            far_loss = log1p_sum_exp(Y)
        for x, near, far, placements in cells(label, q, c, f):
            label_weight = Interval(sums[x].lo + last.lo, sums[x].hi + last.hi) if q == m else sums[x]
            fixed = [label_weight] + ([last] if q < m else [])
            tokens = range(f, m) if near > 0 else [None]
            margins, lows, highs = [], [], []
            for k in tokens:
                mixed = [] if k is None else [Interval(sums[near].lo * r[k], sums[near].hi * r[k])]
                parts = ([(last, of_query)] if q < m else []) + ([(mixed[0], u + column.token[k])] if mixed else [])
                weights = fixed + mixed
                delta = main
                for part in parts:
                    delta = delta + share(part[0], [w for w in weights if w is not part[0]]).up(part[1] - main)
                margins.append(delta)
                lows.append(sum(w.lo for w in weights))
                highs.append(sum(w.hi for w in weights))
            delta, low, high = np.array(margins), np.array(lows), np.array(highs)
            bound = mixture(log1p_sum_exp(delta), low, high, near)
            if far > 0:
                mass = sums[far].hi * rho
                worst = delta + (mass / (low + mass))[:, None] * np.maximum(Y - delta, 0)
                worst_bound = mixture(log1p_sum_exp(worst), low, high, near)
                attended = sums[far].hi * r[:f].mean() * (1 / low).mean()                # mean over fillings of both kinds
                bound = min(worst_bound, bound + attended * far_loss)
            total += placements * float(max(c, 1)) ** near * float(max(f, 1)) ** far * bound
    return total


def mixture(losses: Array, low: Array, high: Array, near: int) -> float:
    """The mean over all fillings of the near slots (L4), the weights of each token's pure input being within [low, high]."""
    mean = losses.mean()
    return mean if near <= 1 else max(mean, (high * losses).mean() * (1 / low).mean())
