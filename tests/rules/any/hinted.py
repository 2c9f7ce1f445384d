"""Random networks, tasks and witnesses for the rules with witnesses, as certificates that declare nothing yet."""
from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

from gmpy2 import mpq
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.described import drawn
from proofmark_testing.hinted_certificates import loose
from proofmark_testing.network_certificates import listed, ranges, table
from second_opinion import reading, strict_json
from second_opinion.intervals import Arithmetic
from second_opinion.logits import Evaluation
from second_opinion.network import Model, model_of
from second_opinion.task import Inputs

from . import witnesses
from .networks import KINDS, Kind, rewritten
from .second_opinion.additive import Additive
from .second_opinion.features import Features

RULES = ("low-rank@1", "block-tables@1")
WORDS = {"drawn": drawn, "folding": witnesses.folding, "additive": witnesses.additive}
LARGEST = 2.0**1000


def hinted(seed: str, count: int, states: str | None = None) -> Iterator[tuple[str, Kind, Certificate]]:
    """In up to three steps, of which some are by enumeration; they state what is asked for, or anything."""
    rng, made = random.Random(f"hinted, {seed}"), 0
    while made < count:
        kind, rule = tuple(KINDS)[made % len(KINDS)], RULES[made // len(KINDS) % len(RULES)]
        V, n = rng.choice(((3, 2), (2, 3), (4, 2), (3, 1), (1, 2)))
        C = rng.choice((V, V, V + 1, 2 * V))
        words = "additive" if rule == "block-tables@1" else rng.choice(tuple(WORDS))
        description, weights = WORDS[words](rng, V, n, C)
        weights = rewritten(weights, rng, KINDS[kind].change)
        inputs, label, N = task(rng, V, n, C, rule == "low-rank@1")
        read = reading.certificate(strict_json.parse(render(loose(description, weights, inputs, label, [("enumeration@1", 0, N)], {}))))
        model, of = model_of(read), Inputs(read.task)
        try:
            given, row = drawn_witnesses(rng, rule, model, of)
        except ArithmeticError:                                                  # a norm of what does not vary
            continue
        cuts = sorted(rng.sample(range(row, N, row), min(N // row - 1, rng.randrange(3))))
        parts = [(rng.choice((rule, rule, "enumeration@1")) if start else rule, start, end) for start, end in zip([0, *cuts], [*cuts, N])]
        stated = states or rng.choice(("loss correct margin", "loss correct margin", "loss", "correct", "margin"))
        yield f"{seed}.{made} {rule}, {words}, {kind}", KINDS[kind], loose(description, weights, inputs, label, parts, given, stated if C > 1 else "loss correct")
        made += 1


def task(rng: random.Random, V: int, n: int, C: int, lists: bool) -> tuple[Any, Any, int]:
    of = [[0, V]] * n if rng.random() < 0.6 else [[rng.randrange(V), V] for _ in range(n)]
    inputs, N = ranges(*of), math.prod(end - start for start, end in of)
    if lists and rng.random() < 0.3:
        N = rng.randint(1, 9)
        inputs = listed([tuple(rng.randrange(V) for _ in range(n)) for _ in range(N)])
    return inputs, rng.choice(({"name": "max"}, {"name": "sum-modulo", "modulus": V}, table([rng.randrange(C) for _ in range(N)]))), N


def drawn_witnesses(rng: random.Random, rule: str, model: Model, inputs: Inputs) -> tuple[witnesses.Witnesses, int]:
    """And of how many inputs a step must be a multiple."""
    if rule == "block-tables@1":
        of = Additive(model, inputs)
        return witnesses.blocks(rng, of.m, of.Nx, of.Ny, model.C, inputs.N), of.Ny
    features, evaluation = Features(model), Evaluation(model, Arithmetic(100))
    rows = [[float_of(value) for value in features.of(evaluation, tokens)[0]] for tokens, _ in inputs]
    return witnesses.low_rank(rng, rows, model.C, [[float_of(value) for value in row] for row in features.U]), 1


def float_of(value: Any) -> float:
    """Near it, and never infinite."""
    lo = mpq(getattr(value, "lo", value))
    return float(max(mpq(-LARGEST), min(mpq(LARGEST), lo)))
