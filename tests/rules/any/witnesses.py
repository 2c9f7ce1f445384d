"""Networks and witnesses for the rules with witnesses: drawn at random, good and bad, with numbers of any size."""
from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy
from proofmark_testing.described import Builder
from proofmark_testing.models import Architecture, Model
from proofmark_testing.witnesses import Witness, Witnesses, witness

Json = dict[str, Any]
Number = Callable[[random.Random], float]
NUMBERS: dict[str, Number] = {
    "ordinary": lambda rng: rng.gauss(0, 1),
    "small integers": lambda rng: float(rng.randint(-2, 2)),
    "huge": lambda rng: rng.choice((-1, 1)) * 2.0 ** rng.uniform(100, 900),
    "denormal": lambda rng: rng.choice((-1, 1)) * 2.0 ** rng.uniform(-1074, -1000),
    "any size": lambda rng: rng.choice((-1, 1)) * 2.0 ** rng.uniform(-300, 300),
    "zero": lambda rng: 0.0}


# -- low-rank@1 ----------------------------------------------------------------------------------------------------

def folding(rng: random.Random, V: int, n: int, C: int, **more: Any) -> tuple[Architecture, Model]:
    """A transformer whose attention may be folded into what follows it."""
    make, heads = Builder(rng, rng.choice(("float32", "float64")), 1.0), rng.randint(1, 2)
    d, chance = max(2, n * heads + rng.randrange(-1, 2)), rng.random
    bias = lambda: rng.choice((None, "plain"))
    position = rng.randrange(n)
    attention = make.attention("A", d, heads, rng.randint(1, 2), rng.randint(1, 2), rng.choice(("causal", "none")), rng.choice(("scaled", "unscaled", {"factor": "0.25"})),
                               make.norm("n", d) if chance() < 0.4 else None, lambda key: {"bias": bias()})
    mlp = make.mlp("M", d, rng.randint(1, 4), rng.choice(("relu", "gelu", "tanh")), bias=bias())
    first = [{"mlp": make.mlp("M0", d, 2)}] if chance() < 0.3 else []
    tokens: Any = make.map("E", V, d, "tokens,width", bias=bias()) if chance() < 0.7 else [make.map(f"E{p}", V + p, d, "tokens,width") for p in range(n)]
    table = make.tensor("P", [n, d])
    readout = [make.map("W", d, 3, bias=bias()), make.map("U", 3, C, bias=bias())] if chance() < 0.4 else [make.map("U", d, C, "out,in", bias=bias())]
    return {"positions": n, "embedding": {"tokens": tokens, "positions": rng.choice((table, {"tensor": table, "to": "scores"}))}, "blocks": [*first, {"attention": attention, "mlp": mlp}],
            "pool": rng.choice(("last", {"position": position})), "readout": readout} | more, make.tensors


def low_rank(rng: random.Random, features: Sequence[Sequence[float]], C: int, U: Sequence[Sequence[float]]) -> Witnesses:
    """Any basis, metric, tables and labels; often good ones for these features [N x m] and rows of U [C x m]."""
    N, m = len(features), len(features[0])
    kind = rng.choice(tuple(NUMBERS)) if rng.random() < 0.5 else "ordinary"
    number, dtype, given = NUMBERS[kind], "float64" if kind in ("huge", "denormal", "any size") else rng.choice(("float32", "float64")), {}
    if rng.random() < 0.85:
        k = rng.choice((1, m, rng.randint(1, m)))
        rows = numpy.array([[number(rng) if rng.random() < 0.8 else 0.0 for _ in range(m)] for _ in range(k)])
        if rng.random() < 0.5:
            leading = numpy.linalg.svd(numpy.nan_to_num(numpy.array(U, float)) - numpy.mean(U, axis=0))[2]
            rows = leading[:k] * rng.choice((1.0, 1.0, 2.0**-20, 3.0))
        if k > 1 and rng.random() < 0.2:
            rows[1] = rows[0]
        if rng.random() < 0.2:
            rows[rng.randrange(k)] = 0
        given["basis"], given["metric"] = flat(dtype, rows), flat(dtype, metric(rng, rows, number))
    if rng.random() < 0.6:
        counts = [rng.choice((1, rng.randint(1, 4), N)) for _ in range(rng.randint(1, 3))]
        labels = [[rng.randrange(count) for _ in range(N)] for count in counts]
        tables = [means(features, of, count) if rng.random() < 0.6 else [[number(rng) for _ in range(m)] for _ in range(count)] for of, count in zip(labels, counts)]
        given |= {"labels": witness("uint16", [one for row in labels for one in row], (len(counts), N)), "label-counts": witness("uint32", counts),
                  "label-tables": flat(dtype, [row for table in tables for row in table])}
    return given | opened(rng, N, C)


def metric(rng: random.Random, rows: Any, number: Number) -> Any:
    k = len(rows)
    with numpy.errstate(all="ignore"):
        good = numpy.linalg.pinv(rows @ rows.T) if numpy.isfinite(rows @ rows.T).all() else numpy.eye(k)
    return {"good": lambda: good, "identity": lambda: numpy.eye(k), "zero": lambda: numpy.zeros((k, k)), "indefinite": lambda: -good, "twice": lambda: 2 * good,
            "any": lambda: numpy.array([[number(rng) for _ in range(k)] for _ in range(k)])}[rng.choice(("good", "good", "good", "identity", "zero", "indefinite", "twice", "any"))]()


