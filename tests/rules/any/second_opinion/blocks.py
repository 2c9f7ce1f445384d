"""The witnesses of `block-tables@1`: groups of neurons, blocks of symbols, and the trees along which tables are summed (docs/rules/any/block-tables.md)."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from second_opinion.hints import require_form, values
from second_opinion.reading import Tensor
from second_opinion.refusal import require

from .additive import Additive

NEEDED = ("right-groups", "right-blocks", "radii")
OPTIONAL = ("right-tree", "right-fold", "left-groups", "left-blocks", "left-trees")
Labels = Sequence[int]
Steps = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Side:
    """`neurons` of each group; `labels`: the block of each symbol in each group; `by_parts`: the kind of each group's radii."""

    neurons: list[list[int]]
    labels: list[Labels]
    by_parts: list[bool]

    def sizes(self) -> list[int]:
        return [max(labels) + 1 for labels in self.labels]


@dataclass(frozen=True)
class Witnesses:
    """`fold`: a node of the tree, or none; no `left` where the certificate is one-sided. `trees`: for each right group, the left groups that it meets and their tree."""

    right: Side
    tree: Steps
    fold: int | None
    left: Side | None
    trees: list[tuple[list[int], Steps]]


def read(given: Mapping[str, Tensor], of: Additive) -> Witnesses:
    right_groups, right_blocks = side(given, "right", of.m, of.Ny)
    left_groups, left_blocks = side(given, "left", of.m, of.Nx) if "left-groups" in given else ([], [])
    G = len(right_groups)
    radii = given["radii"]
    require_form("radii", radii, ("uint8",), radii.shape == [G + len(left_groups)])
    kinds = values("radii", radii)
    require(max(kinds) <= 1, "witness-value", "/witnesses/radii/data")
    tree = trees(given, "right-tree", [G])[0]
    if "right-fold" in given:
        require_form("right-fold", given["right-fold"], ("uint16",), given["right-fold"].shape == [1])
    (fold,) = values("right-fold", given["right-fold"]) if "right-fold" in given else (None,)
    require(fold is None or fold < 2 * G - 2, "witness-value", "/witnesses/right-fold/data")
    met = [[i for i, group in enumerate(left_groups) if set(group) & set(neurons)] for neurons in right_groups]
    of_left = trees(given, "left-trees", [len(one) for one in met]) if left_groups else []
    return Witnesses(Side(right_groups, right_blocks, [bool(one) for one in kinds[:G]]), tree, fold,
                     Side(left_groups, left_blocks, [bool(one) for one in kinds[G:]]) if left_groups else None, list(zip(met, of_left)))


def side(given: Mapping[str, Tensor], name: str, m: int, N: int) -> tuple[list[list[int]], list[Labels]]:
    groups, blocks = given[f"{name}-groups"], given[f"{name}-blocks"]
    require_form(f"{name}-groups", groups, ("uint16",), groups.shape == [m])
    of = values(f"{name}-groups", groups)
    require(set(of) == set(range(max(of) + 1)), "witness-value", f"/witnesses/{name}-groups/data")
    neurons = [[j for j, group in enumerate(of) if group == g] for g in range(max(of) + 1)]
    require_form(f"{name}-blocks", blocks, ("uint16",), blocks.shape == [len(neurons), N])
    flat = values(f"{name}-blocks", blocks)
    labels = [flat[i:i + N] for i in range(0, len(flat), N)]
    require(all(set(row) == set(range(max(row) + 1)) for row in labels), "witness-value", f"/witnesses/{name}-blocks/data")
    return neurons, labels


def trees(given: Mapping[str, Tensor], name: str, leaves: Sequence[int]) -> list[Steps]:
    """One after the other, over so many leaves each. Every node is read once but the last."""
    total = sum(leaves) - len(leaves)
    if total == 0:
        require(name not in given, "witness-unused", f"/witnesses/{name}")
        return [[] for _ in leaves]
    require(name in given, "witness-missing", "/witnesses", name)
    require_form(name, given[name], ("uint16",), given[name].shape == [total, 2])
    flat = values(name, given[name])
    pairs, result = list(zip(flat[::2], flat[1::2])), []
    for n in leaves:
        steps, pairs = pairs[:n - 1], pairs[n - 1:]
        read: set[int] = set()
        for i, (one, other) in enumerate(steps):
            require(one != other and max(one, other) < n + i and not read & {one, other}, "witness-value", f"/witnesses/{name}/data")
            read |= {one, other}
        result.append(steps)
    return result


def nodes(labels: Sequence[Labels], steps: Steps) -> list[list[int]]:
    """The block of each symbol at each node, numbered as they occur first."""
    result = [list(row) for row in labels]
    for one, other in steps:
        known: dict[tuple[int, int], int] = {}
        result.append([known.setdefault(pair, len(known)) for pair in zip(result[one], result[other])])
    return result
