"""One unit in the last place: what the verifier computes is accepted when declared, and refused when moved by the least step.

`--verbose` prints each step's own enclosures; a certificate that declares exactly these must verify, and any end moved inward
by one unit of its last hexadecimal digit must not. Counts and budgets move by one, claims by their last decimal.
"""
from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from proofmark_testing.certificates import Certificate, changed, claim, count, input_count, length, render
from proofmark_testing.context import Context
from proofmark_testing.encodings import MIN_EXPONENT, floor_log2, parse_hexadecimal, signed_hexadecimal, written_decimal
from proofmark_testing.verifier import StepLine, step_lines

DIGITS = 32
WEAKEST = [claim("length", "upper", str(2**50))]
FROM_ABOVE = ("convexity@1", "block-jensen@1", "soft-near-far@1")


def verdict(context: Context, target: Certificate, *arguments: str) -> tuple[str, str | None]:
    path = context.temporary / "mutant.json"
    path.write_bytes(render(target))
    outcome = context.verifier.run(path, *arguments)
    return outcome.verdict, outcome.reason if outcome.verdict != "VERIFIED" else None


def rejected(code: str) -> tuple[str, str]:
    return "REJECTED", code


# -- interval ends and correct counts ------------------------------------------------------------------------------

def ends(context: Context, path: Path, engine: str) -> None:
    """The enclosures that decide under this engine, each declared exactly, then each of their ends, counts and margins moved.

    What the fast engine leaves open the reference engine decides, so there a mutant must be beyond both.
    """
    target = json.loads(path.read_bytes())
    name = f"ulp: {path.stem} ({engine})"
    known = []
    for asked in ("reference", "fast") if engine == "fast" else ("reference",):
        outcome = context.verifier.run(path, "--engine", asked, "--verbose")
        own = step_lines(outcome)
        if not context.check.equal(sorted(own), list(range(len(target["steps"]))), f"{name}: --verbose prints every step",
                                   outcome.shown()):
            return
        context.check.equal(verdict(context, declared(target, own), "--engine", engine), ("VERIFIED", None), f"{name}: exactly what {asked} finds")
        known.append(own)
    lines = {i: [own[i] for own in known] for i in known[0]}
    for code, where, mutant in mutants(target | {"claims": WEAKEST}, lines):
        context.check.equal(verdict(context, mutant, "--engine", engine), rejected(code), f"{name}: {where}")


def declared(target: Certificate, own: dict[int, StepLine]) -> Certificate:
    """Every step declares what its line says, as far as the format's digits go."""
    result = copy.deepcopy(target)
    result["claims"] = copy.deepcopy(WEAKEST)
    for i, step in enumerate(result["steps"]):
        if "loss" in step:
            step["loss"] = [signed_hexadecimal(own[i].lo, up=False, digits=DIGITS), signed_hexadecimal(own[i].hi, up=True, digits=DIGITS)]
        if "correct" in step:
            step["correct"] = [count(number) for number in own[i].correct]
        if "margin" in step:
            step["margin"] = signed_hexadecimal(own[i].margin, up=False, digits=DIGITS)
    return result


def mutants(target: Certificate, lines: dict[int, list[StepLine]]) -> Iterator[tuple[str, str, Certificate]]:
    """One end, count or margin beyond what the lines of its step allow, the rest as the certificate has it."""
    for i, own in lines.items():
        step = target["steps"][i]
        if "loss" in step:
            lo, hi = above(max(line.lo for line in own)), min(line.hi for line in own)
            if lo <= hi:
                text = signed_hexadecimal(lo, up=True, digits=DIGITS)
                yield ("rule-direction" if step["rule"] in FROM_ABOVE else "loss-lower"), f"step {i}, lower end up to {text}", changed(target, f"/steps/{i}/loss/0", text)
                text = signed_hexadecimal(below(hi), up=False, digits=DIGITS)
                yield "loss-upper", f"step {i}, upper end down to {text}", changed(target, f"/steps/{i}/loss/1", text)
        if "correct" in step:
            least, most = max(line.correct[0] for line in own), min(line.correct[1] for line in own)
            if least < most:
                yield "correct-count", f"step {i}, one more correct", changed(target, f"/steps/{i}/correct", [count(least + 1), count(most)])
                yield "correct-count", f"step {i}, one fewer correct", changed(target, f"/steps/{i}/correct", [count(least), count(most - 1)])
            else:
                yield "correct-count", f"step {i}, one more correct", changed(target, f"/steps/{i}/correct", [count(least + 1), count(most + 1)])
                if least > 0:
                    yield "correct-count", f"step {i}, one fewer correct", changed(target, f"/steps/{i}/correct", [count(least - 1), count(most - 1)])
        if "margin" in step:
            text = signed_hexadecimal(above(max(line.margin for line in own)), up=True, digits=DIGITS)
            yield "margin", f"step {i}, margin up to {text}", changed(target, f"/steps/{i}/margin", text)


