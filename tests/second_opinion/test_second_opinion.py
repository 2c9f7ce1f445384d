"""The second opinion by itself: what no certificate of this version can show, since the rules are for fewer models and tasks than the format has.

Its logits of random descriptions, of any number of blocks and heads, in every layout, against numpy; its inputs and labels of every kind of task.
"""
from __future__ import annotations

import base64
import itertools
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from proofmark_testing.checks import Checks
from proofmark_testing.context import CORPUS, ROOT
from second_opinion import network, reading
from second_opinion.intervals import Arithmetic
from second_opinion.task import Inputs

Array = NDArray[numpy.float64]
CLOSE = 1e-12


def test_says_what_it_lacks(check: Checks, temporary: Path) -> None:
    absent = temporary / "absent" / "gmpy2.py"
    absent.parent.mkdir()
    absent.write_text("raise ModuleNotFoundError(\"No module named 'gmpy2'\")\n")
    run = subprocess.run([sys.executable, str(ROOT / "tests" / "second_opinion" / "second_opinion.py"), str(CORPUS / "accept" / "base.json")],
                         env={"PYTHONPATH": str(absent.parent)}, capture_output=True, text=True)
    check.equal((run.returncode, run.stdout, run.stderr.splitlines()[1:]),
                        (66, "s ERROR\n", ["hint: Debian has it as python3-gmpy2, for /usr/bin/python3; elsewhere: pip install gmpy2"]),
                        "second opinion: without gmpy2")


def test_evaluates(check: Checks) -> None:
    draw = numpy.random.default_rng(2)
    for number in range(60):
        evaluates(check, draw, number)


# -- models ----------------------------------------------------------------------------------------------------------

class Drawn:
    """A random description with its tensors, and the matrices that it means."""

    def __init__(self, draw: numpy.random.Generator) -> None:
        self.draw, self.tensors, self.V, self.n, self.d = draw, {}, 4, 3, int(draw.integers(2, 5))
        self.heads, self.h = int(draw.integers(1, 4)), int(draw.integers(1, 3))
        inner = self.heads * self.h
        self.E, tokens = self.map("E", (self.V, self.d), ("tokens,width", "width,tokens"))
        embedding: dict[str, Any] = {"tokens": tokens}
        self.P = numpy.zeros((self.n, self.d))
        if draw.random() < 0.7:
            stored = draw.normal(size=(self.n + int(draw.integers(0, 3)), self.d))
            self.P, self.tensors["P"], embedding["positions"] = stored[:self.n], tensor(stored), "P"
        self.blocks: list[tuple[list[Array], bool]] = []
        blocks = []
        for block in range(int(draw.integers(0, 4))):
            of_part = {part: self.map(f"{part} {block}", shape, ("in,out", "out,in", sliced)) for part, shape, sliced in (
                ("query", (self.d, inner), "heads,in,head"), ("key", (self.d, inner), "heads,in,head"), ("value", (self.d, inner), "heads,in,head"),
                ("output", (inner, self.d), "heads,head,out"))}
            causal = bool(draw.random() < 0.5)
            blocks.append({"attention": {part: written for part, (_, written) in of_part.items()} |
                           {"heads": self.heads, "mask": "causal" if causal else "none", "scores": "scaled"}})
            self.blocks.append(([matrix for matrix, _ in of_part.values()], causal))
        self.pool = str(draw.choice(("last", "sum")))
        widths = [self.d, *(int(draw.integers(1, 5)) for _ in range(int(draw.integers(1, 4))))]
        readout = [self.map(f"U {i}", shape, ("in,out", "out,in")) for i, shape in enumerate(itertools.pairwise(widths))]
        self.readout = [matrix for matrix, _ in readout]
        self.description = {"positions": self.n, "embedding": embedding, "blocks": blocks, "pool": self.pool, "readout": [written for _, written in readout]}

    def map(self, name: str, shape: tuple[int, int], layouts: Sequence[str]) -> tuple[Array, dict[str, str]]:
        matrix, layout = self.draw.normal(scale=0.4, size=shape), str(self.draw.choice(layouts))
        stored = matrix.T if layout in ("out,in", "width,tokens") else matrix
        if layout.startswith("heads"):
            stored = numpy.stack(numpy.split(matrix, self.heads, axis=1 if layout == "heads,in,head" else 0))
        self.tensors[name] = tensor(stored)
        return matrix, {"weight": name, "layout": layout}

    def logits(self, tokens: Sequence[int]) -> Array:
        X = self.E[list(tokens)] + self.P
        for (Q, K, V, O), causal in self.blocks:
            change = numpy.zeros_like(X)
            for i in range(self.heads):
                head = slice(i * self.h, (i + 1) * self.h)
                scores = (X @ Q[:, head]) @ (X @ K[:, head]).T / numpy.sqrt(self.h)
                weights = numpy.exp(numpy.tril(scores) if causal else scores)
                weights = numpy.tril(weights) if causal else weights
                change += weights / weights.sum(axis=1, keepdims=True) @ (X @ V[:, head]) @ O[head]
            X = X + change
        row = X[-1] if self.pool == "last" else X.sum(axis=0)
        for U in self.readout:
            row = row @ U
        return row


def tensor(values: Array) -> dict[str, Any]:
    return {"dtype": "float64", "shape": list(values.shape), "data": base64.b64encode(numpy.ascontiguousarray(values).astype("<f8").tobytes()).decode()}


def evaluates(check: Checks, draw: numpy.random.Generator, number: int) -> None:
    drawn = Drawn(draw)
    model = network.Model(reading.architecture(drawn.description), reading.tensors(drawn.tensors, "/model/tensors"))
    x = Arithmetic(100)
    for _ in range(3):
        tokens = [int(token) for token in draw.integers(0, drawn.V, drawn.n)]
        expected = drawn.logits(tokens)
        found = numpy.array([float(getattr(logit, "lo", logit)) for logit in model.logits(tokens, x)])
        check(bool(numpy.abs(found - expected).max() <= CLOSE * (1 + numpy.abs(expected).max())),
                            f"second opinion: description {number}, {drawn.description}, {tokens}", f"expected {expected}", f"found    {found}")


# -- tasks -----------------------------------------------------------------------------------------------------------

def test_reads_tasks(check: Checks) -> None:
    ranges, rows = {"ranges": [[0, 3], [5, 6], [1, 3]]}, [(0, 5, 7), (1, 0, 300), (1, 4, 0)]
    product = list(itertools.product(range(0, 3), range(5, 6), range(1, 3)))
    listed = {"list": integers("uint16", [3, 3], itertools.chain(*rows))}
    for given, inputs in ((ranges, product), (listed, rows)):
        table = [(7 * i + 3) % 11 for i in range(len(inputs))]
        for label, labels in (({"name": "max"}, [max(t) for t in inputs]),
                              ({"name": "max", "positions": [2, 0]}, [max(t[2], t[0]) for t in inputs]),
                              ({"table": integers("uint8", [len(inputs)], table)}, table)):
            read = Inputs(reading.task({"inputs": given, "label": label}))
            check.equal((read.N, read.n, list(read), read.largest_token(), read.largest_label()),
                                (len(inputs), 3, list(zip(inputs, labels)), max(map(max, inputs)), max(labels)), f"second opinion: task {given}, {label}")


def integers(dtype: str, shape: list[int], values: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data": base64.b64encode(numpy.array(list(values)).astype({"uint8": "u1", "uint16": "<u2"}[dtype]).tobytes()).decode()}
