"""Certificates of the shape attention-only of two steps each, in which the tables plant faults: claims that say more than their rule gives."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules.attention.bounds import best_gaps
from rules.attention.certificates import certificate
from rules.attention.models import copying
from rules.attention.witnesses import filled, gaps, heads, joint, near
from ..certificates import Certificate
from ..models import Model
from ..witnesses import Witnesses
from .attention_accepted import RULES

V, N = 5, 3


def weights() -> Model:
    return copying(random.Random("attention, planted"), V, N, slope=1.2, copy=4.0, noise=0.6)


def given_for(rule: str) -> Witnesses:
    several = near([0, 1, 1, 2, 2])
    with_heads = several | heads([[(m + 2) % V] for m in range(V)]) | joint([0, 1, 0, 1, 1])
    return {"near-far@1": with_heads, "band@1": with_heads, "soft-near-far@1": with_heads, "placements@1": several | filled([0, 1, 2, 1, 0]),
            "subcubic@1": gaps(V, N, best_gaps(weights()))}.get(rule, {})


def certificates() -> Iterator[tuple[str, Certificate]]:
    for rule in RULES:
        yield f"attention-{rule.removesuffix('@1')}-planted", certificate(weights(), [(rule, 0, 3), (rule, 3, V)], True, given_for(rule))
