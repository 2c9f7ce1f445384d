"""Witnesses of `head-tail@1` and `block-jensen@1`: written as tensors, read back as numbers, drawn at random."""
from __future__ import annotations

import base64
import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, prod
from typing import Any

from .models import Matrix

FORMATS = {"uint8": "B", "uint16": "H", "uint32": "I", "float32": "f", "float64": "d"}
HEAD_TAIL = ("heads", "head-sizes", "levels", "column-groups", "column-weights", "token-multipliers", "label-multipliers")
BLOCK_JENSEN = ("blocks", "block-multipliers")
Witnesses = dict[str, "Witness"]


@dataclass(frozen=True)
class Witness:
    """A tensor of any number of dimensions, row-major."""

    dtype: str
    shape: tuple[int, ...]
    raw: bytes

    def json(self) -> dict[str, Any]:
        return {"dtype": self.dtype, "shape": list(self.shape), "data": base64.b64encode(self.raw).decode()}

    def numbers(self) -> list[int] | list[Fraction]:
        stored = struct.unpack(f"<{prod(self.shape)}{FORMATS[self.dtype]}", self.raw)
        return list(stored) if self.dtype.startswith("uint") else [Fraction(number) for number in stored]


def witness(dtype: str, numbers: Sequence[float], shape: Sequence[int] | None = None) -> Witness:
    """One dimension unless `shape` says otherwise."""
    return Witness(dtype, tuple(shape or [len(numbers)]), struct.pack(f"<{len(numbers)}{FORMATS[dtype]}", *numbers))


def from_json(value: dict[str, Any]) -> Witnesses:
    return {name: Witness(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in value.items()}


class Hints:
    """What the pages of the two rules call them, with their defaults."""

    def __init__(self, witnesses: Witnesses, n: int, V: int) -> None:
        numbers = {name: one.numbers() for name, one in witnesses.items()}
        m = witnesses["heads"].shape[-1] if "heads" in witnesses else 1
        flat = numbers.get("heads", [])
        self.n, self.V = n, V
        self.heads = [flat[i:i + m] for i in range(0, len(flat), m)]
        self.sizes = numbers.get("head-sizes", [])
        self.levels = numbers.get("levels", [0] * comb(V + n - 1, n) if self.heads else [])
        self.groups = numbers.get("column-groups", [0] * V)
        self.weights = numbers.get("column-weights")
        self.token_multipliers = numbers.get("token-multipliers")
        self.label_multipliers = numbers.get("label-multipliers")
        self.blocks = numbers.get("blocks", [])
        self.block_multipliers = numbers.get("block-multipliers", [Fraction(1)] * V)

    def level(self, t: Sequence[int]) -> int:
        return self.levels[sum(comb(token + i, i + 1) for i, token in enumerate(t))]

    def blocks_of(self, labels: tuple[int, int]) -> list[tuple[int, int, int]]:
        """Number, first token and end of each block of a step."""
        ends = [*self.blocks[1:], self.V]
        return [(j, p, q) for j, (p, q) in enumerate(zip(self.blocks, ends), 1) if labels[0] <= p < labels[1]]


# -- making them ---------------------------------------------------------------------------------------------------

def head_tail(heads: Sequence[Sequence[int]], sizes: Sequence[int], levels: Sequence[int] | None = None,
              groups: Sequence[int] | None = None, weights: Sequence[float] | None = None,
              multipliers: tuple[Sequence[float], Sequence[float]] | None = None, dtype: str = "float32") -> Witnesses:
    """`dtype` is that of weights and multipliers."""
    result = {"heads": witness("uint16", [k for row in heads for k in row], (len(heads), len(heads[0]))),
              "head-sizes": witness("uint16", sizes)}
    for name, kind, numbers in (("levels", "uint8", levels), ("column-groups", "uint16", groups), ("column-weights", dtype, weights),
                                ("token-multipliers", dtype, multipliers and multipliers[0]),
                                ("label-multipliers", dtype, multipliers and multipliers[1])):
        if numbers is not None:
            result[name] = witness(kind, numbers)
    return result


def block_jensen(blocks: Sequence[int], multipliers: Sequence[float] | None = None, dtype: str = "float32") -> Witnesses:
    result = {"blocks": witness("uint16", blocks)}
    if multipliers is not None:
        result["block-multipliers"] = witness(dtype, multipliers)
    return result


def largest_first(M: Matrix, m: int) -> list[list[int]]:
    """For each token the m outputs that it raises most."""
    return [sorted(range(len(M)), key=lambda k: (-row[k], k))[:m] for row in M]


def tangent(M: Matrix, size: float = 1.0) -> tuple[list[float], list[float]]:
    """Multipliers near the reciprocals of Z, for n = 2: u_a of its own row, v_y of 1."""
    rows = [sum(2.0 ** float(2 * (value - max(row))) for value in row) for row in M]
    return [size * one ** -0.5 for one in rows], [1.0] * len(M)


Scale = Callable[[random.Random], float]


def random_head_tail(rng: random.Random, n: int, V: int, scale: Scale, options: Sequence[str] | None = None) -> Witnesses:
    """Any heads, sizes, levels, groups; weights and multipliers by `scale`. `options` are the optional witnesses, by default any."""
    m = rng.randint(1, V)
    sizes = sorted(rng.sample(range(1, m + 1), rng.randint(1, m)))
    if sizes[-1] < V and rng.random() < 0.3:
        sizes.append(V)
    if options is None:
        options = [name for name in ("levels", "groups", "weights", "multipliers") if rng.random() < 0.6]
    return head_tail(
        [rng.sample(range(V), m) for _token in range(V)], sizes,
        [rng.randrange(len(sizes)) for _input in range(comb(V + n - 1, n))] if "levels" in options else None,
        [rng.randrange(V) for _output in range(V)] if "groups" in options else None,
        [scale(rng) for _output in range(V)] if "weights" in options and n <= 3 else None,
        ([0.0 if rng.random() < 0.1 else scale(rng) for _token in range(V)],
         [0.0 if rng.random() < 0.1 else scale(rng) for _label in range(V)]) if "multipliers" in options else None,
        rng.choice(("float32", "float64")))


def random_blocks(rng: random.Random, V: int, scale: Scale | None = None) -> Witnesses:
    starts = [0, *sorted(rng.sample(range(1, V), rng.randrange(V)))]
    return block_jensen(starts, [scale(rng) for _token in range(V)] if scale else None, rng.choice(("float32", "float64")))


def powers_of_two(low: float, high: float) -> Scale:
    """Spread evenly over the orders of magnitude."""
    return lambda rng: 2.0 ** rng.uniform(low, high)
