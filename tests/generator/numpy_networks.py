"""What a description computes, in numpy and float64, from FORMAT.md alone; and networks made of every word that it has."""
from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from proofmark_testing.safetensors import packed

Array = np.ndarray
Tensors = dict[str, Array]
Json = dict[str, Any]
NAMES = {"float16": "F16", "float32": "F32", "float64": "F64", "bool": "BOOL", "uint8": "U8", "uint16": "U16", "uint32": "U32", "int64": "I64"}


def write(path: Path, tensors: Tensors, metadata: dict[str, str] | None = None) -> Path:
    header: Json = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor).tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype.name], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    path.write_bytes(packed(header, data))
    return path


def read(path: Path) -> Tensors:
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + size])
    types = {short: name for name, short in NAMES.items()}
    return {name: np.frombuffer(content[8 + size + t["data_offsets"][0]:8 + size + t["data_offsets"][1]], types[t["dtype"]]).reshape(t["shape"])
            for name, t in header.items() if name != "__metadata__"}


# -- what a description computes -----------------------------------------------------------------------------------------

def cut(tensor: Array, m: Json) -> Array:
    if "index" in m:
        tensor = tensor[m["index"]]
    if "rows" in m:
        tensor = tensor[slice(*m["rows"])]
    return tensor[..., slice(*m["columns"])] if "columns" in m else tensor


def linear(m: Json, T: Tensors, x: Array) -> Array:
    weight = cut(T[m["weight"]].astype(float), m)
    turn = {"in,out": lambda w: w, "tokens,width": lambda w: w, "out,in": lambda w: w.T, "width,tokens": lambda w: w.T,
            "heads,in,head": lambda w: np.concatenate(list(w), axis=1), "heads,head,out": lambda w: np.concatenate(list(w), axis=0)}[m["layout"]]
    matrix = turn(weight)
    y = x @ matrix
    if "bias" not in m:
        return y
    bias = T[m["bias"]].astype(float).reshape(-1)
    if bias.size != matrix.shape[1]:                      # before the cuts: one number a column, in a tensor of the weight's own shape
        shape = T[m["weight"]].shape
        stack, rest = (shape[:1], shape[1:]) if "index" in m else ((), shape)
        columns = {"out,in": (0,), "width,tokens": (0,), "heads,in,head": (0, 2), "heads,head,out": (2,)}.get(m["layout"], (1,))
        whole = bias.reshape(stack + tuple(rest[i] if i in columns else 1 for i in range(len(rest))))
        bias = cut(np.broadcast_to(whole, shape), m)
        bias = {1: lambda: bias[0] if columns == (1,) else bias[:, 0], 2: lambda: bias[:, 0, :] if columns == (0, 2) else bias[0, 0]}[bias.ndim - 1]().reshape(-1)
    return y + bias


def norm(n: Json | None, x: Array, T: Tensors) -> Array:
    if n is None:
        return x
    kind, n = next(iter(n.items()))
    if kind == "layer":
        x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + float(n["eps"]))
    return x * (T[n["weight"]].astype(float).reshape(-1) if "weight" in n else 1.0) + (T[n["bias"]].astype(float).reshape(-1) if "bias" in n else 0.0)


ERF = np.vectorize(math.erf)
ACTIVATIONS = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "silu": lambda x: x / (1 + np.exp(-x)),
               "gelu": lambda x: x * 0.5 * (1 + ERF(x / math.sqrt(2))),
               "gelu-tanh": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))}


