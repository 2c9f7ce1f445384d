"""False statements about random networks: each end, count, margin and claim beyond the truth, by a half of it down to 2^-100, the rest honest.

The truth is the second opinion's, to 450 bits. Weights hurt (rules/any/networks.py), and witnesses may be anything (rules/any/hinted.py). What is honest, with 2^-40 of
room, must be verified; by rules with witnesses where weights are ordinary.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing.certificates import Certificate, changed, claim, input_count, render
from proofmark_testing.context import Context
from proofmark_testing.encodings import hexadecimal, signed_hexadecimal, written_decimal
from proofmark_testing.hinted_certificates import declare, enumerated
from proofmark_testing.theorems import found
from proofmark_testing.verifier import ENGINES, Outcome, Verifier
from rules.any.hinted import hinted
from rules.any.networks import networks

MODELS, BITS, DIGITS = 35, 450, 32
WEAKEST = [claim("length", "upper", "9" * 20)]
EXPONENTS = (1, 10, 30, 45, 60, 80, 100)
CODES = {"loss-lower", "loss-upper", "correct-count", "margin", "claim-not-implied", "claim-range", "interval-reversed"}


def lies(rng: random.Random, target: Certificate, truths: list[Any]) -> Iterator[tuple[str, Certificate]]:
    """Each declares one thing that is false; other steps and ends are as they were."""
    i = rng.randrange(len(truths))
    truth, by = truths[i], Fraction(1, 2 ** rng.choice(EXPONENTS))
    below, above, margin = exact(truth.lower.lo), exact(truth.upper.hi), exact(truth.margin.hi)
    yield f"step {i}: a lower end {float(by)} above", changed(target, f"/steps/{i}/loss", [hexadecimal(above * (1 + by), up=True, digits=DIGITS), "0x1p+9999"])
    if below > 0:
        yield f"step {i}: an upper end {float(by)} below", changed(target, f"/steps/{i}/loss", ["0x0p+0", hexadecimal(below * (1 - by), up=False, digits=DIGITS)])
    yield f"step {i}: a margin {float(by)} above", changed(target, f"/steps/{i}/margin", signed_hexadecimal(margin + abs(margin) * by + Fraction(1, 2**120), up=True, digits=DIGITS))
    least, most = truth.correct
    yield f"step {i}: one correct more", changed(target, f"/steps/{i}/correct", [most + 1, most + 1])
    if least > 0:
        yield f"step {i}: one correct fewer", changed(target, f"/steps/{i}/correct", [0, least - 1])
    N = input_count(target)
    mean = sum(exact(one.lower.lo) for one in truths) / N
    if below > 0:
        yield "an upper claim below the truth", target | {"claims": [claim("cross-entropy", "upper", written_decimal(int(mean * 10**60 * (1 - by)), 60))]}
    yield "a margin claimed above the truth", target | {"claims": [claim("margin", "lower", written_decimal(int((min(exact(one.margin.hi) for one in truths)) * 10**60) + 1, 60))]}
    correct = sum(one.correct[1] for one in truths)
    yield "an accuracy claimed above the truth", target | {"claims": [claim("accuracy", "lower", written_decimal(correct * 10**60 // N + 1, 60))]}


def exact(end: Any) -> Fraction:
    return Fraction(*map(int, end.as_integer_ratio()))


Attacks = Iterator[tuple[str, Certificate | None, Outcome]]


def attack(verifier: Verifier, context: Context, seed: str, count: int) -> Attacks:
    """Each lie, and what is honest (no certificate), with the answer."""
    rng, path = random.Random(f"lies {seed}"), context.temporary / "lie.json"
    for name, kind, target in networks(f"lies {seed}", count):
        path.write_bytes(render(target))
        honest = verifier.run(path)
        if kind.far and honest.reason == "limit-logit-range":
            continue
        yield f"{name}: honest", None, honest
        yield from told(verifier, path, rng, name, target, found(path, BITS))


def attack_with_witnesses(verifier: Verifier, context: Context, seed: str, count: int) -> Attacks:
    """The same by rules with witnesses: the truth is that of enumeration."""
    rng, path = random.Random(f"lies with witnesses {seed}"), context.temporary / "lie.json"
    for name, kind, loose in hinted(f"lies {seed}", count, "loss correct margin"):
        if "margin" not in loose["steps"][0]:
            continue
        path.write_bytes(render(enumerated(loose)))
        try:
            truths, target = found(path, BITS), declare(loose)
        except ArithmeticError:
            continue
        path.write_bytes(render(target))
        honest = verifier.run(path)
        if honest.reason == "limit-logit-range":
            continue
        if kind.narrow or honest.verdict == "VERIFIED":
            yield f"{name}: honest", None, honest
        yield from told(verifier, path, rng, name, target, truths)


def told(verifier: Verifier, path: Path, rng: random.Random, name: str, target: Certificate, truths: list[Any]) -> Attacks:
    for what, lie in lies(rng, target | {"claims": WEAKEST}, truths):
        path.write_bytes(render(lie))
        yield f"{name}: {what}", lie, verifier.run(path, "--engine", rng.choice(ENGINES))


@pytest.mark.parametrize("seed", ["1", *(pytest.param(str(seed), marks=pytest.mark.long) for seed in range(2, 8))])
@pytest.mark.parametrize("attacks", (attack, attack_with_witnesses))
def test_nothing_false_is_verified(context: Context, attacks: Callable[..., Attacks], seed: str) -> None:
    for name, lie, outcome in attacks(Verifier(context.verifier.path, limit_memory=False), context, seed, MODELS):
        if lie is None:
            context.check(outcome.verdict == "VERIFIED", f"lies: {name}: verified", outcome.shown())
        else:
            context.check(outcome.verdict == "REJECTED" and outcome.reason in CODES, f"lies: {name}: refused", outcome.shown(), render(lie).decode()[:3000])


class Forgiving(Verifier):
    """Overlooks one reason."""

    code = ""

    def run(self, *arguments: object, **options: Any) -> Outcome:
        outcome = super().run(*arguments, **options)
        return Outcome(0, "s VERIFIED\n", "") if outcome.reason == self.code else outcome


@pytest.mark.parametrize("code", ("loss-lower", "loss-upper", "correct-count", "margin", "claim-not-implied"))
@pytest.mark.parametrize("attacks", (attack, attack_with_witnesses))
def test_who_overlooks_a_reason_is_noticed(context: Context, attacks: Callable[..., Attacks], code: str) -> None:
    dummy = Forgiving(context.verifier.path, limit_memory=False)
    dummy.code = code
    context.check(any(lie is not None and outcome.verdict == "VERIFIED" for _, lie, outcome in attacks(dummy, context, "dummy", 3)), f"lies: a verifier that overlooks {code} is noticed")
