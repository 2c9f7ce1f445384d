"""Descriptions of networks with tensors of random numbers: word by word for the corpus, or drawn with any words."""
from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

from .encodings import SIZES, encode
from .models import Architecture, Model, Tensor

Json = dict[str, Any]
ACTIVATIONS = ("relu", "gelu", "gelu-tanh", "silu", "tanh")
SHAPES: dict[str, Callable[[int, int, int], list[int]]] = {
    "in,out": lambda rows, columns, _: [rows, columns], "tokens,width": lambda rows, columns, _: [rows, columns],
    "out,in": lambda rows, columns, _: [columns, rows], "width,tokens": lambda rows, columns, _: [columns, rows],
    "heads,in,head": lambda rows, columns, heads: [heads, rows, columns // heads], "heads,head,out": lambda rows, columns, heads: [heads, rows // heads, columns]}
OF_COLUMNS = {"in,out": (1,), "tokens,width": (1,), "out,in": (0,), "width,tokens": (0,), "heads,in,head": (0, 2), "heads,head,out": (2,)}


class Builder:
    """Makes tensors that fit, and the words that name them. Numbers are drawn within `size` of 0."""

    def __init__(self, rng: random.Random, dtype: str | Sequence[str] = "float32", size: float = 1.0) -> None:
        self.rng, self.dtypes, self.size, self.tensors = rng, [dtype] if isinstance(dtype, str) else list(dtype), size, Model()

    def tensor(self, name: str, shape: Sequence[int], size: float | None = None, around: float = 0.0) -> str:
        while name in self.tensors:
            name += "'"
        dtype, most = self.rng.choice(self.dtypes), self.size if size is None else size
        self.tensors[name] = Tensor(dtype, tuple(shape), b"".join(encode(dtype, around + self.rng.uniform(-most, most)) for _ in range(math.prod(shape))))
        return name

    def map(self, name: str, rows: int, columns: int, layout: str = "in,out", heads: int = 1, stack: int | None = None, cut: str = "", bias: str | None = None,
            size: float | None = None) -> Json:
        """`stack`: one of so many instances. `cut`: "rows", "columns" or both, of a tensor with more. `bias`: "plain", "shaped", or "whole" to be cut as the tensor is."""
        shape, result = SHAPES[layout](rows, columns, heads), {"weight": "", "layout": layout}
        whole = list(shape)
        for axis, key in ((0, "rows"), (-1, "columns")):
            if key in cut:
                before, after = self.rng.randrange(3), self.rng.randrange(1, 3)
                whole[axis] += before + after
                result[key] = [before, before + shape[axis]]
        stacked = [stack] if stack else []
        if stack:
            result["index"] = self.rng.randrange(stack)
        result["weight"] = self.tensor(name, stacked + whole, size)
        if bias:
            of = [columns] if bias == "plain" else [1, columns, 1] if bias == "shaped" else stacked + [whole[axis] for axis in OF_COLUMNS[layout]]
            result["bias"] = self.tensor(f"{name}.bias", of)
        return result

    def norm(self, name: str, width: int, kind: str = "layer", eps: str = "1e-5", weight: bool = True, bias: bool = True) -> Json:
        of: Json = {"eps": eps}
        if weight:
            of["weight"] = self.tensor(f"{name}.w", [width], 0.5, 1.0)
        if bias:
            of["bias"] = self.tensor(f"{name}.b", [width], 0.5)
        return {kind: of}

    def attention(self, name: str, d: int, heads: int = 1, h: int = 2, v: int | None = None, mask: str = "causal", scores: Any = "scaled", norm: Json | None = None,
                  of_maps: Callable[[str], Json] = lambda key: {}) -> Json:
        """`of_maps` says for each of the four maps what `map` is told."""
        inner, of_values = heads * h, heads * (v or h)
        sizes = {"query": (d, inner), "key": (d, inner), "value": (d, of_values), "output": (of_values, d)}
        keys = [key for key in sizes if scores != "uniform" or key in ("value", "output")]
        result = {"heads": heads, **{key: self.map(f"{name}.{key}", *sizes[key], heads=heads, **of_maps(key)) for key in keys}, "mask": mask, "scores": scores}
        return {"norm": norm, **result} if norm else result

    def mlp(self, name: str, d: int, m: int, activation: str = "relu", norm: Json | None = None, bias: str | None = "plain") -> Json:
        result = {"in": self.map(f"{name}.in", d, m, bias=bias), "activation": activation, "out": self.map(f"{name}.out", m, d, bias=bias)}
        return {"norm": norm, **result} if norm else result


def drawn(rng: random.Random, V: int = 3, n: int = 3, C: int | None = None, size: float = 1.0) -> tuple[Architecture, Model]:
    """Any words: each is as likely as its neighbours."""
    make, d, dtypes = Builder(rng, rng.choice((["float32"], ["float64"], list(SIZES))), size), rng.randint(2, 4), ("plain", "shaped", "whole")
    chance = rng.random
    def some_map(name: str, rows: int, columns: int, layouts: Sequence[str], heads: int = 1) -> Json:
        return make.map(name, rows, columns, heads=heads, **some(layouts))
    def some(layouts: Sequence[str]) -> Json:
        layout = rng.choice(layouts)
        cut = " ".join(key for key in ("rows", "columns") if chance() < 0.2 and not (key == "rows" and layout.startswith("heads")))
        return {"layout": layout, "cut": cut, "stack": rng.choice((None, None, None, 1, 3)), "bias": rng.choice((None, *dtypes))}
    def some_norm(name: str, width: int, often: float = 0.5) -> Json | None:
        if chance() > often:
            return None
        return make.norm(name, width, rng.choice(("layer", "rms")), rng.choice(("1e-5", "0.1", "1", "0.000001", "2.5e-3")), chance() < 0.7, chance() < 0.5)
    of_tokens = ("tokens,width", "width,tokens")
    embedding: Json = {"tokens": some_map("E", V, d, of_tokens) if chance() < 0.7 else [some_map(f"E{p}", V + rng.randrange(2), d, of_tokens) for p in range(n)]}
    if chance() < 0.7:
        table = make.tensor("P", [n + rng.randrange(3), d])
        embedding["positions"] = rng.choice((table, {"tensor": table, "to": "residual"}, {"tensor": table, "to": "scores"}))
    blocks = []
    for i in range(rng.randrange(3)):
        block: Json = {}
        kinds = rng.choice((("attention",), ("mlp",), ("attention", "mlp")))
        if "attention" in kinds:
            heads, scores = rng.randint(1, 3), rng.choice(("scaled", "scaled", "unscaled", "uniform", {"factor": rng.choice(("0.125", "2", "1e-1"))}))
            block["attention"] = make.attention(f"{i}.attention", d, heads, rng.randint(1, 2), rng.randint(1, 2), rng.choice(("causal", "none")), scores, some_norm(f"{i}.norm", d),
                                                lambda key: some(("in,out", "out,in", "heads,head,out" if key == "output" else "heads,in,head")))
        if "mlp" in kinds:
            block["mlp"] = make.mlp(f"{i}.mlp", d, rng.randint(1, 4), rng.choice(ACTIVATIONS), some_norm(f"{i}.mlp.norm", d), rng.choice((None, *dtypes)))
        if chance() < 0.5:
            block["order"] = rng.choice(("pre", "post"))
        if "mlp" in block and block.get("order") != "post" and chance() < 0.5:
            block["reads"] = "block-input"
        blocks.append(block)
    width, readout, last = d, [], rng.randint(1, 3)
    for i in range(last):
        columns = C or V if i == last - 1 else rng.randint(1, 4)
        readout.append(some_map(f"U{i}", width, columns, ("in,out", "out,in")))
        width = columns
        if i < last - 1 and chance() < 0.5:
            readout.append(rng.choice(ACTIVATIONS))
        if i < last - 1 and chance() < 0.3:
            readout.append(make.norm(f"U{i}.norm", width))
    norm = some_norm("norm", d, 0.3)
    description = {"positions": n, "embedding": embedding, "blocks": blocks, "pool": rng.choice(("last", "sum", "mean", {"position": rng.randrange(n)})), "readout": readout}
    return description | ({"norm": norm} if norm else {}), make.tensors
