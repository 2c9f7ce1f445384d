"""Tensors as bytes, the digest of a model; token-sum models, their description and their exact logit matrix."""
from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .encodings import SIZES, decode, encode

EMBEDDING, LINEAR, UNEMBEDDING = "embedding.weight", "linear.weight", "unembedding.weight"
Matrix = list[list[Fraction]]


@dataclass(frozen=True)
class Tensor:
    dtype: str
    shape: tuple[int, ...]
    raw: bytes

    def rows(self) -> Matrix:
        size, columns = SIZES[self.dtype], self.shape[-1]
        numbers = [decode(self.dtype, self.raw[i:i + size]) for i in range(0, len(self.raw), size)]
        return [numbers[i:i + columns] for i in range(0, len(numbers), columns)]

    def json(self) -> dict[str, Any]:
        return {"dtype": self.dtype, "shape": list(self.shape), "data": base64.b64encode(self.raw).decode()}


Model = dict[str, Tensor]
Architecture = dict[str, Any]


def tensor(dtype: str, rows: Sequence[Sequence[float]]) -> Tensor:
    return Tensor(dtype, (len(rows), len(rows[0])), b"".join(encode(dtype, x) for row in rows for x in row))


def model(dtype: str, embedding: Sequence[Sequence[float]], linear: Sequence[Sequence[float]],
          unembedding: Sequence[Sequence[float]]) -> Model:
    """Tensors as stored: embedding [d, V], linear [d, d], unembedding [V, d]."""
    return {name: tensor(dtype, rows)
            for name, rows in ((EMBEDDING, embedding), (LINEAR, linear), (UNEMBEDDING, unembedding))}


def random_model(rng: random.Random, V: int, d: int, dtype: str | Sequence[str] = "float32",
                 number: Callable[[random.Random], float] | None = None) -> Model:
    """Elements drawn by `number`, by default uniform in [-2, 2]; `dtype` is one for all tensors or one for each."""
    draw = number or (lambda source: source.uniform(-2, 2))
    dtypes = [dtype] * 3 if isinstance(dtype, str) else dtype
    return {name: tensor(each, [[draw(rng) for _ in range(columns)] for _ in range(rows)])
            for each, (name, rows, columns) in zip(dtypes, ((EMBEDDING, d, V), (LINEAR, d, d), (UNEMBEDDING, V, d)))}


def shape(weights: Model) -> tuple[int, int]:
    """V and d."""
    d, V = weights[EMBEDDING].shape
    return V, d


def architecture(n: int) -> Architecture:
    """The description of the shape token-sum, for tensors under the names that PyTorch gives them."""
    return {"positions": n, "embedding": {"tokens": {"weight": EMBEDDING, "layout": "width,tokens"}}, "blocks": [], "pool": "sum",
            "readout": [{"weight": LINEAR, "layout": "out,in"}, {"weight": UNEMBEDDING, "layout": "out,in"}]}


def canonical(description: Any) -> str:
    return json.dumps(description, sort_keys=True, separators=(",", ":"))


def digest(tensors: dict[str, Tensor], description: Architecture) -> str:
    """FORMAT.md section 5."""
    sha = hashlib.sha256(f"proofmark-model 2\narchitecture {canonical(description)}\n".encode())
    for name, one in sorted(tensors.items()):
        sha.update(f"{name} {one.dtype} {'x'.join(map(str, one.shape))}\n".encode())
        sha.update(one.raw)
    return sha.hexdigest()


def logit_matrix(weights: Model) -> Matrix:
    """M = E W U, exact; row a is what token a adds to the logits."""
    E, W, U = (transpose(weights[name].rows()) for name in (EMBEDDING, LINEAR, UNEMBEDDING))
    return product(product(E, W), U)


def transpose(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix)]


def product(left: Matrix, right: Matrix) -> Matrix:
    columns = transpose(right)
    return [[sum((a * b for a, b in zip(row, column)), Fraction(0)) for column in columns] for row in left]
