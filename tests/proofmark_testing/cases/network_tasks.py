"""Tasks of any kind: inputs by ranges and lists, labels by name and table, each proved for a small network."""
from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

from rules.attention.models import architecture as attention_architecture, copying

from .. import models
from ..certificates import Certificate, changed, claim
from ..described import Builder
from ..models import Tensor
from ..encodings import encode
from ..network_certificates import certificate, listed, ranges, table
from .case import with_claims
from .networks import MAX, Described, around, builder

PERMUTATIONS_OF_3 = list(itertools.permutations(range(3)))


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*labels(), *inputs(), *shapes(), *steps(), *numbers(), *products()):
        yield f"network-{name}", target


def small(name: str, V: int, n: int, C: int) -> Described:
    make = builder(f"task {name}")
    return around(make, [{"attention": make.attention("A", 2)}, {"mlp": make.mlp("M", 2, 2)}], n=n, V=V, C=C)


def labels() -> Iterator[tuple[str, Certificate]]:
    every = lambda V, n: ranges(*[[0, V]] * n)
    for name, label, V, n, C in (
            ("max", MAX, 3, 2, 3), ("min", {"name": "min"}, 3, 2, 3), ("min-of-2-and-0", {"name": "min", "positions": [2, 0]}, 2, 3, 2),
            ("sum-modulo", {"name": "sum-modulo", "modulus": 3}, 3, 2, 3), ("sum-modulo-1", {"name": "sum-modulo", "modulus": 1}, 3, 2, 2),
            ("sum-modulo-2-to-32", {"name": "sum-modulo", "modulus": 2**32}, 2, 3, 4), ("symmetric-group-1", {"name": "symmetric-group", "degree": 1}, 1, 2, 1),
            ("symmetric-group-2", {"name": "symmetric-group", "degree": 2}, 2, 2, 2), ("symmetric-group-3", {"name": "symmetric-group", "degree": 3}, 6, 2, 6),
            ("symmetric-group-3-of-2-and-0", {"name": "symmetric-group", "degree": 3, "positions": [2, 0]}, 6, 3, 6), ("balanced-brackets", {"name": "balanced-brackets"}, 2, 4, 2),
            ("balanced-brackets-odd", {"name": "balanced-brackets"}, 2, 3, 2), ("longest-cycle-1", {"name": "longest-cycle"}, 1, 1, 1), ("longest-cycle", {"name": "longest-cycle"}, 3, 3, 3),
            ("longest-cycle-of-1-and-2", {"name": "longest-cycle", "positions": [1, 2]}, 2, 3, 2)):
        inputs = every(V, n) if "3-of-2" not in name else ranges([0, 6], [0, 1], [0, 6])
        yield f"label-{name}", certificate(*small(name, V, n, C), inputs, label, stated="loss correct margin" if C > 1 else "loss correct")
    rows = [row for row in itertools.product(range(3), repeat=4) if row[-1] in row[:-1]]
    yield "label-induction", certificate(*small("induction", 3, 4, 3), listed(rows), {"name": "induction"}, (20,))
    yield "label-induction-ranges", certificate(*small("induction ranges", 3, 3, 3), ranges([1, 2], [0, 3], [1, 2]), {"name": "induction"})
    yield "label-induction-first-class-of-two", certificate(*small("induction bound", 3, 3, 2), ranges([2, 3], [0, 2], [0, 2]), {"name": "max", "positions": [1, 2]})
    yield "label-table", certificate(*small("table", 3, 2, 4), ranges([0, 3], [0, 3]), table([3, 0, 1, 1, 0, 3, 3, 2, 2]), (3,))
    yield "label-table-uint16", certificate(*small("table 16", 2, 2, 300), ranges([0, 2], [0, 2]), table([299, 256, 255, 0], "uint16"))