def attention(a: Json, x: Array, P: Array | float, T: Tensors) -> Array:
    batch, n, _ = x.shape
    split = lambda y: y.reshape(batch, n, a["heads"], -1).transpose(0, 2, 1, 3)
    v = split(linear(a["value"], T, x))
    s = np.zeros((batch, a["heads"], n, n))
    if a["scores"] != "uniform":
        q, k = (split(linear(a[part], T, x + P)) for part in ("query", "key"))
        factor = float(a["scores"]["factor"]) if isinstance(a["scores"], dict) else q.shape[-1] ** -0.5 if a["scores"] == "scaled" else 1.0
        s = factor * (q @ k.transpose(0, 1, 3, 2))
    if a["mask"] == "causal":
        s = np.where(np.triu(np.ones((n, n)), 1) > 0, -np.inf, s)
    s = np.exp(s - s.max(-1, keepdims=True))
    return linear(a["output"], T, (s / s.sum(-1, keepdims=True) @ v).transpose(0, 2, 1, 3).reshape(batch, n, -1))


def logits(d: Json, T: Tensors, X: Array) -> Array:
    """[inputs, classes] for token rows X [inputs, positions]."""
    tokens = d["embedding"]["tokens"]
    maps = tokens if isinstance(tokens, list) else [tokens] * d["positions"]
    size = lambda m: cut(T[m["weight"]], m).shape[0 if m["layout"] == "tokens,width" else 1]
    x = np.stack([linear(m, T, np.eye(size(m))[X[:, i]]) for i, m in enumerate(maps)], axis=1)
    P: Array | float = 0.0
    if "positions" in d["embedding"]:
        table = d["embedding"]["positions"]
        rows = T[table["tensor"] if isinstance(table, dict) else table].astype(float)[:d["positions"]]
        if isinstance(table, dict) and table["to"] == "scores":
            P = rows
        else:
            x = x + rows
    for block in d["blocks"]:
        before, post = x, block.get("order") == "post"
        if "attention" in block:
            a = block["attention"]
            x = norm(a.get("norm"), x + attention(a, x, P, T), T) if post else x + attention(a, norm(a.get("norm"), x, T), P, T)
        if "mlp" in block:
            m = block["mlp"]
            read = before if "reads" in block else x
            add = linear(m["out"], T, ACTIVATIONS[m["activation"]](linear(m["in"], T, read if post else norm(m.get("norm"), read, T))))
            x = norm(m.get("norm"), x + add, T) if post else x + add
    x = norm(d.get("norm"), x, T)
    pool = d["pool"]
    x = x[:, pool["position"]] if isinstance(pool, dict) else {"last": x[:, -1], "sum": x.sum(1), "mean": x.mean(1)}[pool]
    for part in d["readout"]:
        x = ACTIVATIONS[part](x) if isinstance(part, str) else linear(part, T, x) if "weight" in part else norm(part, x, T)
    return x


def losses(z: Array, labels: Array) -> Array:
    right = z[np.arange(len(z)), labels]
    others = np.where(np.arange(z.shape[1]) == labels[:, None], -np.inf, z)
    return np.log1p(np.exp(others - right[:, None]).sum(1))


# -- networks of every word ----------------------------------------------------------------------------------------------

