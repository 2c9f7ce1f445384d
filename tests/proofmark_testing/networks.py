"""Any described network by definition, with 50 digits, as numpy reads its tensors: what certificates declare, and what the second opinion is compared with.

Rows are arrays of mpmath's numbers. FORMAT.md sections 4 and 5; neither the verifier nor the second opinion has a part in it.
"""
from __future__ import annotations

import base64
import itertools
from collections.abc import Sequence
from typing import Any

import mpmath
import numpy
from numpy.typing import NDArray

from .models import Architecture, Model

Array = NDArray[Any]
Numbers = mpmath.mp.clone()
Numbers.dps = 50
Json = dict[str, Any]
number = numpy.vectorize(lambda value: Numbers.mpf(value.numerator) / value.denominator, otypes=[object])


class Network:
    def __init__(self, description: Architecture, weights: Model) -> None:
        self.description = description
        self.stored = {name: number(numpy.array(one.rows(), dtype=object)).reshape(one.shape) for name, one in weights.items()}
        tokens = description["embedding"]["tokens"]
        self.tables = [self.table(one) for one in (tokens if isinstance(tokens, list) else [tokens] * description["positions"])]

    def table(self, one: Json) -> Array:
        """Of a token map, with its bias: a row a token."""
        matrix, bias = self.matrix(one)
        return matrix + bias

    def matrix(self, one: Json) -> tuple[Array, Any]:
        """And its bias, or 0."""
        def cut(array: Array) -> Array:
            array = array[one["index"]] if "index" in one else array
            array = array[slice(*one["rows"])] if "rows" in one else array
            return array[..., slice(*one["columns"])] if "columns" in one else array
        def laid_out(array: Array) -> Array:
            if one["layout"] in ("out,in", "width,tokens"):
                return array.T
            if one["layout"] == "heads,in,head":
                return array.transpose(1, 0, 2).reshape(array.shape[1], -1)
            return array.reshape(-1, array.shape[-1])
        stored = self.stored[one["weight"]]
        matrix = laid_out(cut(stored))
        if "bias" not in one:
            return matrix, 0
        bias = self.stored[one["bias"]]
        if bias.size == matrix.shape[1]:
            return matrix, bias.reshape(-1)
        along = stored.ndim - 2 if one["layout"] in ("out,in", "width,tokens") else stored.ndim - 1          # a bias as if it were a row of the matrix for each input
        shape = list(stored.shape)
        for axis in range(1 if "index" in one else 0, stored.ndim):
            of_columns = axis == along or one["layout"] == "heads,in,head" and axis == stored.ndim - 3
            shape[axis] = shape[axis] if of_columns else 1
        everywhere = numpy.broadcast_to(bias.reshape(shape), stored.shape)
        return matrix, laid_out(cut(everywhere))[0]

    def logits(self, tokens: Sequence[int]) -> list[Any]:
        of = self.description
        X = numpy.array([self.tables[p][token] for p, token in enumerate(tokens)])
        where = of["embedding"].get("positions")
        P = None if where is None else self.stored[where if isinstance(where, str) else where["tensor"]][:len(X)]
        to_scores = isinstance(where, dict) and where["to"] == "scores"
        if P is not None and not to_scores:
            X = X + P
        for block in of["blocks"]:
            X = self.after(block, X, P if to_scores else 0)
        X = self.normed(of.get("norm"), X)
        pool = of["pool"]
        row = {"last": X[-1], "sum": X.sum(axis=0), "mean": X.sum(axis=0) / len(X)}[pool] if isinstance(pool, str) else X[pool["position"]]
        for part in of["readout"]:
            row = activated(part, row) if isinstance(part, str) else self.mapped(part, row) if "weight" in part else self.normed(part, row)
        return list(row)

    def after(self, block: Json, X: Array, P: Any) -> Array:
        first = X
        for name, part in (("attention", lambda Y: self.attended(block["attention"], Y, P)), ("mlp", lambda Y: self.through(block["mlp"], Y))):
            if name in block:
                norm, read = block[name].get("norm"), first if "reads" in block else X
                X = self.normed(norm, X + part(X)) if block.get("order") == "post" else X + part(self.normed(norm, read))
        return X

    def through(self, mlp: Json, X: Array) -> Array:
        return self.mapped(mlp["out"], activated(mlp["activation"], self.mapped(mlp["in"], X)))

    def attended(self, attention: Json, X: Array, P: Any) -> Array:
        heads, scores, mixed = attention["heads"], attention["scores"], []
        values = numpy.split(self.mapped(attention["value"], X), heads, axis=1)
        for a in range(heads):
            S = numpy.full((len(X), len(X)), Numbers.mpf(0))
            if scores != "uniform":
                Q, K = (numpy.split(self.mapped(attention[key], X + P), heads, axis=1)[a] for key in ("query", "key"))
                S = Q @ K.T * (1 / Numbers.sqrt(Q.shape[1]) if scores == "scaled" else 1 if scores == "unscaled" else Numbers.mpf(scores["factor"]))
            for i in range(len(X)):
                seen = i + 1 if attention["mask"] == "causal" else len(X)
                weights = exp(S[i, :seen] - max(S[i, :seen]))
                mixed.append(weights @ values[a][:seen] / weights.sum())
        side_by_side = numpy.concatenate([numpy.array(mixed[a * len(X):(a + 1) * len(X)]) for a in range(heads)], axis=1)
        return self.mapped(attention["output"], side_by_side)

    def mapped(self, one: Json, X: Array) -> Array:
        matrix, bias = self.matrix(one)
        return X @ matrix + bias

    def normed(self, norm: Json | None, X: Array) -> Array:
        if norm is None:
            return X
        (kind, of), = norm.items()
        width = X.shape[-1]
        X = X - X.sum(axis=-1, keepdims=True) / width if kind == "layer" else X
        X = X / root((X * X).sum(axis=-1, keepdims=True) / width + Numbers.mpf(of["eps"]))
        X = X * self.stored[of["weight"]].reshape(-1) if "weight" in of else X
        return X + self.stored[of["bias"]].reshape(-1) if "bias" in of else X


