"""A generator that tries to prove false things (tests/adversarial): a short run, and verifiers with a small fault that it must catch."""
from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from proofmark_testing.context import Context
from proofmark_testing.encodings import hexadecimal, parse_hexadecimal
from proofmark_testing.losses import EXACT
from proofmark_testing.verifier import Outcome, Verifier
from soundness.adversarial import attack

CASES = 2000
MODELS_FOR_A_DUMMY = 30


class Forgiving(Verifier):
    """Overlooks one reason."""

    code = ""

    def run(self, *arguments: object, **options: Any) -> Outcome:
        outcome = super().run(*arguments, **options)
        return Outcome(0, "s VERIFIED\n", "") if outcome.reason == self.code else outcome


class Optimist(Verifier):
    """Its upper ends are lower by 2^-60: one wrong rounding or two."""

    def run(self, *arguments: object, **options: Any) -> Outcome:
        outcome = super().run(*arguments, **options)
        return Outcome(outcome.exit, re.sub(r"(c step .*, )(0x[^]]*)", self.lowered, outcome.output), outcome.errors)

    @staticmethod
    def lowered(match: re.Match[str]) -> str:
        return match[1] + hexadecimal(parse_hexadecimal(match[2]) * (1 - Fraction(1, 2**60)), up=False, digits=32)


class Anxious(Verifier):
    """Refuses what is close."""

    def run(self, *arguments: object, **options: Any) -> Outcome:
        outcome = super().run(*arguments, **options)
        return Outcome(1, "s REJECTED\nc reason loss-upper at /steps/0/loss/1\n", "") if "0x1." in outcome.output else outcome


def test_cases(context: Context) -> None:
    verifier = Verifier(context.verifier.path, limit_memory=False)
    result, index = attack.Result(), 0
    while result.cases < CASES:
        result.merge(attack.run(verifier, 1, index))
        index += 1
    for why, _ in result.failures:
        context.check(False, f"adversarial: {why}")
    context.check.passed += result.cases - len(result.failures)
    kinds = {kind for _, kind in result.counts}
    for rule in attack.RULES[2]:
        without = {"search", "unproved"} | (set() if rule in EXACT else {"false: margin", "false: margin claim"})
        missing = [kind for kind in kinds - without if not result.counts[rule, kind]]
        context.check.equal(missing, [], f"adversarial: {rule} meets every kind of case")


def test_dummies(context: Context) -> None:
    found = {dummy: attack.Result() for dummy in ("loss-upper", "loss-lower", "correct-count", "claim-not-implied", Optimist, Anxious)}
    for dummy, result in found.items():
        if isinstance(dummy, str):
            verifier: Verifier = Forgiving(context.verifier.path, limit_memory=False)
            verifier.code = dummy
        else:
            verifier = dummy(context.verifier.path, limit_memory=False)
        for index in range(MODELS_FOR_A_DUMMY):
            result.merge(attack.run(verifier, 2, index))
        word = "needless" if dummy is Anxious else "UNSOUND" if dummy is Optimist else "FALSE AND VERIFIED"
        context.check(any(word in why for why, _ in result.failures), f"adversarial: dummy {dummy} is caught")