class Maker:
    """A network with random choices: its description and its tensors."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.T: Tensors = {}

    def chance(self, share: float = 0.5) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, *choices: Any) -> Any:
        return choices[self.rng.integers(len(choices))]

    def tensor(self, array: Array) -> str:
        name = f"t{len(self.T)}"
        self.T[name] = array.astype(self.one_of("float32", "float64", "float16"))
        return name

    def numbers(self, *shape: int) -> Array:
        return self.rng.normal(size=shape) / math.sqrt(shape[0] if len(shape) > 1 else 4)

    def map(self, rows: int, columns: int, layouts: tuple[str, ...] = ("in,out", "out,in"), heads: int = 1) -> Json:
        layout = self.one_of(*layouts)
        shape = {"in,out": (rows, columns), "tokens,width": (rows, columns), "out,in": (columns, rows), "width,tokens": (columns, rows),
                 "heads,in,head": (heads, rows, columns // heads), "heads,head,out": (heads, rows // heads, columns)}[layout]
        m: Json = {"weight": "", "layout": layout}
        stored, bias_shape = list(shape), {"out,in": (0,), "width,tokens": (0,), "heads,in,head": (0, 2), "heads,head,out": (2,)}.get(layout, (1,))
        if self.chance(0.3):
            m["rows"] = [1, 1 + stored[0]]
            stored[0] += 3
        if self.chance(0.3):
            m["columns"] = [2, 2 + stored[-1]]
            stored[-1] += 2
        whole = [stored[i] for i in bias_shape]
        if self.chance(0.3):
            m["index"] = 1
            stored, whole = [3, *stored], [3, *whole]
        m["weight"] = self.tensor(self.numbers(*stored))
        if self.chance():
            m["bias"] = self.tensor(self.numbers(*(whole if self.chance() else [columns])))
        return m

    def norm(self, width: int) -> Json:
        n: Json = {"eps": self.one_of("1e-5", "0.001", "1e-12")}
        if self.chance():
            n["weight"] = self.tensor(1 + self.numbers(width))
        if self.chance():
            n["bias"] = self.tensor(self.numbers(width))
        return {self.one_of("layer", "rms"): n}

    def attention(self, d: int) -> Json:
        heads, h, v = int(self.rng.integers(1, 4)), int(self.rng.integers(1, 4)), int(self.rng.integers(1, 4))
        into = ("in,out", "out,in", "heads,in,head")
        a: Json = {"heads": heads, "mask": self.one_of("causal", "none"), "scores": self.one_of("scaled", "unscaled", "uniform", {"factor": "0.3"}),
                   "value": self.map(d, heads * v, into, heads), "output": self.map(heads * v, d, ("in,out", "out,in", "heads,head,out"), heads)}
        if a["scores"] != "uniform":
            a["query"], a["key"] = self.map(d, heads * h, into, heads), self.map(d, heads * h, into, heads)
        return a

    def activation(self) -> str:
        return self.one_of(*ACTIVATIONS)

    def block(self, d: int) -> Json:
        b: Json = {}
        kind = self.one_of("attention", "mlp", "both", "both")
        if kind != "mlp":
            b["attention"] = self.attention(d)
        if kind != "attention":
            m = int(self.rng.integers(1, 9))
            b["mlp"] = {"in": self.map(d, m), "activation": self.activation(), "out": self.map(m, d)}
        for part in ("attention", "mlp"):
            if part in b and self.chance():
                b[part]["norm"] = self.norm(d)
        order = self.one_of(None, "pre", "post")
        if order:
            b["order"] = order
        if order != "post" and self.chance(0.3):
            b["reads"] = "block-input"
        return b

    def network(self) -> tuple[Json, list[int]]:
        """The description, and how many tokens each position has."""
        n, d, C = (int(self.rng.integers(1, most)) for most in (5, 8, 6))
        sizes = [int(self.rng.integers(1, 5)) for _ in range(n)]
        layouts = ("tokens,width", "width,tokens")
        if self.chance():
            tokens: Any = [self.map(size, d, layouts) for size in sizes]
        else:
            sizes = [max(sizes)] * n
            tokens = self.map(sizes[0], d, layouts)
        description: Json = {"positions": n, "embedding": {"tokens": tokens}, "blocks": [self.block(d) for _ in range(self.rng.integers(4))],
                             "pool": self.one_of("last", "sum", "mean", {"position": int(self.rng.integers(n))})}
        if self.chance(0.7):
            table = self.tensor(self.numbers(n + int(self.rng.integers(3)), d))
            description["embedding"]["positions"] = self.one_of(table, {"tensor": table, "to": "residual"}, {"tensor": table, "to": "scores"})
        if self.chance(0.3):
            description["norm"] = self.norm(d)
        width, readout = d, []
        for last in [False] * int(self.rng.integers(3)) + [True]:
            if self.chance(0.4):
                readout.append(self.activation())
            if self.chance(0.4):
                readout.append(self.norm(width))
            out = C if last else int(self.rng.integers(1, 8))
            readout.append(self.map(width, out))
            width = out
        description["readout"] = readout
        return description, sizes