def means(features: Sequence[Sequence[float]], labels: Sequence[int], count: int) -> list[list[float]]:
    """Zeros for labels that never occur."""
    of = [[row for row, label in zip(features, labels) if label == one] for one in range(count)]
    return [[sum(column) / len(rows) for column in zip(*rows)] if rows else [0.0] * len(features[0]) for rows in of]


def flat(dtype: str, rows: Any) -> Witness:
    most = 3e38 if dtype == "float32" else 1e308
    return witness(dtype, [max(-most, min(most, float(value) if value == value else 0.0)) for row in rows for value in row], (len(rows), len(rows[0])))


# -- block-tables@1 ------------------------------------------------------------------------------------------------

def additive(rng: random.Random, V: int, n: int, C: int) -> tuple[Architecture, Model]:
    """act(L[x] + R[y]) U + b, in many words."""
    make, chance = Builder(rng, rng.choice(("float32", "float64"))), rng.random
    d, bias = rng.randint(2, 5), lambda: rng.choice((None, "plain"))
    own = chance() < 0.6
    tokens: Any = [make.map(f"E{p}", V, d, "tokens,width", bias=bias()) for p in range(n)] if own else make.map("E", V, d, rng.choice(("tokens,width", "width,tokens")), bias=bias())
    embedding = {"tokens": tokens} | ({"positions": make.tensor("P", [n, d])} if chance() < 0.4 else {})
    before, width = [], d
    for i in range(rng.choice((0, 1, 1, 2))):
        columns = rng.randint(1, 5)
        before.append(make.map(f"W{i}", width, columns, bias=bias()))
        width = columns
    after = [make.map("H", width, 3, bias=bias()), make.map("U", 3, C, "out,in", bias=bias())] if chance() < 0.4 else [make.map("U", width, C, bias=bias())]
    description = {"positions": n, "embedding": embedding, "blocks": [], "pool": "sum", "readout": [*before, rng.choice(("relu", "relu", "relu", "tanh", "silu", "gelu")), *after]}
    return description, make.tensors


def blocks(rng: random.Random, m: int, Nx: int, Ny: int, C: int, N: int) -> Witnesses:
    """Any groups, blocks, trees, kinds and fold."""
    right, labels = side(rng, m, Ny)
    G = max(right) + 1
    given = {"right-groups": witness("uint16", right), "right-blocks": witness("uint16", [one for row in labels for one in row], (G, Ny))}
    steps, kinds = tree(rng, G), G
    if steps:
        given["right-tree"] = pairs(steps)
        if rng.random() < 0.6:
            given["right-fold"] = witness("uint16", [rng.randrange(2 * G - 2)])
    if rng.random() < 0.6:
        left, labels = side(rng, m, Nx)
        given |= {"left-groups": witness("uint16", left), "left-blocks": witness("uint16", [one for row in labels for one in row], (max(left) + 1, Nx))}
        listed = [step for g in range(G) for step in tree(rng, len({b for a, b in zip(right, left) if a == g}))]
        given |= {"left-trees": pairs(listed)} if listed else {}
        kinds += max(left) + 1
    given["radii"] = witness("uint8", [rng.randrange(2) for _ in range(kinds)])
    return given | opened(rng, N, C)


def side(rng: random.Random, m: int, N: int) -> tuple[list[int], list[list[int]]]:
    groups = renumbered([rng.randrange(rng.randint(1, m)) for _ in range(m)])
    most = rng.choice((1, 2, N, N))
    return groups, [renumbered([rng.randrange(most) for _ in range(N)]) if rng.random() < 0.6 else list(range(N)) for _ in range(max(groups) + 1)]


def renumbered(labels: Sequence[int]) -> list[int]:
    """0, 1, .. in any order, so that each below the largest occurs."""
    order = sorted(set(labels))
    return [order.index(one) for one in labels]


def tree(rng: random.Random, leaves: int) -> list[tuple[int, int]]:
    left, steps = list(range(leaves)), []
    while len(left) > 1:
        one, other = rng.sample(left, 2)
        left = [node for node in left if node not in (one, other)] + [leaves + len(steps)]
        steps.append((one, other))
    return steps


def pairs(steps: Sequence[tuple[int, int]]) -> Witness:
    return witness("uint16", [node for step in steps for node in step], (len(steps), 2))


# -- both ----------------------------------------------------------------------------------------------------------

def opened(rng: random.Random, N: int, C: int) -> Witnesses:
    share = rng.choice((0.0, 0.0, 0.1, 0.5, 1.0))
    listed = [(i, c) for i in range(N) for c in range(C) if rng.random() < share]
    if not listed:
        return {}
    inputs, classes = zip(*listed)
    return {"opened-inputs": witness("uint32", inputs), "opened-classes": witness("uint16", classes)}
