"""Witnesses of the shape attention-only: written as tensors, read back as numbers, drawn at random."""
from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from proofmark_testing.witnesses import Witnesses, witness

NEEDED = {"band@1": ("near",), "near-far@1": ("near",), "soft-near-far@1": ("near",), "placements@1": ("near", "filled"), "subcubic@1": ("gaps",)}
OPTIONAL = {rule: ("heads", "joint") for rule in ("band@1", "near-far@1", "soft-near-far@1")}


def widest(n: int, m: int, q: int, s: int) -> int:
    """The largest gap for the label m, the query q and s other free slots."""
    if q == m:
        return m if s > 0 else 0
    return m - q if q < m and s <= n - 2 else 0


def near(counts: Sequence[int]) -> Witnesses:
    return {"near": witness("uint16", counts)}


def heads(rows: Sequence[Sequence[int]]) -> Witnesses:
    return {"heads": witness("uint16", [w for row in rows for w in row], (len(rows), len(rows[0])))}


def joint(labels: Sequence[int]) -> Witnesses:
    return {"joint": witness("uint8", labels)}


def filled(counts: Sequence[int]) -> Witnesses:
    return {"filled": witness("uint8", counts)}


def gaps(V: int, n: int, numbers: Sequence[int]) -> Witnesses:
    return {"gaps": witness("uint16", numbers, (V, V, n))}


def some(rules: Collection[str], V: int, n: int, rng: random.Random, options: Collection[str] | None = None) -> Witnesses:
    """Any that the rules may have; `options` are the optional ones, by default any."""
    needed = {name for rule in rules for name in NEEDED.get(rule, ())}
    allowed = {name for rule in rules for name in OPTIONAL.get(rule, ())}
    chosen = {name for name in ("heads", "joint") if (rng.random() < 0.5 if options is None else name in options)} & allowed
    if V < 3:
        chosen.discard("heads")
    made: Witnesses = {}
    if "near" in needed:
        made |= near([rng.randint(0, m) for m in range(V)])
    if "heads" in chosen:
        eta = rng.randint(1, V - 2)
        made |= heads([rng.sample([w for w in range(V) if w != m], eta) for m in range(V)])
    if "joint" in chosen:
        made |= joint([rng.randint(0, 1) for _ in range(V)])
    if "filled" in needed:
        made |= filled([rng.randint(0, n - 1) for _ in range(V)])
    if "gaps" in needed:
        made |= gaps(V, n, [rng.randint(0, widest(n, m, q, s)) for m in range(V) for q in range(V) for s in range(n)])
    return made


class Hints:
    """By label; what is absent has its default."""

    def __init__(self, given: Witnesses, V: int, n: int) -> None:
        flat = {name: one.numbers() for name, one in given.items()}
        eta = given["heads"].shape[1] if "heads" in given else 0
        self.n, self.V = n, V
        self.near = flat.get("near", [0] * V)
        self.heads = [flat["heads"][m * eta:(m + 1) * eta] if eta else [] for m in range(V)]
        self.joint = flat.get("joint", [0] * V)
        self.filled = flat.get("filled", [0] * V)
        self.gaps = flat.get("gaps", [0] * (V * V * n))

    def gap(self, m: int, q: int, s: int) -> int:
        return self.gaps[(m * self.V + q) * self.n + s]
