"""L10: the bound of the loss that rules state which only count correct inputs."""
from __future__ import annotations

from collections.abc import Sequence

from model import Array, Label, exp, log
from slots import columns


def trivial(label: Label, mu: Array) -> Array:
    whole = exp(label.tables.A[:1, 0] * 0).sum() * label.tables.V          # V in the arithmetic of the tables
    return label.inputs() * (log(whole) + max(0, mu))


def by_columns(label: Label, g: int, heads: Sequence[int] = (), joint: bool = False) -> Array:
    """`band@1`, `near-far@1`"""
    column = columns(label, g, heads, joint)
    return trivial(label, column.query.max() + column.token.max())


def cubic(label: Label) -> Array:
    m = label.m
    return trivial(label, label.u[:m + 1].max() + (label.v[:m + 1] + label.top).max())


def subcubic(label: Label) -> Array:
    m, EU = label.m, label.tables.EU
    mu = (label.v[m] + label.top).max()
    if m > 0:
        mu = max(mu, label.v[:m].max() + label.top.max())
    return trivial(label, max(EU[q].max() - EU[q].min() for q in range(m + 1)) + mu)
