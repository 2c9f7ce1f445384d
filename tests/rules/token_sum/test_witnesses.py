"""Witnesses are free: bad ones loosen a bound, none breaks it.

Hundreds of random witness sets, over all orders of magnitude that their element types have, on models that are good, middling and bad
at their task. What both engines find (`--verbose`) encloses the true sum of the loss and confirms no input that is not correct. It
lies outside the bounds of the rule's theorem, as tests/second_opinion computes them, and close to them where no digits cancel.
"""
from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq

from proofmark_testing import models, theorems
from proofmark_testing.cases.convexity import sure
from proofmark_testing.certificates import Certificate, Part, certificate, claim, render
from proofmark_testing.context import Context
from proofmark_testing.models import Model, logit_matrix
from proofmark_testing.verifier import ENGINES, StepLine, step_lines
from proofmark_testing.witnesses import (BLOCK_JENSEN, HEAD_TAIL, Scale, Witnesses, block_jensen, head_tail, powers_of_two, random_blocks,
                         random_head_tail)
from rules.token_sum.containment import LOOSE, confident
from rules.token_sum.second_opinion import enclosure

BITS = 300
WEAKEST = [claim("cross-entropy", "lower", "0"), claim("accuracy", "lower", "0")]
NEAR = Fraction(1, 10**10)
SHIFT = Fraction(1, 2**50)                       # relative: an engine's shift of a row is a number near its largest logit, and multipliers are of what is shifted
# How far weights and multipliers are spread, and whether the bounds are computed to many digits all the same.
SCALES: dict[str, tuple[Scale, bool]] = {
    "moderate": (powers_of_two(-3, 3), True), "wide": (powers_of_two(-40, 40), False), "tiny": (powers_of_two(-149, -100), False),
    "huge": (powers_of_two(100, 127), False), "float32": (powers_of_two(-149, 127), False)}


def trained() -> Iterator[tuple[str, Model, int, int]]:
    """Name, model, n and the number of witness sets."""
    rng = random.Random("trained")
    for n, V, times in ((2, 7, 50), (3, 5, 40), (4, 3, 20)):
        yield "sure", sure(V, V, f"sure {n}", size=4), n, times
        yield "in doubt", sure(V, V, f"in doubt {n}", size=1.5), n, times
        yield "random", models.random_model(rng, V, 2), n, times
    yield "confident", confident(6, 40.0), 2, 30
    yield "narrow", sure(6, 2, "narrow", size=5), 2, 30
    yield "one token", models.random_model(rng, 1, 1), 2, 10


@pytest.mark.parametrize(("name", "weights", "n", "times"), list(trained()), ids=[f"{name}-{n}" for name, _, n, _ in trained()])
def test_trained(context: Context, name: str, weights: Model, n: int, times: int) -> None:
    truths, rng = Truths(weights, n), random.Random(name)
    for i in range(times):
        scale = list(SCALES)[i % len(SCALES)]
        check(context, f"witnesses: {name} n={n} {i} {scale}", weights, truths, random_witnesses(rng, n, truths.V, SCALES[scale][0]), SCALES[scale][1])


def test_few_roundings(context: Context) -> None:
    for i, (n, V, drawn) in enumerate(few_roundings()):
        weights = models.model("float32", [[0.0] * V], [[0.0]], [[0.0]] * V)
        check(context, f"witnesses: few roundings {i}, n={n} V={V}", weights, Truths(weights, n), drawn, True)


def few_roundings() -> Iterator[tuple[int, int, tuple[Witnesses, list[Part]]]]:
    """Equal logits: every A is 1, so that of the first label little but roots, reciprocals, totals or logarithms is rounded.

    One of them in the wrong direction shows now and then.
    """
    rng = random.Random("few roundings")
    rest = "convexity@1"
    for n, sizes in ((2, range(3, 23)), (3, range(3, 8)), (4, range(3, 6))):
        for V in sizes:                                                # tails: roots of whole numbers
            yield n, V, (head_tail([[0]] * V, [1]), [("head-tail@1", 0, 1), (rest, 1, V)])
    for i in range(120):                                               # z* = 1/m, since L = 1 < 1/m < V = U
        V, dtype = rng.randint(3, 8), ("float32", "float64")[i % 2]
        u = rng.uniform(V**-0.5, 1)
        given = head_tail([[0]] * V, [1], multipliers=([u] * V, [1.0] * V), dtype=dtype)
        yield 2, V, (given, [("head-tail@1", 0, 1), (rest, 1, V)])
    for _ in range(30):                                                # the multipliers cancel, and with them most of the logarithms
        V = rng.randint(2, 5)
        yield 2, V, (block_jensen([0], [rng.uniform(0.5, 2)] * V), [("block-jensen@1", 0, V)])


