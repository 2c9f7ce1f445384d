"""Models of the shape attention-only: tensors as bytes, and as the letters of docs/rules/attention/README.md."""
from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from proofmark_testing.encodings import SIZES, decode, encode
from proofmark_testing.models import Architecture, Model, Tensor

NAMES = {"E": "embed.W_E", "P": "pos_embed.W_pos", "Q": "blocks.0.attn.W_Q", "K": "blocks.0.attn.W_K", "V": "blocks.0.attn.W_V",
         "O": "blocks.0.attn.W_O", "U": "unembed.W_U"}
Number = Callable[[random.Random], float]
Rows = Sequence[Sequence[float]]


def architecture(n: int, mask: str = "causal") -> Architecture:
    """The description, for tensors under the names that TransformerLens gives them."""
    maps = {key: {"weight": NAMES[letter], "layout": "heads,in,head"} for key, letter in (("query", "Q"), ("key", "K"), ("value", "V"))}
    attention = {"heads": 1} | maps | {"output": {"weight": NAMES["O"], "layout": "heads,head,out"}, "mask": mask, "scores": "scaled"}
    return {"positions": n, "embedding": {"tokens": {"weight": NAMES["E"], "layout": "tokens,width"}, "positions": NAMES["P"]},
            "blocks": [{"attention": attention}], "pool": "last", "readout": [{"weight": NAMES["U"], "layout": "in,out"}]}


def shapes(V: int, n: int, d: int, h: int) -> dict[str, tuple[int, ...]]:
    return {"E": (V, d), "P": (n, d), "Q": (1, d, h), "K": (1, d, h), "V": (1, d, h), "O": (1, h, d), "U": (d, V)}


def tensor(dtype: str, shape: Sequence[int], numbers: Sequence[float]) -> Tensor:
    return Tensor(dtype, tuple(shape), b"".join(encode(dtype, number) for number in numbers))


def model(dtype: str, letters: Mapping[str, Rows]) -> Model:
    """From matrices by letter."""
    made = {}
    for letter, rows in letters.items():
        shape = (len(rows), len(rows[0])) if letter in "EPU" else (1, len(rows), len(rows[0]))
        made[NAMES[letter]] = tensor(dtype, shape, [number for row in rows for number in row])
    return made


def random_model(rng: random.Random, V: int, n: int, d: int, h: int, dtype: str = "float32", sizes: Mapping[str, float] | None = None) -> Model:
    """Elements uniform in [-2, 2], or in what `sizes` has for a letter."""
    return {NAMES[letter]: tensor(dtype, shape, [rng.uniform(-1, 1) * (sizes or {}).get(letter, 2.0) for _ in range(math.prod(shape))])
            for letter, shape in shapes(V, n, d, h).items()}


def copying(rng: random.Random, V: int, n: int, dtype: str = "float32", slope: float = 2.0, copy: float = 6.0, noise: float = 0.2) -> Model:
    """Like a trained one: attention rises with the token, tokens copy themselves. Width V + 2: one-hot tokens, what attends, what is constant."""
    d, h = V + 2, V + 1
    some = lambda: rng.uniform(-noise, noise)                                                                            # noqa: E731
    E = [[float(i == t) + some() for i in range(V)] + [slope * t / h**0.5, 0.0] for t in range(V)]
    P = [[some() for _ in range(V)] + [some(), 1.0] for _ in range(n)]
    Q = [[some() / 4 for _ in range(h)] for _ in range(d)]
    K = [[some() / 4 for _ in range(h)] for _ in range(d)]
    Q[V + 1][V], K[V][V] = h**0.5, h**0.5
    W_V = [[copy * float(i == j) + some() for j in range(h)] for i in range(V)] + [[some() for _ in range(h)] for _ in range(2)]
    O = [[float(i == j) + some() / 4 for j in range(d)] for i in range(h)]                                               # noqa: E741
    U = [[float(i == j) + some() / 4 for j in range(V)] for i in range(d)]
    return model(dtype, {"E": E, "P": P, "Q": Q, "K": K, "V": W_V, "O": O, "U": U})


def realised(tables: Any, dtype: str = "float64") -> Model:
    """With any tables of paper/: d = 2V + n, one dimension for each token, position and output; h = V + n."""
    EU, OV, PO, A, B = ([[float(x) for x in row] for row in table] for table in (tables.EU, tables.OV, tables.PO, tables.A, tables.B))
    V, n = len(EU), len(PO)
    d, h = 2 * V + n, V + n

    def unit(i: int, size: int) -> list[float]:
        return [float(i == j) for j in range(size)]
    nothing, scale = [0.0] * h, h**0.5
    return model(dtype, {
        "E": [unit(t, d) for t in range(V)], "P": [unit(V + p, d) for p in range(n)],
        "Q": [[x * scale for x in a + b] for a, b in zip(A, B)] + [nothing] * (n + V), "K": [unit(i, h) for i in range(V + n)] + [nothing] * V,
        "V": [row + [0.0] * n for row in OV + PO] + [nothing] * V, "O": [unit(V + n + i, d) for i in range(V)] + [[0.0] * d] * n,
        "U": EU + [[0.0] * V] * n + [unit(i, V) for i in range(V)]})


def sizes_of(weights: Model) -> tuple[int, int, int, int]:
    """V, n, d, h"""
    _, d, h = weights[NAMES["Q"]].shape
    return weights[NAMES["E"]].shape[0], weights[NAMES["P"]].shape[0], d, h


def numbers(weights: Model) -> dict[str, list[list[float]]]:
    """By letter, as matrices; every element is a double."""
    result = {}
    for letter, name in NAMES.items():
        one = weights[name]
        size, width = SIZES[one.dtype], one.shape[-1]
        flat = [float(decode(one.dtype, one.raw[i:i + size])) for i in range(0, len(one.raw), size)]
        result[letter] = [flat[i:i + width] for i in range(0, len(flat), width)]
    return result
