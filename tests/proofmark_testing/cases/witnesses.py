"""Witnesses of two rules at once, and at the edges of their ranges."""
from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from .. import models
from ..certificates import Certificate, certificate, changed
from ..witnesses import Witnesses, block_jensen, head_tail, witness
from .case import shared

V = 4
HEADS = [[0, 1, 2], [1, 0, 3], [2, 3, 1], [3, 2, 0]]
LOOSE = ["0x0p+0", "0x1p+20"]
BOTH = [("head-tail@1", 0, 2), ("block-jensen@1", 2, 4)]


@shared
def hinted() -> Certificate:
    """Every witness of both rules; V = 4, n = 2."""
    return with_witnesses(everything(2) | block_jensen([0, 2], [1.0, 0.5, 2.0, 1.0]), 2, BOTH)


def everything(n: int) -> Witnesses:
    inputs = math.comb(V + n - 1, n)
    return head_tail(HEADS, [1, 2, V], [i % 3 for i in range(inputs)], [0, 1, 0, 3], [1.0, 0.5, 2.0, 0.25] if n <= 3 else None,
                     ([0.5, 0.0, 0.25, 1.0], [1.0, 1.0, 0.0, 0.5]))


def with_witnesses(given: Witnesses, n: int, parts: Sequence[tuple[str, int, int]]) -> Certificate:
    weights = models.random_model(random.Random("hinted"), V, 2)
    return certificate(weights, n, list(parts), False, [LOOSE] * len(parts), given)


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "witnesses-of-two-rules", hinted()
    yield "witnesses-reversed", changed(hinted(), "/witnesses", dict(reversed(hinted()["witnesses"].items())))
    yield "levels-of-n3", with_witnesses(head_tail(HEADS, [1, 2], [0] * 20), 3, [("head-tail@1", 0, V)])
    yield "head-sizes-1-and-all", with_witnesses(head_tail([[0], [1], [2], [3]], [1, V], [0] * 10), 2, [("head-tail@1", 0, V)])
    for name in ("column-weights", "block-multipliers"):
        for size, number in (("subnormal", 2.0**-149), ("largest", 2.0**127 * (2 - 2.0**-23))):
            yield f"{name}-{size}", changed(hinted(), f"/witnesses/{name}", witness("float32", [number] * V).json())
