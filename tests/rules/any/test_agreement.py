"""Networks with any words, three times: what the verifier finds of each step (`--verbose`, both engines), what the second opinion finds, 50 digits.

Ordinary weights, and such that hurt: ties, saturated and wild scores, numbers that cancel or lie orders of magnitude apart. Whatever they are, an
enclosure holds the truth, no count exceeds it, no margin is above it; where weights are ordinary they are narrow too.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.context import Context
from proofmark_testing.described import drawn
from proofmark_testing.encodings import decode, encode
from proofmark_testing.models import SIZES, Model, Tensor
from proofmark_testing.network_certificates import certificate, listed, ranges, table
from proofmark_testing.theorems import found
from proofmark_testing.verifier import ENGINES, StepLine, step_lines

BITS, PARTS, MODELS = 450, 4, 24
LOOSE = {"loss": ["0x0p+0", "0x1p+9999"], "margin": "-0x1p+9999"}
NEAR = {"fast": Fraction(1, 10**7), "reference": Fraction(1, 10**13)}           # of an ordinary network's loss, and of its margin
Change = Callable[[random.Random, float], float]


def rewritten(weights: Model, rng: random.Random, change: Change) -> Model:
    def of(one: Tensor) -> Tensor:
        size = SIZES[one.dtype]
        numbers = [float(decode(one.dtype, one.raw[i:i + size])) for i in range(0, len(one.raw), size)]
        return Tensor(one.dtype, one.shape, b"".join(encode(one.dtype, change(rng, number)) for number in numbers))
    return {name: of(one) for name, one in weights.items()}


# Each with whether its enclosures are narrow, and whether it may be beyond the range of numbers.
KINDS: dict[str, tuple[Change, bool, bool]] = {
    "ordinary": (lambda rng, x: x, True, False),
    "saturated": (lambda rng, x: 12 * x, False, False),
    "small integers": (lambda rng, x: float(round(1.5 * x)), False, True),                  # ties; constant rows, which eps keeps apart from 0
    "equal": (lambda rng, x: 0.75, False, False),
    "nearly equal": (lambda rng, x: 1 + 2.0**-10 * x, False, False),
    "orders apart": (lambda rng, x: x * 2.0 ** rng.choice((-8, 0, 0, 5)), False, True),
    "tiny": (lambda rng, x: x * 2.0**-12, False, False)}


def networks(part: int) -> Iterator[tuple[str, str, Certificate]]:
    rng = random.Random(f"networks, agreement {part}")
    for i in range(MODELS):
        kind = tuple(KINDS)[i % len(KINDS)]
        V, n = rng.choice(((3, 2), (2, 3), (4, 2), (2, 4)))
        words, weights = drawn(rng, V, n, rng.randint(V, V + 1))
        rows = [tuple(rng.randrange(V) for _ in range(n)) for _ in range(rng.randint(1, 9))]
        inputs = rng.choice((ranges(*[[0, V]] * n), listed(rows, rng.choice(("uint8", "uint16", "uint32"))), ranges(*([rng.randrange(V), V] for _ in range(n)))))
        N = len(rows) if "list" in inputs else inputs_of(inputs["ranges"])
        label: Any = rng.choice(({"name": "max"}, {"name": "min", "positions": [n - 1, 0]}, {"name": "sum-modulo", "modulus": V}, table([rng.randrange(V) for _ in range(N)])))
        yield f"{part}.{i} {kind}", kind, certificate(words, rewritten(weights, rng, KINDS[kind][0]), inputs, label, sorted(rng.sample(range(1, N), min(N - 1, 2))))


def inputs_of(of_positions: list[list[int]]) -> int:
    N = 1
    for start, end in of_positions:
        N *= end - start
    return N


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_agreement(context: Context, part: int) -> None:
    path = context.temporary / "loose.json"
    for name, kind, target in networks(part):
        claims = target["claims"]
        path.write_bytes(render(loose(target)))
        truths = found(path, BITS)
        for engine in ENGINES:
            outcome = context.verifier.run(path, "--engine", engine, "--verbose")
            _, narrow, may_be_beyond = KINDS[kind]
            if may_be_beyond and outcome.reason == "limit-logit-range":
                continue
            lines = step_lines(outcome)
            if context.check(outcome.verdict == "VERIFIED" and len(lines) == len(target["steps"]), f"networks: {name} ({engine}): verified", target["model"]["architecture"], outcome.shown()):
                wrong = [f"step {i}: {what}" for i, truth in enumerate(truths) for what in disagreements(lines[i], truth, NEAR[engine] if narrow else None)]
                context.check(not wrong, f"networks: {name} ({engine}): agreement", *wrong[:6], target["model"]["architecture"])
        if KINDS[kind][1]:
            path.write_bytes(render(target))
            context.check.equal(context.verifier.run(path).verdict, "VERIFIED", f"networks: {name}: what 50 digits declare", claims)


def loose(target: Certificate) -> Certificate:
    steps = [step | {key: value for key, value in LOOSE.items() if key in step} | {"correct": [0, step["inputs"][1] - step["inputs"][0]]} for step in target["steps"]]
    return target | {"steps": steps, "claims": [{"quantity": "length", "direction": "upper", "bound": "9" * 20}]}


def disagreements(line: StepLine, truth: Any, near: Fraction | None) -> Iterator[str]:
    lo, hi, margin = mpq(line.lo), mpq(line.hi), mpq(line.margin)
    if not (lo <= truth.upper.hi and hi >= truth.lower.lo):
        yield f"[{float(lo)!r}, {float(hi)!r}] does not enclose the sum {truth.lower.lo:.20g}"
    if line.correct[0] > truth.correct[1] or line.correct[1] < truth.correct[0]:
        yield f"{line.correct} correct, and in truth {truth.correct}"
    if margin > truth.margin.hi:
        yield f"a margin of {float(margin)!r}, and in truth {truth.margin.lo:.20g}"
    if near is not None and (hi - lo > near * (1 + hi) or mpq(truth.margin.lo) - margin > near * (1 + abs(margin)) or line.correct != truth.correct):
        yield f"[{float(lo)!r}, {float(hi)!r}], {line.correct} correct, margin {float(margin)!r} are far from {truth.lower.lo:.20g}, {truth.correct}, {truth.margin.lo:.20g}"