class Truths:
    """Of one model: its logits, and for each label the sum of the loss and the number of correct inputs."""

    def __init__(self, weights: Model, n: int) -> None:
        self.M = [[mpq(value) for value in row] for row in logit_matrix(weights)]
        self.n, self.V = n, len(self.M)
        self.losses = [enclosure.loss_sum(self.M, n, (y, y + 1), BITS) for y in range(self.V)]
        self.counts = [enclosure.correct_inputs(self.M, n, (y, y + 1)) for y in range(self.V)]

    def loss(self, labels: tuple[int, int]) -> tuple[Fraction, Fraction]:
        low, high = (sum((Fraction(mpq(self.losses[y][end])) for y in range(*labels)), Fraction(0)) for end in (0, 1))
        return low, high

    def correct(self, labels: tuple[int, int]) -> int:
        return sum(self.counts[y] for y in range(*labels))


def random_witnesses(rng: random.Random, n: int, V: int, scale: Scale) -> tuple[Witnesses, list[Part]]:
    """With the steps that they are for: one or two by head-tail, for n = 2 now and then the last by block-jensen."""
    given = random_head_tail(rng, n, V, scale)
    cuts = sorted({0, V, rng.randrange(V + 1)})
    parts = [("head-tail@1", start, end) for start, end in zip(cuts, cuts[1:])]
    if n == 2 and rng.random() < 0.5:
        given |= random_blocks(rng, V, scale if rng.random() < 0.7 else None)
        cut = rng.choice(given["blocks"].numbers())
        parts = [("head-tail@1", 0, cut)] * (cut > 0) + [("block-jensen@1", cut, V)]
        given = {name: one for name, one in given.items() if name in BLOCK_JENSEN or (cut > 0 and name in HEAD_TAIL)}
    return given, parts


def check(context: Context, name: str, weights: Model, truths: Truths, drawn: tuple[Witnesses, list[Part]], many_digits: bool) -> None:
    given, parts = drawn
    target = loose_certificate(weights, truths, given, parts)
    path = context.temporary / "certificate.json"
    path.write_bytes(render(target))
    expected = theorems.found(path, BITS)
    for engine in ENGINES:
        outcome = context.verifier.run(path, "--engine", engine, "--verbose")
        own = step_lines(outcome)
        wrong = [] if outcome.verdict == "VERIFIED" and len(own) == len(parts) else [outcome.shown()]
        for i, line in own.items():
            wrong += disagreements(line, truths, parts[i], expected[i], many_digits)
        context.check(not wrong, f"{name} ({engine})", f"{parts} {sorted(given)}", *wrong)


def loose_certificate(weights: Model, truths: Truths, given: Witnesses, parts: list[Part]) -> Certificate:
    """Steps that state next to nothing."""
    target = certificate(weights, truths.n, parts, False, [LOOSE] * len(parts), given)
    for step, (_, start, end) in zip(target["steps"], parts):
        step["correct"] = [0, end**truths.n - start**truths.n]
    return target | {"claims": WEAKEST}


def disagreements(line: StepLine, truths: Truths, part: Part, theorem: Any, many_digits: bool) -> Iterator[str]:
    labels, (correct, most) = (part[1], part[2]), line.correct
    low, high = truths.loss(labels)
    lower, upper = Fraction(mpq(theorem.lower.hi)), Fraction(mpq(theorem.upper.lo))
    if not line.lo <= high or not low <= line.hi:
        yield f"{part}: [{float(line.lo)}, {line.texts[1]}] leaves out the sum {float(low)}"
    if not correct <= truths.correct(labels) <= most:
        yield f"{part}: {correct} to {most} correct, and {truths.correct(labels)} are"
    shift = truths.n * SHIFT * Fraction(max(abs(value) for row in truths.M for value in row)) * upper
    if line.lo > lower or line.hi < upper - shift:
        yield f"{part}: {line.texts} is more than the theorem gives, [{float(lower)}, {float(upper)}]"
    if correct > theorem.correct[0]:
        yield f"{part}: {correct} correct, and the theorem gives {theorem.correct[0]}"
    if many_digits:
        slack = NEAR * (upper + labels[1] ** truths.n)
        if line.lo < lower - slack or line.hi > upper + slack or correct != theorem.correct[0]:
            yield f"{part}: {line.texts}, {correct} correct is far from [{float(lower)}, {float(upper)}], {theorem.correct[0]}"
