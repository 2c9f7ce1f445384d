"""One unit in the last place: what the verifier computes is accepted when declared, and refused when moved by the least step.

`--verbose` prints each step's own enclosure; a certificate that declares exactly that must verify, and any end moved inward
by one unit of its last hexadecimal digit must not. Counts move by one, claims by their last decimal.
"""
from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from .. import attention_only
from ..certificates import Certificate, changed, claim, count, recount, render, value_at
from ..context import CORPUS, Context
from ..encodings import MIN_EXPONENT, floor_log2, hexadecimal, parse_hexadecimal
from ..lengths import UPPER_ONLY
from ..verifier import ENGINES, StepLine, step_lines

DIGITS = 32
WEAKEST = [claim("cross-entropy", "lower", "0")]
COUNTED = ("base", "dyadic", "random-03-V4-d1-n2-float64", "convexity-and-others-n2", "convexity-V3-n", "head-tail-everything-n2",
           "head-tail-everything-n3", "block-jensen-random-V3", "attention-every-rule.")
FROM_ABOVE = (*UPPER_ONLY, *attention_only.lengths.UPPER_ONLY)
ATTENTION = ("planted", "every-rule", "n20", "zero", "random")                   # of its many files those whose names have one of these


def run(context: Context) -> None:
    for path in sorted((CORPUS / "accept").glob("*.json")):
        if "forged" not in path.name and "provenance" not in path.name and ("attention" not in path.name or any(name in path.name for name in ATTENTION)):
            for engine in ENGINES:
                ends(context, path, engine)
    for name in COUNTED:
        for matched in sorted((CORPUS / "accept").glob(f"{name}*.json")):
            counts(context, matched)
    claims(context)


def verdict(context: Context, target: Certificate, *arguments: str) -> tuple[str, str | None]:
    path = context.temporary / "mutant.json"
    path.write_bytes(render(target))
    outcome = context.verifier.run(path, *arguments)
    return outcome.verdict, outcome.reason if outcome.verdict != "VERIFIED" else None


def rejected(code: str) -> tuple[str, str]:
    return "REJECTED", code


# -- interval ends and correct counts ------------------------------------------------------------------------------

def ends(context: Context, path: Path, engine: str) -> None:
    """The enclosures that decide under this engine, each declared exactly, then each of their ends and counts moved.

    What the exact engine leaves open the reference engine decides, so there a mutant must be beyond both.
    """
    target = json.loads(path.read_bytes())
    name = f"ulp: {path.stem} ({engine})"
    known = []
    for asked in ("reference", "exact") if engine == "exact" else ("reference",):
        outcome = context.verifier.run(path, "--engine", asked, "--verbose")
        own = step_lines(outcome)
        if not context.tally.equal(sorted(own), list(range(len(target["steps"]))), f"{name}: --verbose prints every step",
                                   outcome.shown()):
            return
        context.tally.equal(verdict(context, declared(target, own), "--engine", engine), ("VERIFIED", None), f"{name}: exactly what {asked} finds")
        known.append(own)
    lines = {i: [own[i] for own in known] for i in known[0]}
    for code, where, mutant in mutants(target | {"claims": WEAKEST}, lines):
        context.tally.equal(verdict(context, mutant, "--engine", engine), rejected(code), f"{name}: {where}")


def declared(target: Certificate, own: dict[int, StepLine]) -> Certificate:
    """Every step declares what its line says."""
    result = copy.deepcopy(target)
    result["claims"] = copy.deepcopy(WEAKEST)
    for i, step in enumerate(result["steps"]):
        step["loss"] = list(own[i].texts)
        if "correct" in step:
            step["correct"] = count(own[i].correct or 0)
    return recount(result)


def most_correct(lines: list[StepLine]) -> int:
    return max(line.correct or 0 for line in lines)


