"""The pages' theorems, without any verifier: on random networks with any witnesses, every enclosure of a difference of logits holds the true one, to 300 bits."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from gmpy2 import mpq
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.checks import Checks
from second_opinion import reading, strict_json
from second_opinion.intervals import Arithmetic
from second_opinion.logits import Evaluation, NotPositive
from second_opinion.network import model_of
from second_opinion.real import Real, number
from second_opinion.second_opinion import proof_of
from second_opinion.task import Inputs

from .hinted import hinted

BITS, PARTS, MODELS = 300, 6, 42


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_enclosures(check: Checks, part: int) -> None:
    narrow = 0
    for name, _, target in hinted(f"theorems {part}", MODELS):
        wrong, of_them = [], 0
        for what, lower, truth, upper in differences(target):
            of_them += upper.hi - lower.lo < 1
            if truth.hi < lower.lo or truth.lo > upper.hi:
                wrong.append(f"{what}: {truth.ends} is not within {lower.ends} and {upper.ends}")
        check(not wrong, f"theorems: {name}", *wrong[:3], target["model"]["architecture"], target["witnesses"].keys())
        narrow += of_them
    check(narrow > 100, "theorems: many enclosures are narrow", narrow)


def differences(target: Certificate) -> Iterator[tuple[str, Real, Real, Real]]:
    """Of each input and class: what the first step's rule bounds it with, and the truth."""
    read = reading.certificate(strict_json.parse(render(target)))
    model, inputs = model_of(read), Inputs(read.task)
    proof, x = proof_of(read, model, inputs), Arithmetic(BITS)
    evaluation, step = Evaluation(model, x), dataclasses.replace(read.steps[0], range=(0, inputs.N))
    try:
        for (tokens, y), bounds in zip(inputs, proof.bounds(step, x)):
            logits = evaluation.logits(tokens)
            for c in bounds.lower:
                yield f"{tokens}, class {c}", bounds.lower[c], number(x, 0) + logits[c] - logits[y], bounds.upper[c]
    except NotPositive:
        return


def test_mistakes_are_noticed(check: Checks) -> None:
    """Enclosures that are a thousandth too narrow leave some truth out."""
    out = 0
    for _, _, target in hinted("mistakes", MODELS):
        for _, lower, truth, upper in differences(target):
            less = (upper - lower) * mpq(1, 1000)
            out += truth.hi < (lower + less).lo or truth.lo > (upper - less).hi
    check(out > 0, "theorems: too narrow by a thousandth", out)
