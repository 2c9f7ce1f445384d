"""What the mutations need to know of the rules that a certificate may cite, and their witnesses: by the shape of its model, or for any network."""
from __future__ import annotations

import math
import struct
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from rules import attention as attention_only
from rules.attention.bounds import RULES as OF_ATTENTION, WITHOUT_LOSS
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.losses import EXACT
from proofmark_testing.witnesses import FORMATS, Witnesses
from second_opinion import reading, strict_json
from second_opinion.network import model_of
from second_opinion.refusal import Refusal
from second_opinion.second_opinion import proof_of
from second_opinion.task import Inputs

POSITIVE = ("column-weights", "block-multipliers")


@dataclass(frozen=True)
class Family:
    """`exact`: rules that have margins. `needed`: witnesses that a rule cannot do without, or that others need. `refused`: for what a certificate may be refused because of
    the values of one witness, or nothing."""

    rules: tuple[str, ...]
    exact: Collection[str]
    without_loss: Collection[str]
    needed: Collection[str]
    refused: Callable[[Certificate, Witnesses, str, int, int], str]


def of(target: Certificate) -> Family:
    if "inputs" in target["steps"][0]:
        return NETWORKS
    return ATTENTION_ONLY if target["model"]["architecture"]["blocks"] else TOKEN_SUM


def numbers_of(all_of_them: Witnesses, name: str) -> tuple[Any, ...]:
    one = all_of_them[name]
    return struct.unpack(f"<{math.prod(one.shape)}{FORMATS[one.dtype]}", one.raw)


def unless(in_range: Callable[[Witnesses, str, int, int], bool]) -> Callable[..., str]:
    return lambda target, *of_witness: "" if in_range(*of_witness) else "witness-value"


def by_second_opinion(target: Certificate, *_: object) -> str:
    """Whether it takes the witnesses. Sizes of some say of which shape others are."""
    read = reading.certificate(strict_json.parse(render(target)))
    try:
        proof_of(read, model_of(read), Inputs(read.task))
    except Refusal as refusal:
        return "witness-shape witness-unused witness-missing witness-value" if refusal.code.startswith("witness") else refusal.code
    return ""


def token_sum_in_range(all_of_them: Witnesses, name: str, n: int, V: int) -> bool:
    one, numbers = all_of_them[name], numbers_of(all_of_them, name)
    if one.dtype.startswith("float"):
        return all(math.isfinite(x) and (x > 0 or x == 0 and name not in POSITIVE) for x in numbers)
    if name == "heads":
        m = one.shape[1]
        return all(len(set(numbers[i:i + m])) == m and max(numbers[i:i + m]) < V for i in range(0, len(numbers), m))
    if name == "head-sizes":
        m = all_of_them["heads"].shape[1]
        return ascending(numbers) and numbers[0] >= 1 and all(x <= m for x in numbers[:-1]) and (numbers[-1] <= m or numbers[-1] == V)
    if name == "levels":
        return max(numbers) < all_of_them["head-sizes"].shape[0] and len(numbers) == comb(V + n - 1, n)
    if name == "blocks":
        return numbers[0] == 0 and ascending(numbers) and numbers[-1] < V
    return max(numbers) < V                                                # column-groups


def ascending(numbers: Sequence[float]) -> bool:
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def attention_in_range(all_of_them: Witnesses, name: str, n: int, V: int) -> bool:
    numbers, widest = numbers_of(all_of_them, name), attention_only.witnesses.widest
    if name == "heads":
        eta = all_of_them[name].shape[1]
        rows = [numbers[m * eta:(m + 1) * eta] for m in range(V)]
        return all(len(set(row)) == eta and max(row) < V and m not in row for m, row in enumerate(rows))
    largest = {"near": range(V), "joint": [1] * V, "filled": [n - 1] * V,
               "gaps": [widest(n, m, q, s) for m in range(V) for q in range(V) for s in range(n)]}[name]
    return all(number <= most for number, most in zip(numbers, largest, strict=True))


TOKEN_SUM = Family(("enumeration@1", "symmetry@1", "convexity@1", "head-tail@1", "block-jensen@1"), EXACT, (),
                   ("heads", "head-sizes", "blocks", "token-multipliers", "label-multipliers"), unless(token_sum_in_range))
ATTENTION_ONLY = Family(tuple(OF_ATTENTION), ("enumeration@1",), WITHOUT_LOSS, ("near", "filled", "gaps"), unless(attention_in_range))
NETWORKS = Family(("enumeration@1", "low-rank@1", "block-tables@1", "symmetry@1", "near-far@1", "placements@1"), ("enumeration@1", "low-rank@1", "block-tables@1"), (),
                  ("basis", "metric", "labels", "label-counts", "label-tables", "right-groups", "right-blocks", "right-tree", "left-groups", "left-blocks", "left-trees", "radii",
                   "opened-inputs", "opened-classes"), by_second_opinion)