exp, root = (numpy.vectorize(function, otypes=[object]) for function in (Numbers.exp, Numbers.sqrt))
ACTIVATIONS = {
    "relu": lambda v: max(v, Numbers.mpf(0)),
    "tanh": Numbers.tanh,
    "silu": lambda v: v / (1 + Numbers.exp(-v)),
    "gelu": lambda v: v * Numbers.ncdf(v),
    "gelu-tanh": lambda v: v / 2 * (1 + Numbers.tanh(Numbers.sqrt(2 / Numbers.pi) * (v + Numbers.mpf("0.044715") * v**3)))}


def activated(name: str, X: Array) -> Array:
    return numpy.vectorize(ACTIVATIONS[name], otypes=[object])(X)


# -- tasks ---------------------------------------------------------------------------------------------------------

def inputs_of(task: Json) -> list[tuple[int, ...]]:
    if "ranges" in task["inputs"]:
        return list(itertools.product(*(range(*one) for one in task["inputs"]["ranges"])))
    return [tuple(row) for row in integers(task["inputs"]["list"])]


def labels_of(task: Json) -> list[int]:
    label = task["label"]
    if "table" in label:
        return [int(one) for one in integers(label["table"])]
    return [named(label, [t[p] for p in label.get("positions", range(len(t)))]) for t in inputs_of(task)]


def named(label: Json, a: Sequence[int]) -> int:
    name = label["name"]
    if name == "symmetric-group":
        permutations = list(itertools.permutations(range(label["degree"])))
        x, y = (permutations[token] for token in a)
        return permutations.index(tuple(x[i] for i in y))
    if name == "balanced-brackets":
        text = "".join("()"[token] for token in a)
        while "()" in text:
            text = text.replace("()", "")
        return int(not text)
    if name == "induction":
        return next(a[j + 1] for j in range(len(a) - 1) if a[j] == a[-1])
    if name == "longest-cycle":
        lengths = []
        for i in range(len(a)):
            seen = [i]
            while a[seen[-1]] not in seen:
                seen.append(a[seen[-1]])
            lengths.append(len(seen) - seen.index(a[seen[-1]]))
        return max(lengths) - 1
    return {"max": max, "min": min, "sum-modulo": lambda one: sum(one) % label.get("modulus", 1)}[name](a)


def integers(tensor: Json) -> Array:

    read = numpy.frombuffer(base64.b64decode(tensor["data"]), {"uint8": "<u1", "uint16": "<u2", "uint32": "<u4"}[tensor["dtype"]])
    return read.reshape(tensor["shape"]).astype(object)


# -- loss and margin -----------------------------------------------------------------------------------------------

def loss_and_margin(logits: Sequence[Any], label: int) -> tuple[Any, Any | None]:
    """No margin where there is one class only."""
    differences = [one - logits[label] for k, one in enumerate(logits) if k != label]
    if not differences:
        return Numbers.mpf(0), None
    largest = max(differences)
    if largest <= 0:
        return Numbers.log1p(sum(map(Numbers.exp, differences))), -largest
    return largest + Numbers.log(sum((Numbers.exp(one - largest) for one in differences), Numbers.exp(-largest))), -largest
