#!/usr/bin/env python3
"""The forward pass of a described network on all inputs of a product of ranges, in numpy float32, batch by batch, every input by itself: what
its numbers cost with nothing proved. Prints the time without the start of Python. Needs numpy.
"""
from __future__ import annotations

import argparse
import itertools
import json
import math
import time
from typing import Any

import numpy
from weights import read_weights

Array = numpy.ndarray
BATCH = 1024
TURNED = {"in,out": lambda w: w, "tokens,width": lambda w: w, "out,in": lambda w: w.T, "width,tokens": lambda w: w.T,
          "heads,in,head": lambda w: numpy.concatenate(list(w), axis=1), "heads,head,out": lambda w: numpy.concatenate(list(w), axis=0)}


class Network:
    def __init__(self, weights: str, description: dict[str, Any]) -> None:
        self.tensors = {name: numpy.frombuffer(data, numpy.float32).reshape(shape) for name, (shape, data) in read_weights(weights).items()}
        self.description = description
        self.matrices: dict[str, Array] = {}

    def matrix(self, m: dict[str, Any]) -> Array:
        key = json.dumps(m)
        if key not in self.matrices:
            w = self.tensors[m["weight"]]
            w = w[slice(*m["rows"])] if "rows" in m else w
            self.matrices[key] = numpy.ascontiguousarray(TURNED[m["layout"]](w[..., slice(*m["columns"])] if "columns" in m else w))
        return self.matrices[key]

    def mapped(self, m: dict[str, Any], x: Array) -> Array:
        y = x @ self.matrix(m)
        return y + self.tensors[m["bias"]].reshape(-1) if "bias" in m else y

    def norm(self, n: dict[str, Any] | None, x: Array) -> Array:
        if n is None:
            return x
        kind, n = next(iter(n.items()))
        x = x - x.mean(-1, keepdims=True) if kind == "layer" else x
        x = x / numpy.sqrt((x * x).mean(-1, keepdims=True) + numpy.float32(n["eps"]))
        return x * self.tensors[n["weight"]] + self.tensors[n["bias"]] if "weight" in n else x

    def activated(self, word: str, x: Array) -> Array:
        if word == "relu":
            return numpy.maximum(x, 0)
        return (x / 2 * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))).astype(numpy.float32)   # numpy has no erf; as dear

    def attention(self, a: dict[str, Any], x: Array) -> Array:
        count, n, _ = x.shape
        q, k, v = (self.mapped(a[part], x).reshape(count, n, a["heads"], -1).transpose(0, 2, 1, 3) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 1, 3, 2) / numpy.float32(math.sqrt(q.shape[-1]))
        if a["mask"] == "causal":
            scores = scores + numpy.triu(numpy.full((n, n), -numpy.inf, numpy.float32), 1)
        shares = numpy.exp(scores - scores.max(-1, keepdims=True))
        mixed = (shares / shares.sum(-1, keepdims=True)) @ v
        return self.mapped(a["output"], mixed.transpose(0, 2, 1, 3).reshape(count, n, -1))

    def logits(self, tokens: Array) -> Array:
        d = self.description
        maps = d["embedding"]["tokens"]
        x = numpy.stack([self.matrix(maps[p] if isinstance(maps, list) else maps)[tokens[:, p]] for p in range(d["positions"])], axis=1)
        x = x + self.tensors[d["embedding"]["positions"]][: d["positions"]] if "positions" in d["embedding"] else x
        for block in d["blocks"]:
            if a := block.get("attention"):
                x = x + self.attention(a, self.norm(a.get("norm"), x))
            if m := block.get("mlp"):
                x = x + self.mapped(m["out"], self.activated(m["activation"], self.mapped(m["in"], self.norm(m.get("norm"), x))))
        y = x[:, -1] if d["pool"] == "last" else x.sum(1)
        for part in d["readout"]:
            y = self.activated(part, y) if isinstance(part, str) else self.mapped(part, y) if "weight" in part else self.norm(part, y)
        return y


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32")
    parser.add_argument("description", help="JSON")
    parser.add_argument("ranges", help="0..5,0..5,3: one a position")
    options = parser.parse_args()
    with open(options.description) as file:
        network = Network(options.model, json.load(file))
    ends = [[int(end) for end in part.split("..")] for part in options.ranges.split(",")]
    inputs = numpy.array(list(itertools.product(*(range(of[0], of[-1] + (len(of) == 1)) for of in ends))))
    network.logits(inputs[:BATCH])  # warm up
    start = time.perf_counter()
    for first in range(0, len(inputs), BATCH):
        logits = network.logits(inputs[first:first + BATCH])
        shifted = logits - logits.max(1, keepdims=True)
        numpy.log(numpy.exp(shifted).sum(1))
    print(f"seconds {time.perf_counter() - start:.4f}")


if __name__ == "__main__":
    main()