def above(value: Fraction) -> Fraction:
    """The next number that FORMAT.md can write."""
    if value < 0:
        return -below(-value)
    if value == 0:
        return Fraction(1, 2**-MIN_EXPONENT)
    return value + Fraction(2) ** (floor_log2(value) - 4 * DIGITS)


def below(value: Fraction) -> Fraction:
    """The one before it, above zero."""
    exponent = floor_log2(value)
    lower = exponent - 1 if value == Fraction(2) ** exponent else exponent
    return value - Fraction(2) ** (lower - 4 * DIGITS)


# -- budgets -------------------------------------------------------------------------------------------------------

def counts(context: Context, path: Path) -> None:
    """What is performed is enough, one operation less is not, of each step and of the tables; and so is a claim of the length."""
    target = json.loads(path.read_bytes()) | {"claims": WEAKEST}
    receipt = context.temporary / "counts.json"
    outcome = context.verifier.run(path, "--verbose", "--receipt", receipt)
    own = step_lines(outcome)
    if not context.check.equal(sorted(own), list(range(len(target["steps"]))), f"ulp: {path.stem}: --verbose prints every step", outcome.shown()):
        return
    concluded = length(json.loads(path.read_bytes())) - json.loads(path.read_bytes())["tables"]["operations"] - sum(line.budget for line in own.values())
    target["tables"]["operations"] = json.loads(receipt.read_bytes())["operations"]["length"] - concluded - sum(line.operations for line in own.values())
    for i, step in enumerate(target["steps"]):
        step["operations"] = max(1, own[i].operations)
    for code, by in ((("VERIFIED", None), 0), (rejected("claim-not-implied"), 1)):
        claimed = changed(target, "/claims", [claim("length", "upper", str(length(target) - by))])
        context.check.equal(verdict(context, claimed), code, f"ulp: {path.stem} length {-by:+d}")
    for place, performed in (("/tables/operations", target["tables"]["operations"]), *((f"/steps/{i}/operations", own[i].operations) for i in own)):
        if performed > 1:
            context.check.equal(verdict(context, changed(target, place, performed - 1)), rejected("operations-budget"), f"ulp: {path.stem} {place} -1")


# -- claims --------------------------------------------------------------------------------------------------------

def best_claims(target: Certificate) -> Iterator[tuple[str, str, Fraction]]:
    steps, inputs = target["steps"], input_count(target)
    for end, direction in ((1, "upper"), (0, "lower")):
        yield "cross-entropy", direction, sum(parse_hexadecimal(step["loss"][end]) for step in steps) / inputs
        best = Fraction(sum(int(step["correct"][end]) for step in steps), inputs)
        if direction == "lower" or 0 < best:
            yield "accuracy", direction, best
    if "margin" in steps[0]:
        yield "margin", "lower", min(parse_hexadecimal(step["margin"]) for step in steps)


def coarse(target: Certificate) -> Certificate:
    """Ends of eight hexadecimal digits, wider than they were: they have short decimals."""
    for step in target["steps"]:
        lo, hi = (parse_hexadecimal(end) for end in step["loss"])
        step["loss"] = [signed_hexadecimal(lo, up=False, digits=8), signed_hexadecimal(hi, up=True, digits=8)]
        if "margin" in step:
            step["margin"] = signed_hexadecimal(parse_hexadecimal(step["margin"]), up=False, digits=8)
    return target


def claimed(target: Certificate, quantity: str, direction: str, value: Fraction, units: int) -> Certificate:
    """The value, moved by so many units of its 60th decimal."""
    scaled = value * 10**60
    assert scaled.denominator == 1, "the best claim has more than 60 decimals"
    return changed(target, "/claims", [claim(quantity, direction, written_decimal(int(scaled) + units, 60))])