def mutants(target: Certificate, lines: dict[int, list[StepLine]]) -> Iterator[tuple[str, str, Certificate]]:
    """One end or count beyond what the lines of its step allow, the rest as the certificate has it."""
    loose = recount(copy.deepcopy(target))
    for i, own in lines.items():
        lo, hi = raised(max(line.lo for line in own)), min(line.hi for line in own)
        if lo <= hi:
            text = hexadecimal(lo, up=True, digits=DIGITS)
            code = "rule-direction" if loose["steps"][i]["rule"] in FROM_ABOVE else "loss-lower"
            yield code, f"step {i}, lower end up to {text}", changed(loose, f"/steps/{i}/loss/0", text)
            text = hexadecimal(lowered(hi), up=False, digits=DIGITS)
            yield "loss-upper", f"step {i}, upper end down to {text}", changed(loose, f"/steps/{i}/loss/1", text)
        if "correct" in loose["steps"][i]:
            yield "correct-count", f"step {i}, one more correct", changed(loose, f"/steps/{i}/correct", count(most_correct(own) + 1))


def raised(value: Fraction) -> Fraction:
    """The next number that FORMAT.md can write."""
    if value == 0:
        return Fraction(1, 2**-MIN_EXPONENT)
    return value + Fraction(2) ** (floor_log2(value) - 4 * DIGITS)


def lowered(value: Fraction) -> Fraction:
    exponent = floor_log2(value)
    below = exponent - 1 if value == Fraction(2) ** exponent else exponent
    return value - Fraction(2) ** (below - 4 * DIGITS)


# -- operation counts ----------------------------------------------------------------------------------------------

def counts(context: Context, path: Path) -> None:
    """Every count of a certificate, one more and one less; the totals follow where a step is changed."""
    target = json.loads(path.read_bytes())
    places = [f"/steps/{i}/operations/{kind}" for i, step in enumerate(target["steps"]) for kind in step["operations"]]
    places += [f"/operations/{part}/{kind}" for part in ("tables", "steps", "conclusion") for kind in target["operations"][part]]
    for place in [*places, "/operations/length"]:
        for by in (1, -1):
            moved = value_at(target, place) + by
            if moved < 0:
                continue
            mutant = changed(target, place, moved)
            if place.startswith("/steps"):
                mutant = recount(mutant)
            elif place != "/operations/length":
                mutant["operations"]["length"] += by
            context.tally.equal(verdict(context, mutant), rejected("operations-mismatch"), f"ulp: {path.stem} {place} {by:+d}")


# -- claims --------------------------------------------------------------------------------------------------------

def claims(context: Context) -> None:
    """With V^n a power of two the best claim can be written exactly; one more unit in its 60th decimal cannot hold."""
    for name in ("square", "dyadic", "random-03-V4-d1-n2-float64", "zero-float32"):
        for path in sorted((CORPUS / "accept").glob(f"{name}*.json")):
            target = coarse(json.loads(path.read_bytes()))
            inputs = target["task"]["vocabulary"] ** target["task"]["context"]
            sums = [sum(parse_hexadecimal(step["loss"][end]) for step in target["steps"]) for end in (0, 1)]
            correct = sum(step["correct"] for step in target["steps"])
            for quantity, direction, best, worse in (
                    ("cross-entropy", "upper", sums[1] / inputs, -1), ("cross-entropy", "lower", sums[0] / inputs, 1),
                    ("accuracy", "lower", Fraction(correct, inputs), 1)):
                exact, beyond = (claimed(target, quantity, direction, best + Fraction(units, 10**60)) for units in (0, worse))
                context.tally.equal(verdict(context, exact), ("VERIFIED", None), f"ulp: {path.stem} {quantity} {direction} exactly")
                code = "claim-range" if best == 1 and quantity == "accuracy" else "claim-not-implied"
                context.tally.equal(verdict(context, beyond), rejected(code), f"ulp: {path.stem} {quantity} {direction} beyond")


def coarse(target: Certificate) -> Certificate:
    """Interval ends of eight hexadecimal digits, wider than they were: their mean has a short decimal."""
    for step in target["steps"]:
        lo, hi = (parse_hexadecimal(end) for end in step["loss"])
        step["loss"] = [hexadecimal(lo, up=False, digits=8), hexadecimal(hi, up=True, digits=8)]
    return target


def claimed(target: Certificate, quantity: str, direction: str, value: Fraction) -> Certificate:
    scaled = value * 10**60
    assert scaled.denominator == 1, "the best claim has more than 60 decimals"
    whole, fraction = divmod(int(scaled), 10**60)
    return recount(changed(target, "/claims", [claim(quantity, direction, f"{whole}.{fraction:060d}")]))
