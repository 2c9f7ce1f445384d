"""The witnesses of the rules: which are there, of which element type and shape, and whether their values are in range.

Afterwards they are plain numbers, as the pages of `head-tail@1` and `block-jensen@1` name them.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import comb

from gmpy2 import mpq

from second_opinion.hints import FLOATS, require_form, require_taken, values
from second_opinion.reading import Tensor
from second_opinion.refusal import require

MULTIPLIERS = ("token-multipliers", "label-multipliers")
# rule: the witnesses that it needs, and those that it may have
NEEDED = {"head-tail@1": ("heads", "head-sizes"), "block-jensen@1": ("blocks",)}
OPTIONAL = {"head-tail@1": ("levels", "column-groups", "column-weights", *MULTIPLIERS), "block-jensen@1": ("block-multipliers",)}


@dataclass(frozen=True)
class Witnesses:
    """Defaults in the place of what is absent."""

    n: int
    V: int
    heads: list[list[int]]
    sizes: list[int]
    levels: list[int] | None
    groups: list[int]
    weights: list[mpq] | None
    token_multipliers: list[mpq] | None
    label_multipliers: list[mpq] | None
    blocks: list[int]
    block_multipliers: list[mpq]

    @property
    def group_count(self) -> int:
        return max(self.groups) + 1

    def level(self, t: tuple[int, ...]) -> int:
        """Of a sorted input: ordered by label, then the token before, and so on."""
        return self.levels[sum(comb(token + i, i + 1) for i, token in enumerate(t))] if self.levels else 0

    def is_exact(self, level: int) -> bool:
        return self.sizes[level] == self.V

    def head(self, token: int, level: int) -> set[int]:
        return set(range(self.V)) if self.is_exact(level) else set(self.heads[token][:self.sizes[level]])


def read(n: int, V: int, rules: Collection[str], given: Mapping[str, Tensor]) -> Witnesses:
    """Refuses what no rule takes, what is missing, and what is out of shape or range."""
    taken = {name for rule in rules for name in (*NEEDED.get(rule, ()), *OPTIONAL.get(rule, ()))}
    if n > 3:
        taken.discard("column-weights")
    needed = {name for rule in rules for name in NEEDED.get(rule, ())}
    if any(name in given for name in MULTIPLIERS):
        needed |= set(MULTIPLIERS)
    require_taken(given, taken, needed)
    for name, tensor in given.items():
        check_shape(name, tensor, n, V)
    numbers = {name: values(name, tensor) for name, tensor in given.items()}
    if "heads" in given:
        check_heads(numbers, given["heads"].shape[1], V)
    if "blocks" in given:
        check_blocks(numbers["blocks"], V)
    for name in numbers:
        check_range(name, numbers[name], V)
    m = given["heads"].shape[1] if "heads" in given else 1
    groups = max(numbers.get("column-groups", [0])) + 1
    require(len(numbers.get("head-sizes", [])) * groups <= 4096, "limit-tail-norms", "/witnesses")
    return Witnesses(
        n=n, V=V,
        heads=[numbers["heads"][i:i + m] for i in range(0, V * m, m)] if "heads" in given else [],
        sizes=numbers.get("head-sizes", []), levels=numbers.get("levels"), groups=numbers.get("column-groups", [0] * V),
        weights=numbers.get("column-weights"), token_multipliers=numbers.get("token-multipliers"),
        label_multipliers=numbers.get("label-multipliers"), blocks=numbers.get("blocks", []),
        block_multipliers=numbers.get("block-multipliers", [mpq(1)] * V))


def check_shape(name: str, tensor: Tensor, n: int, V: int) -> None:
    one_for_each: Callable[[list[int]], bool] = lambda shape: shape == [V]
    dtypes, fits = {
        "heads": (("uint16",), lambda shape: len(shape) == 2 and shape[0] == V and shape[1] <= V),
        "head-sizes": (("uint16",), lambda shape: len(shape) == 1 and shape[0] <= 255),
        "levels": (("uint8",), lambda shape: shape == [comb(V + n - 1, n)]),
        "blocks": (("uint16",), lambda shape: len(shape) == 1 and shape[0] <= V),
        "column-groups": (("uint16",), one_for_each)}.get(name, (FLOATS, one_for_each))
    require_form(name, tensor, dtypes, fits(tensor.shape))


def check_heads(numbers: dict[str, list[int]], m: int, V: int) -> None:
    for i in range(0, V * m, m):
        row = numbers["heads"][i:i + m]
        require(len(set(row)) == m and max(row) < V, "witness-value", "/witnesses/heads/data", f"row {i // m}")
    sizes = numbers["head-sizes"]
    require(sizes[0] >= 1 and all(a < b for a, b in zip(sizes, sizes[1:])), "witness-value", "/witnesses/head-sizes/data", "ascending")
    require(all(size <= m for size in sizes[:-1]) and (sizes[-1] <= m or sizes[-1] == V),
            "witness-value", "/witnesses/head-sizes/data", "at most m, or V")
    for level in numbers.get("levels", []):
        require(level < len(sizes), "witness-value", "/witnesses/levels/data", str(level))


def check_blocks(blocks: list[int], V: int) -> None:
    require(blocks[0] == 0 and blocks[-1] < V and all(a < b for a, b in zip(blocks, blocks[1:])),
            "witness-value", "/witnesses/blocks/data")


def check_range(name: str, numbers: list[int] | list[mpq], V: int) -> None:
    in_range = {"column-groups": lambda group: group < V, "column-weights": lambda w: w > 0, "block-multipliers": lambda u: u > 0,
                "token-multipliers": lambda u: u >= 0, "label-multipliers": lambda v: v >= 0}.get(name, lambda _: True)
    for number in numbers:
        require(in_range(number), "witness-value", f"/witnesses/{name}/data", str(number))
