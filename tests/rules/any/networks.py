"""Random networks with any words, tasks of any kind, and weights that hurt: ties, saturated and wild scores, numbers that cancel or lie far apart."""
from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from proofmark_testing.certificates import Certificate
from proofmark_testing.described import drawn
from proofmark_testing.encodings import SIZES, decode, encode
from proofmark_testing.models import Model, Tensor
from proofmark_testing.network_certificates import certificate, listed, ranges, table

Change = Callable[[random.Random, float], float]


@dataclass(frozen=True)
class Kind:
    """Of weights. `narrow`: enclosures are; `far`: numbers may be beyond the range of the engines."""

    change: Change
    narrow: bool = False
    far: bool = False


KINDS = {
    "ordinary": Kind(lambda rng, x: x, narrow=True),
    "saturated": Kind(lambda rng, x: 12 * x),
    "small integers": Kind(lambda rng, x: float(round(1.5 * x)), far=True),                 # ties; constant rows, which eps keeps apart from 0
    "equal": Kind(lambda rng, x: 0.75),
    "nearly equal": Kind(lambda rng, x: 1 + 2.0**-10 * x),
    "orders apart": Kind(lambda rng, x: x * 2.0 ** rng.choice((-8, 0, 0, 5)), far=True),
    "tiny": Kind(lambda rng, x: x * 2.0**-12)}


def networks(seed: str, count: int) -> Iterator[tuple[str, Kind, Certificate]]:
    """Each with its certificate: what 50 digits declare, in up to three steps."""
    rng = random.Random(f"networks, {seed}")
    for i in range(count):
        name = tuple(KINDS)[i % len(KINDS)]
        V, n = rng.choice(((3, 2), (2, 3), (4, 2), (2, 4)))
        words, weights = drawn(rng, V, n, rng.randint(V, V + 1))
        rows = [tuple(rng.randrange(V) for _ in range(n)) for _ in range(rng.randint(1, 9))]
        of_positions = rng.choice(([[0, V]] * n, [[rng.randrange(V), V] for _ in range(n)]))
        inputs = rng.choice((ranges(*of_positions), ranges(*of_positions), listed(rows, rng.choice(("uint8", "uint16", "uint32")))))
        N = len(rows) if "list" in inputs else math.prod(end - start for start, end in of_positions)
        label: Any = rng.choice(({"name": "max"}, {"name": "min", "positions": [n - 1, 0]}, {"name": "sum-modulo", "modulus": V}, table([rng.randrange(V) for _ in range(N)])))
        changed = rewritten(weights, rng, KINDS[name].change)
        yield f"{seed}.{i} {name}", KINDS[name], certificate(words, changed, inputs, label, sorted(rng.sample(range(1, N), min(N - 1, 2))))


def rewritten(weights: Model, rng: random.Random, change: Change) -> Model:
    def of(one: Tensor) -> Tensor:
        size = SIZES[one.dtype]
        numbers = [float(decode(one.dtype, one.raw[i:i + size])) for i in range(0, len(one.raw), size)]
        return Tensor(one.dtype, one.shape, b"".join(encode(one.dtype, change(rng, number)) for number in numbers))
    return {name: of(one) for name, one in weights.items()}
