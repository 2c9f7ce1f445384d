"""Witnesses of the shape attention-only: all of them, and at the upper ends of their ranges."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules.attention.certificates import certificate
from rules.attention.models import random_model
from rules.attention.witnesses import filled, gaps, heads, joint, near, widest
from ..certificates import Certificate
from ..witnesses import Witnesses
from .case import shared

V, N = 4, 3
PARTS = [("near-far@1", 0, 1), ("placements@1", 1, 2), ("subcubic@1", 2, 3), ("soft-near-far@1", 3, 4)]
GAPS = [min(1, widest(N, m, q, s)) for m in range(V) for q in range(V) for s in range(N)]
HEADS = [[1, 2], [0, 2], [3, 0], [1, 2]]


def everything() -> Witnesses:
    return near([0, 1, 1, 2]) | heads(HEADS) | joint([0, 1, 1, 0]) | filled([0, 1, 2, 0]) | gaps(V, N, GAPS)


@shared
def hinted() -> Certificate:
    return certificate(random_model(random.Random("attention, hinted"), V, N, 2, 2), PARTS, True, everything())


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "attention-witnesses", hinted()
    widest_gaps = [widest(N, m, q, s) for m in range(V) for q in range(V) for s in range(N)]
    for name, value in (("near", near([0, 1, 2, 3])), ("gaps", gaps(V, N, widest_gaps)), ("filled", filled([N - 1] * V)), ("joint", joint([1] * V))):
        given = everything() | value
        yield f"attention-{name}-largest", certificate(random_model(random.Random("attention, hinted"), V, N, 2, 2), PARTS, True, given)
