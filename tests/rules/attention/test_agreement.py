"""Proofs of transformers, three times: what the verifier finds (`--verbose`, both engines), what tests/second_opinion makes of the pages, every input.

Models like trained ones, random ones and ones made to hurt (ties, wild scores, tokens that help now and then, far tokens that weigh more than
the label), every rule, witnesses drawn at random: whatever the hints are, a bound encloses the truth, no count exceeds it, and both are what the
rule's theorem gives. With a generator, what it declares is judged by the second opinion.
"""
from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import numpy
from gmpy2 import mpq

from proofmark_testing import theorems
from rules.attention import models
from rules.attention.bounds import WITHOUT_LOSS, oracle
from rules.attention.certificates import loose
from rules.attention.witnesses import some
from proofmark_testing.certificates import Part, render
from proofmark_testing.context import Context
from proofmark_testing.models import Model
from proofmark_testing.safetensors import safetensors
from proofmark_testing.verifier import ENGINES, StepLine, step_lines
from second_opinion import second_opinion

WITH_LOSS = ("enumeration@1", "placements@1", "soft-near-far@1")
BITS = 450
PARTS = 4                                        # each a test, which may run beside another
NEAR = Fraction(1, 10**12)                       # of the loss and one nat an input
STRATEGIES = (("enumeration",), ("cubic",), ("subcubic",), ("band", "--near", 1), ("near-far", "--near", 1, "--outputs", 1, "--joint"), ("near-far", "--near", "best"),
              ("soft-near-far", "--near", 2), ("placements", "--near", 1, "--fill", 1))


# -- models --------------------------------------------------------------------------------------------------------

def made_to_hurt() -> Iterator[tuple[str, Model, bool]]:
    """The kinds of tests/rules/attention/paper/small_models.py as weights; whether the verifier's digits decide every test as exact numbers do."""
    draw = numpy.random.default_rng(1)
    for kind in oracle("small_models").KINDS:
        for V, n in ((5, 3), (4, 3), (6, 2), (3, 4), (5, 1), (2, 3)):
            yield f"{kind.__name__}, V = {V}, n = {n}", models.realised(kind(draw, V, n)), kind.__name__ not in ("wild_scores", "ties")


def ordinary() -> Iterator[tuple[str, Model, bool]]:
    rng = random.Random("attention, ordinary")
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        for V, n in ((4, 3), (6, 2), (1, 5)):
            yield f"copying, {dtype}, V = {V}, n = {n}", models.copying(rng, V, n, dtype, rng.uniform(0.5, 3), rng.uniform(2, 8), rng.uniform(0.1, 0.8)), True
            yield f"random weights, {dtype}, V = {V}, n = {n}", models.random_model(rng, V, n, 3, 2, dtype), True
    yield "one position more, V = 2, n = 7", models.random_model(rng, 2, 7, 2, 2), True


@pytest.mark.parametrize("models", (made_to_hurt, ordinary), ids=lambda models: models.__name__)
@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_agreement(context: Context, models: Callable[[], Iterator[tuple[str, Model, bool]]], part: int) -> None:
    for name, weights, exactly in itertools.islice(models(), part, None, PARTS):
        check(context, name, weights, exactly)


# -- the verifier against the second opinion and every input -------------------------------------------------------

def check(context: Context, name: str, weights: Model, exactly: bool) -> None:
    """Every rule for every label, a step each, in as many certificates as there are rules: those that bound the loss, and those that only count."""
    rng, (V, n, _, _) = random.Random(name), models.sizes_of(weights)
    path, truths = context.temporary / "loose.json", None
    for rules, turn in ((rules, turn) for rules in (WITH_LOSS, tuple(WITHOUT_LOSS)) for turn in range(len(rules))):
        if V == 1 and turn > 1:
            continue
        parts: list[Part] = [(rules[(m + turn) % len(rules)], m, m + 1) for m in range(V)]
        path.write_bytes(render(loose(weights, parts, some({rule for rule, _, _ in parts}, V, n, rng))))
        truths = truths or theorems.truths(path, BITS)
        by_theorem = theorems.found(path, BITS)
        for engine in ENGINES:
            title = f"attention-agreement: {name}, {rules[0]} and others, turn {turn} ({engine})"
            outcome = context.verifier.run(path, "--engine", engine, "--verbose")
            lines = step_lines(outcome)
            if context.check(outcome.verdict == "VERIFIED" and len(lines) == V, f"{title}: verified", outcome.shown()):
                wrong = [f"{parts[i]}: {what}" for i in range(V) for what in disagreements(lines[i], by_theorem[i], truths[i], (i + 1) ** n - i**n, exactly)]
                context.check(not wrong, f"{title}: agreement", *wrong[:6])


def disagreements(line: StepLine, theorem: Any, truth: Any, inputs: int, exactly: bool) -> Iterator[str]:
    """Of what the verifier finds, with its rule's theorem and with the truth."""
    least, most = line.correct
    if not (least <= truth.correct[1] and truth.correct[0] <= most):
        yield f"{line.correct} correct, and in truth {truth.correct}"
    if least > theorem.correct[0] or most < theorem.correct[1] or exactly and line.correct != theorem.correct:
        yield f"{line.correct} correct, and by the theorem {theorem.correct}"
    if line.lo is None:
        return
    lo, hi, room, loss = mpq(line.lo), mpq(line.hi), NEAR * (inputs + line.hi), truth.loss.ends
    if not (lo <= loss.hi and hi >= loss.lo):
        yield f"[{float(lo)!r}, {float(hi)!r}] does not enclose the sum {loss.lo:.20g}"
    if lo > theorem.lower.hi or hi < theorem.upper.lo:
        yield f"[{float(lo)!r}, {float(hi)!r}] is better than the theorem's [{theorem.lower.lo:.20g}, {theorem.upper.hi:.20g}]"
    if hi - mpq(theorem.upper.lo) > room or mpq(theorem.lower.hi) - lo > room:
        yield f"[{float(lo)!r}, {float(hi)!r}] is far from the theorem's [{theorem.lower.lo:.20g}, {theorem.upper.hi:.20g}]"


# -- the generator -------------------------------------------------------------------------------------------------

def test_generated(context: Context) -> None:
    """What `proofmark prove` declares of small models, judged by the second opinion."""
    rng, check = random.Random("attention, generated"), context.check
    weights, path = context.temporary / "model.safetensors", context.temporary / "proof.json"
    for V, n in ((5, 3), (6, 2), (3, 1), (1, 2)):
        weights.write_bytes(safetensors(models.copying(rng, V, n, slope=3.0, copy=10.0)))
        for options in STRATEGIES:
            title = f"attention-agreement: generated: V = {V}, n = {n}, {' '.join(map(str, options))}"
            made = prove(context, weights, path, options)
            if made is not None:
                check.equal(second_opinion.judge(path), None, f"{title}: the second opinion agrees", made)
                check.equal(context.verifier.run(path).verdict, "VERIFIED", f"{title}: verified", made)


def prove(context: Context, weights: Path, path: Path, options: tuple[object, ...]) -> str | None:
    path.unlink(missing_ok=True)
    outcome = context.generator.run("prove", weights, "--strategy", *options, "--output", path)
    nothing = "proves no input" in outcome.errors or "is too many" in outcome.errors          # a rule that shows nothing of so small a model
    context.check(outcome.exit == 0 or nothing, f"attention-agreement: prove {options}", outcome.shown())
    return outcome.shown() if outcome.exit == 0 else None