def inputs() -> Iterator[tuple[str, Certificate]]:
    yield "ranges-fixed-and-from-1", certificate(*small("ranges", 4, 3, 4), ranges([1, 4], [3, 4], [0, 2]), {"name": "min"}, (2, 4))
    yield "ranges-one-input", certificate(*small("one input", 3, 2, 3), ranges([2, 3], [1, 2]), MAX)
    for dtype in ("uint8", "uint16", "uint32"):
        rows = [(2, 0), (0, 1), (0, 1), (1, 1), (2, 2), (0, 0), (0, 1)]
        yield f"list-{dtype}-unordered-with-repeats", certificate(*small(f"list {dtype}", 3, 2, 3), listed(rows, dtype), MAX, (2, 5))
    yield "list-one-row", certificate(*small("one row", 3, 2, 3), listed([(1, 2)]), {"name": "min"})
    yield "list-and-table-with-repeats", certificate(*small("list and table", 3, 2, 3), listed([(2, 0), (2, 0), (0, 1)]), table([0, 2, 1]), (1,))
    yield "list-of-fewer-tokens", certificate(*small("fewer", 9, 2, 3), listed([(1, 2), (2, 0)]), MAX)
    make = builder("maps of two sizes")
    embedding = {"tokens": [make.map("left", 4, 2, "tokens,width"), make.map("right", 2, 2, "tokens,width")]}
    yield "positions-with-tokens-of-their-own", certificate(*around(make, [], C=4, embedding=embedding, pool="sum"), ranges([0, 4], [0, 2]), MAX)


def shapes() -> Iterator[tuple[str, Certificate]]:
    """The two that have rules of their own, with ranges of inputs and other labels than theirs."""
    weights = models.random_model(random.Random("network token-sum"), 3, 2)
    yield "token-sum-by-inputs", certificate(models.architecture(2), weights, ranges([0, 3], [0, 3]), MAX, (4,))
    yield "token-sum-min", certificate(models.architecture(3), weights, ranges([0, 3], [1, 3], [0, 1]), {"name": "min"})
    weights = copying(random.Random("network attention"), 3, 3)
    yield "attention-only-by-inputs", certificate(attention_architecture(3), weights, ranges(*[[0, 3]] * 3), MAX, (13,))
    yield "attention-only-sum", certificate(attention_architecture(3), weights, ranges(*[[0, 3]] * 3), {"name": "sum-modulo", "modulus": 3})


def steps() -> Iterator[tuple[str, Certificate]]:
    described = small("steps", 3, 2, 3)
    yield "step-for-each-input", certificate(*described, ranges([0, 3], [0, 3]), MAX, range(1, 9))
    for stated in ("loss", "correct", "margin", "loss margin"):
        yield f"steps-state-{stated.replace(' ', '-')}", certificate(*described, ranges([0, 3], [0, 3]), MAX, (4,), stated)
    low = certificate(*described, ranges([0, 3], [0, 3]), MAX, stated="margin")
    yield "margin-far-below", with_claims(changed(low, "/steps/0/margin", "-0x1p+16383"), [claim("length", "upper", "9" * 20)])


# -- numbers that hurt -----------------------------------------------------------------------------------------------

def stored(rows: Sequence[Sequence[float]], dtype: str = "float64") -> Tensor:
    return Tensor(dtype, (len(rows), len(rows[0])), b"".join(encode(dtype, value) for row in rows for value in row))


def sum_of_maps(E: Sequence[Sequence[float]], U: Sequence[Sequence[float]], dtype: str = "float64", between: Sequence[Any] = (), n: int = 2, **more: Any) -> Described:
    description = {"positions": n, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, "blocks": [], "pool": "sum", "readout": [*between, {"weight": "U", "layout": "in,out"}]}
    return description | more, {"E": stored(E, dtype), "U": stored(U, dtype)}


