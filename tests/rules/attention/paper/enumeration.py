"""`enumeration@1`: every input of a label. Also the truth that every other rule is compared with."""
from __future__ import annotations

import numpy as np

from rules.attention.paper.model import Array, Label, log1p_sum_exp


def inputs(label: Label) -> np.ndarray:
    """[N, n]: all inputs whose largest token is the label, row by row."""
    n, m = label.tables.n, label.m
    x = np.indices((m + 1,) * n).reshape(n, -1).T
    return x[x.max(axis=1) == m]


def margins(label: Label, x: np.ndarray) -> Array:
    """[N, V-1]: logit_w - logit_m of each input."""
    q = x[:, -1]
    weights = np.take_along_axis(label.r[q], x, axis=1) * label.b[q]                     # [N, n]
    mixed = sum(weights[:, [p]] * (label.v[x[:, p]] + label.pi[p]) for p in range(label.tables.n))
    return label.u[q] + mixed / weights.sum(axis=1)[:, None]


def enumeration(label: Label) -> tuple[int, Array]:
    """How many inputs are correct, and the sum of their losses."""
    delta = margins(label, inputs(label))
    return int((delta < 0).all(axis=1).sum()), log1p_sum_exp(delta).sum()
