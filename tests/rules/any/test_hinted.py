"""Rules with witnesses on random networks and any witnesses: what the verifier finds of each step (`--verbose`, both engines) encloses the sum over every input and
is what the second opinion makes of the rule's page; what it performs is, by kind and to the operation, what the second opinion counts."""
from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.context import Context
from proofmark_testing.hinted_certificates import declare, enumerated
from proofmark_testing.theorems import found, performed
from proofmark_testing.verifier import ENGINES, StepLine, step_lines
from second_opinion.logits import NotPositive

from .hinted import hinted

BITS, PARTS, MODELS = 450, 8, 42
NEAR = {"fast": Fraction(1, 10**7), "reference": Fraction(1, 10**13)}            # of what a rule makes of an ordinary network
ROUNDED = Fraction(1, 10**12)                                                    # a rule's numbers may be rounded otherwise: a mean that is subtracted from all


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_agreement(context: Context, part: int) -> None:
    path, truth_path = context.temporary / "loose.json", context.temporary / "enumerated.json"
    for name, kind, target in hinted(f"agreement {part}", MODELS):
        path.write_bytes(render(target))
        truth_path.write_bytes(render(enumerated(target)))
        try:
            theorems, truths = found(path, BITS), found(truth_path, BITS)
        except NotPositive:
            continue
        far = False
        for engine in ENGINES:
            receipt = context.temporary / "receipt.json"
            receipt.unlink(missing_ok=True)
            outcome = context.verifier.run(path, "--engine", engine, "--verbose", "--receipt", receipt)
            if outcome.reason == "limit-logit-range":                            # far numbers, or witnesses that make them
                far = True
                continue
            lines = step_lines(outcome)
            if context.check(outcome.verdict == "VERIFIED" and len(lines) == len(target["steps"]), f"hinted: {name} ({engine}): verified", outcome.shown(), target["model"]["architecture"], target["witnesses"]):
                wrong = [f"step {i}: {what}" for i in lines for what in disagreements(lines[i], truths[i], theorems[i], NEAR[engine] if kind.narrow else None)]
                context.check(not wrong, f"hinted: {name} ({engine}): agreement", *wrong[:6], target["model"]["architecture"], target["witnesses"])
                context.check.equal(json.loads(receipt.read_bytes())["operations"], performed(path), f"hinted: {name} ({engine}): operations", target["model"]["architecture"], target["witnesses"])
        if kind.narrow and not far:
            path.write_bytes(render(declare(target)))
            for engine in ENGINES:
                context.check.equal(context.verifier.run(path, "--engine", engine).verdict, "VERIFIED", f"hinted: {name} ({engine}): what the second opinion declares", target["witnesses"])


def disagreements(line: StepLine, truth: Any, theorem: Any, near: Fraction | None) -> Iterator[str]:
    if line.lo is not None:
        lo, hi = mpq(line.lo), mpq(line.hi)
        if lo > truth.lower.hi or hi < truth.upper.lo:
            yield f"[{float(lo)!r}, {float(hi)!r}] does not enclose the sum {truth.lower.lo:.20g}"
        if lo > mpq(theorem.lower.hi) * (1 + ROUNDED) + ROUNDED or hi < mpq(theorem.upper.lo) * (1 - ROUNDED) - ROUNDED:
            yield f"[{float(lo)!r}, {float(hi)!r}] is more than the theorem says: {theorem.lower.hi:.20g}, {theorem.upper.lo:.20g}"
        if near is not None and (mpq(theorem.lower.lo) - lo > near * (1 + hi) or hi - mpq(theorem.upper.hi) > near * (1 + hi)):
            yield f"[{float(lo)!r}, {float(hi)!r}] is far from the theorem: {theorem.lower.lo:.20g}, {theorem.upper.hi:.20g}"
    if line.correct is not None:
        if line.correct[0] > truth.correct[1] or line.correct[1] < truth.correct[0]:             # what ties in truth may be open to 450 bits
            yield f"{line.correct} correct, and in truth {truth.correct}"
        if near is not None and line.correct[0] != theorem.correct[0]:
            yield f"{line.correct} correct, and by the theorem {theorem.correct}"
    if line.margin is not None:
        margin = mpq(line.margin)
        if margin > truth.margin.hi:
            yield f"a margin of {float(margin)!r}, and in truth {truth.margin.lo:.20g}"
        if margin > theorem.margin.hi + ROUNDED * (1 + abs(margin)):
            yield f"a margin of {float(margin)!r}, and by the theorem {theorem.margin.hi:.20g}"
        if near is not None and theorem.margin.lo - margin > near * (1 + abs(margin)):
            yield f"a margin of {float(margin)!r} is far from the theorem's {theorem.margin.lo:.20g}"