def numbers() -> Iterator[tuple[str, Certificate]]:
    two = ranges([0, 2], [0, 2])
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        make = Builder(random.Random(f"network {dtype}"), dtype)
        yield f"dtype-{dtype}", certificate(*around(make, [{"attention": make.attention("A", 2), "mlp": make.mlp("M", 2, 2, "gelu")}]), ranges([0, 3], [0, 3]), MAX)
    for name, size in (("2-to-1000", 2.0**1000), ("2-to-minus-1000", 2.0**-1000)):
        yield f"weights-{name}", certificate(*sum_of_maps([[size, 0], [-size, size]], [[1 / size, 0.5 / size], [0, 3 / size]], between=["relu"]), two, MAX)
    yield "weights-subnormal", certificate(*sum_of_maps([[2.0**-1074, 0], [-(2.0**-1074), 2.0**-1074]], [[2.0**1000, 1], [0, 1]], between=["relu"]), two, MAX)
    yield "ties-everywhere", certificate(*sum_of_maps([[1, -1], [1, -1]], [[1, 1], [1, 1]], between=["gelu"]), two, MAX)
    yield "ties-of-some", certificate(*sum_of_maps([[1, 0], [0, 1]], [[1, 0], [0, 1]], between=["relu"]), two, MAX)
    yield "relu-at-0", certificate(*sum_of_maps([[1, -1], [-1, 1]], [[1, 0], [0, 1]], between=["relu"]), two, MAX)
    yield "logits-7e8", certificate(*sum_of_maps([[7e8, 0], [0, 3]], [[1, 0], [0, 1]], between=["relu"]), two, MAX)
    for activation in ("gelu", "gelu-tanh", "silu", "tanh"):
        yield f"far-out-{activation}", certificate(*sum_of_maps([[-40, 3], [25, -2000]], [[1, -1], [0.5, 2]], between=[activation]), two, MAX)
    for size in (30.0, 1e4, 1e9):
        make = Builder(random.Random(f"network scores {size}"))
        attention = make.attention("A", 2, scores={"factor": str(int(size))})
        yield f"scores-times-{int(size)}", certificate(*around(make, [{"attention": attention}]), ranges([0, 3], [0, 3]), MAX)
    weights = {"n": Tensor("float64", (2,), b"".join(encode("float64", value) for value in (1.0, -2.0)))}
    description, tensors = sum_of_maps([[1, 0], [0.5, 0]], [[1, 0], [0, 1]], between=[{"layer": {"eps": "0", "weight": "n"}}])
    yield "eps-0-rows-that-vary", certificate(description, tensors | weights, two, MAX)
    description, tensors = sum_of_maps([[1, 1], [2, 2]], [[1, 0], [0, 1]], between=[{"layer": {"eps": "0.000000000000000001"}}])
    yield "constant-rows-eps-1e-18", certificate(description, tensors, two, MAX)
    description, tensors = sum_of_maps([[0, 0], [0, 0]], [[1, 0], [0, 1]], between=[{"rms": {"eps": "1e-18"}}])
    yield "zero-rows-rms-eps-1e-18", certificate(description, tensors, two, MAX)


def products() -> Iterator[tuple[str, Certificate]]:
    """Exactly the product of S_3: correct everywhere by x(y(i)), and by the other convention where x and y commute, at 18 of 36."""
    def bits(one: Sequence[int]) -> list[float]:
        return [float(one[i] == k) for i in range(3) for k in range(3)]
    hidden = [(i, k, m) for i in range(3) for k in range(3) for m in range(3)]                       # y(i) = k and x(k) = m
    left = [[bits(x)[3 * k + m] for _, k, m in hidden] for x in PERMUTATIONS_OF_3]
    right = [[bits(y)[3 * i + k] for i, k, _ in hidden] for y in PERMUTATIONS_OF_3]
    out = [[8 * bits(z)[3 * i + m] for z in PERMUTATIONS_OF_3] for i, _, m in hidden]
    description = {"positions": 2, "embedding": {"tokens": [{"weight": "left", "layout": "tokens,width"}, {"weight": "right", "layout": "tokens,width"}]}, "blocks": [], "pool": "sum",
                   "readout": [{"weight": "1", "layout": "in,out", "bias": "-1"}, "relu", {"weight": "out", "layout": "in,out"}]}
    weights = {"left": stored(left, "float32"), "right": stored(right, "float32"), "out": stored(out, "float32"), "-1": stored([[-1.0] * 27], "float32"),
               "1": stored([[float(i == j) for j in range(27)] for i in range(27)], "float32")}
    for name, positions in (("x-y", [0, 1]), ("y-x", [1, 0])):
        yield f"symmetric-group-exactly-{name}", certificate(description, weights, ranges([0, 6], [0, 6]), {"name": "symmetric-group", "degree": 3, "positions": positions}, (18,))
