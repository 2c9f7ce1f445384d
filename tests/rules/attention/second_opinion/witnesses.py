"""The witnesses of the rules (docs/rules/attention/README.md), as plain numbers after their demands are met."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from second_opinion.hints import require_form, require_taken, values
from second_opinion.reading import Tensor
from second_opinion.refusal import require

# rule: the witnesses that it needs, and those that it may have
NEEDED = {"band@1": ("near",), "near-far@1": ("near",), "soft-near-far@1": ("near",), "placements@1": ("near", "filled"), "subcubic@1": ("gaps",)}
OPTIONAL = {rule: ("heads", "joint") for rule in ("band@1", "near-far@1", "soft-near-far@1")}


@dataclass(frozen=True)
class Witnesses:
    """Rows are of labels; empty where no rule takes them."""

    n: int
    V: int
    near: list[int]
    heads: list[list[int]]
    joint: list[bool]
    filled: list[int]
    gaps: list[list[list[int]]]


def read(n: int, V: int, rules: Collection[str], given: Mapping[str, Tensor]) -> Witnesses:
    needed = {name for rule in rules for name in NEEDED.get(rule, ())}
    require_taken(given, needed | {name for rule in rules for name in OPTIONAL.get(rule, ())}, needed)
    dtypes = {"near": "uint16", "heads": "uint16", "joint": "uint8", "filled": "uint8", "gaps": "uint16"}
    shapes = {"near": [V], "joint": [V], "filled": [V], "gaps": [V, V, n]}
    for name, tensor in given.items():
        heads = len(tensor.shape) == 2 and tensor.shape[0] == V and 1 <= tensor.shape[1] <= V - 2
        require_form(name, tensor, (dtypes[name],), heads if name == "heads" else tensor.shape == shapes[name])
    numbers = {name: values(name, tensor) for name, tensor in given.items()}
    eta = given["heads"].shape[1] if "heads" in given else 0
    gaps = numbers.get("gaps", [])
    found = Witnesses(n, V, numbers.get("near", []),
                      [numbers["heads"][m * eta:(m + 1) * eta] if eta else [] for m in range(V)],
                      [bool(one) for one in numbers.get("joint", [0] * V)], numbers.get("filled", []),
                      [[gaps[(m * V + q) * n:(m * V + q + 1) * n] for q in range(V)] for m in range(V)] if gaps else [])
    in_range = {"near": lambda: all(c <= m for m, c in enumerate(found.near)),
                "heads": lambda: all(len(set(row)) == eta and max(row) < V and m not in row for m, row in enumerate(found.heads)),
                "joint": lambda: all(one <= 1 for one in numbers["joint"]),
                "filled": lambda: all(one <= n - 1 for one in found.filled),
                "gaps": lambda: all(gap <= widest(n, m, q, s) for m in range(V) for q in range(V) for s, gap in enumerate(found.gaps[m][q]))}
    for name in given:
        require(in_range[name](), "witness-value", f"/witnesses/{name}/data")
    return found


def widest(n: int, m: int, q: int, s: int) -> int:
    """The largest gap with which s free slots may hold other tokens than the label m."""
    if q == m:
        return m if s >= 1 else 0
    return m - q if q < m and s <= n - 2 else 0
