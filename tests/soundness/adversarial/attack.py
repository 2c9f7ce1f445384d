"""One model, one rule: true things that must be verified, false things that must not, and a search for witnesses that deceive."""
from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from gmpy2 import mpq

from proofmark_testing.certificates import BUDGET, Certificate, assembled, claim, count, render
from proofmark_testing.encodings import hexadecimal, signed_hexadecimal, written_decimal
from proofmark_testing.losses import EXACT, UPPER_ONLY
from proofmark_testing.models import architecture, logit_matrix, shape
from proofmark_testing.verifier import ENGINES, Outcome, StepLine, Verifier, step_lines, well_formed
from proofmark_testing.witnesses import Hints, Witnesses
from rules.token_sum.second_opinion import block_jensen, enclosure, head_tail
from rules.token_sum.second_opinion.witnesses import Witnesses as OfPage
from . import cunning, extremes, reality

BITS = 450
MORE_BITS = 5000
SLACK = Fraction(1, 2**50)
DIGITS = 32
NEGLIGIBLE, FAR = Fraction(1, 2**900), 2**900    # of no interest to the search: too small or too large for a double
LOOSE = ("0x0p+0", "0x1p+16383")
BEYOND = 2**4000                                  # a sum that a verifier need not hold
RULES = {1: ("enumeration@1", "symmetry@1", "convexity@1"), 2: ("enumeration@1", "symmetry@1", "convexity@1", "head-tail@1", "head-tail@1",
         "block-jensen@1", "block-jensen@1")}
LARGER = ("enumeration@1", "symmetry@1", "convexity@1", "head-tail@1", "head-tail@1", "head-tail@1")
LOWEST = "-0x1p+16383"
FALSE_CODES = {"loss-lower", "loss-upper", "rule-direction", "interval-reversed", "correct-count", "margin", "claim-not-implied", "claim-range"}


def exact(x: mpq) -> Fraction:
    return Fraction(int(x.numerator), int(x.denominator))


@dataclass
class Result:
    """Counts by rule and kind, how near to the truth the verifier's own upper ends came, and what went wrong.

    Every kind but "enclosures" counts verifier runs.
    """

    counts: Counter = field(default_factory=Counter)
    nearest: dict[tuple[str, str], float] = field(default_factory=dict)
    failures: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return sum(count for (_, kind), count in self.counts.items() if kind != "enclosures")

    def merge(self, other: Result) -> None:
        self.counts += other.counts
        self.failures += other.failures
        for key, gap in other.nearest.items():
            self.nearest[key] = min(gap, self.nearest.get(key, math.inf))

    def table(self) -> str:
        kinds = sorted({kind for _, kind in self.counts})
        lines = [f"{'rule':16}" + "".join(f"{kind:>20}" for kind in kinds) + f"{'nearest, fast':>20}{'reference':>12}"]
        for rule in sorted({rule for rule, _ in self.counts}):
            nearest = [self.nearest.get((rule, engine), math.inf) for engine in ENGINES]
            lines.append(f"{rule:16}" + "".join(f"{self.counts[rule, kind]:20d}" for kind in kinds) + f"{nearest[0]:20.1e}{nearest[1]:12.1e}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Unit:
    """The labels of a step: the true sum of the loss, and what the rule's theorem bounds it by; a size that widths are relative to.

    Each number is enclosed. A rule that is an equality bounds the sum by itself.
    """

    labels: tuple[int, int]
    truth: tuple[Fraction, Fraction]
    below: tuple[Fraction, Fraction]
    above: tuple[Fraction, Fraction]
    size: Fraction
    inputs: int
    correct: int                                 # true
    shown: tuple[int, int]                       # what the rule shows, with room: at least, at most
    margin: Fraction | None                      # true, where the rule has one

    def honest(self) -> tuple[str, str]:
        slack = self.size * SLACK
        low, high = max(Fraction(0), self.below[0] - slack), self.above[1] + slack
        return hexadecimal(low, up=False, digits=DIGITS), hexadecimal(high, up=True, digits=DIGITS)

    def stated(self) -> Stated:
        margin = LOWEST if self.margin is None else signed_hexadecimal(self.margin - self.size * SLACK, up=False, digits=DIGITS)
        return Stated(self.labels, self.honest(), self.shown, margin)


@dataclass(frozen=True)
class Stated:
    """What a step declares, where it declares such."""

    labels: tuple[int, int]
    loss: tuple[str, str] = LOOSE
    correct: tuple[int, int] | None = None       # none: anything from none to all
    margin: str = LOWEST


class Attack:
    """Case `index` of a run; everything about it follows from seed and index."""

    def __init__(self, verifier: Verifier, seed: int, index: int) -> None:
        self.rng, self.verifier, self.result = random.Random(f"{seed}/{index}"), verifier, Result()
        self.kind, self.weights, self.n = extremes.draw(self.rng)
        self.V, self.d = shape(self.weights)
        self.M = [[mpq(value) for value in row] for row in logit_matrix(self.weights)]
        self.rule = self.rng.choice(RULES.get(self.n, LARGER))
        self.with_correct = self.rng.random() < 0.5
        self.truths: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
        self.with_margin = self.rule in EXACT and self.V > 1 and self.rng.random() < 0.7
        self.engine = "fast" if self.rng.random() < 0.5 else "reference"
        self.given = self.witnesses()
        self.title = f"case {seed}/{index}: {self.rule}, {self.kind}, V={self.V} d={self.d} n={self.n}, {self.engine}"

    def witnesses(self) -> Witnesses:
        if self.rule == "head-tail@1":
            return cunning.head_tail(self.rng, cunning.exponentials(self.M), self.n)
        return cunning.blocks(self.rng, cunning.exponentials(self.M)) if self.rule == "block-jensen@1" else {}

    def run(self) -> Result:
        self.units = [self.unit(labels) for labels in self.ranges()]
        if any(unit.above[1] > BEYOND for unit in self.units):
            return self.result
        self.honest()
        if self.given:
            self.search(self.rng.randint(2, 8))
        for _lie in range(4):
            self.lie()
        return self.result

    # -- certificates ----------------------------------------------------------------------------------------------

    def ranges(self) -> list[tuple[int, int]]:
        """A step for each label, or for each block."""
        if self.rule == "block-jensen@1":
            return [(p, q) for _, p, q in Hints(self.given, self.n, self.V).blocks_of((0, self.V))]
        return [(y, y + 1) for y in range(self.V)]

    def certificate(self, parts: list[Stated], claimed: list[dict[str, str]] | None, given: Witnesses | None = None) -> Certificate:
        steps = []
        for i, part in enumerate(parts):
            correct = part.correct or (0, part.labels[1] ** self.n - part.labels[0] ** self.n)
            steps.append({"id": i, "rule": self.rule, "labels": list(part.labels), "loss": list(part.loss)}
                         | ({"correct": [count(end) for end in correct]} if self.with_correct else {})
                         | ({"margin": part.margin} if self.with_margin else {}) | {"operations": BUDGET})
        result = assembled(architecture(self.n), self.weights, self.n, self.V, steps, self.given if given is None else given)
        return result if claimed is None else result | {"claims": claimed}

    def ask(self, kind: str, target: Certificate, *arguments: str) -> tuple[Outcome, bytes]:
        content = render(target)
        outcome = self.verifier.run("-", "--threads", "1", "--engine", self.engine, *arguments, stdin=content)
        self.result.counts[self.rule, kind] += 1
        if wrong := well_formed(outcome):
            self.fail(f"{kind}: {wrong} {outcome.shown()}", content)
        return outcome, content

    def fail(self, why: str, content: bytes) -> None:
        self.result.failures.append((f"{self.title}: {why}", content))

    # -- what is true ----------------------------------------------------------------------------------------------

    def unit(self, labels: tuple[int, int]) -> Unit:
        hints, zero = Hints(self.given, self.n, self.V), (Fraction(0), Fraction(0))
        if labels not in self.truths:
            self.truths[labels] = reality.loss_sum(self.M, self.n, labels, BITS).ends()
        truth = self.truths[labels]
        inputs = labels[1] ** self.n - labels[0] ** self.n
        terms = sum((self.n * (y + 1) ** (self.n - 1) * sum(max(self.M[a]) - self.M[a][y] for a in range(y + 1)) for y in range(*labels)), mpq(0))
        size = inputs * (self.V + self.n) + int(math.ceil(terms)) + math.ceil(truth[1])
        correct = enclosure.correct_inputs(self.M, self.n, labels) if self.with_correct else 0
        margin = exact(enclosure.least_margin(self.M, self.n, labels)) if self.with_margin else None
        below = above = truth
        if self.rule == "convexity@1":
            below, above = zero, both(*enclosure.convexity_bound(self.M, self.n, labels, BITS))
        elif self.rule == "block-jensen@1":
            bound = block_jensen.BlockJensen(self.M, second_hints(hints), BITS).bound(labels)
            below, above = zero, both(bound.lo, bound.hi)
            size += labels[1] * self.V * sum(map(log_size, hints.block_multipliers))
        elif self.rule == "head-tail@1":
            rule = head_tail.HeadTail(self.M, second_hints(hints), BITS)
            lower, upper = rule.bounds(labels)
            below, above = both(lower.lo, lower.hi), both(upper.lo, upper.hi)
            size += sum(reality.fraction(rule.total(y).hi) for y in range(*labels)) + sum(map(log_size, (hints.token_multipliers or []))) * inputs
        size = Fraction(math.ceil(size + above[1]))
        return Unit(labels, truth, below, above, size, inputs, correct, self.shown(labels, above[1], inputs, size) if self.with_correct else (0, inputs), margin)

    def shown(self, labels: tuple[int, int], above: Fraction, inputs: int, size: Fraction) -> tuple[int, int]:
        """How many correct inputs the rule shows at least and at most, with room."""
        if self.rule in UPPER_ONLY:
            return max(0, inputs - math.floor((above + size * SLACK) / Fraction(math.log(2)) * (1 + SLACK))), inputs
        least, most, rule = 0, 0, None
        if self.rule == "head-tail@1":
            rule = head_tail.HeadTail(self.M, second_hints(Hints(self.given, self.n, self.V)), BITS)
        for y in range(*labels):
            for t, times in enclosure.inputs(self.n, y):
                margin = (1 + sum(max(self.M[a]) - min(self.M[a]) for a in t)) / mpq(2**48)
                t = tuple(sorted(t))
                if rule and not rule.hints.is_exact(rule.hints.level(t)):
                    least += times * (mpq(rule.ends(t)[1].hi) * (1 + margin) < 2 * mpq(rule.product(t, y).lo))
                else:
                    behind = enclosure.margins(self.M, t, y)
                    least += times * all(m < -margin for m in behind)
                    most += times * all(m < margin for m in behind)
        return int(least), int(most) if self.rule in EXACT else inputs

    def is_within(self, unit: Unit, line: StepLine) -> bool:
        below, above = unit.truth
        return line.lo <= below and above <= line.hi or any(reality.loss_sum(self.M, self.n, unit.labels, bits).is_between(line.lo, line.hi)
                                                            for bits in (BITS, MORE_BITS))

    def contained(self, outcome: Outcome, content: bytes) -> float:
        """Checks the verifier's own enclosures; returns how near its upper ends come to the truth, relative to 1 + truth."""
        lines, nearest = step_lines(outcome), math.inf
        if sorted(lines) != list(range(len(self.units))):
            self.fail(f"--verbose lacks steps: {outcome.shown()}", content)
            return nearest
        for i, unit in enumerate(self.units):
            self.result.counts[self.rule, "enclosures"] += 1
            if not self.is_within(unit, lines[i]):
                self.fail(f"UNSOUND: step {i}: {lines[i].texts} does not contain {float(unit.truth[0])!r}", content)
            if self.with_correct and not lines[i].correct[0] <= unit.correct <= lines[i].correct[1]:
                self.fail(f"UNSOUND: step {i}: {lines[i].correct} correct inputs, and there are {unit.correct}", content)
            if unit.margin is not None and lines[i].margin > unit.margin:
                self.fail(f"UNSOUND: step {i}: a margin of {float(lines[i].margin)!r}, and it is {float(unit.margin)!r}", content)
            if unit.truth[0] > NEGLIGIBLE:
                nearest = min(nearest, float(min(FAR, (lines[i].hi - unit.truth[1]) / (1 + unit.truth[1]))))
        key = (self.rule, self.engine)
        self.result.nearest[key] = min(nearest, self.result.nearest.get(key, math.inf))
        return nearest

    # -- honesty ---------------------------------------------------------------------------------------------------

    def honest(self) -> None:
        """What the rule's theorem gives, with slack, must be verified; the verifier's own ends are no better than the theorem's."""
        target = self.certificate([unit.stated() for unit in self.units], None)
        outcome, content = self.ask("true", target, "--verbose")
        for unit in self.units:
            if unit.below[0] > unit.truth[1] or unit.truth[0] > unit.above[1]:
                self.fail(f"UNSOUND THEOREM: {unit}", content)
        if outcome.verdict != "VERIFIED":
            self.fail(f"needless refusal: {outcome.shown()}", content)
            return
        self.contained(outcome, content)
        lines = step_lines(outcome)
        for i, unit in enumerate(self.units):
            if i in lines and (lines[i].hi < unit.above[0] - self.of_shifts(unit) or lines[i].lo > unit.below[1]):
                self.fail(f"UNSOUND: step {i}: {lines[i].texts} is better than the theorem's {float(unit.below[0])!r}, {unit.above[0]}", content)

    def of_shifts(self, unit: Unit) -> Fraction:
        """By how much a total differs where exponentials are shifted by what is near the largest logit, and not by that."""
        if self.rule != "head-tail@1" or "token-multipliers" not in self.given:
            return Fraction(0)
        return unit.size * SLACK * math.ceil(max(abs(value) for row in self.M for value in row))

    def search(self, tries: int) -> None:
        """Moves witnesses so that the verifier's own upper end comes nearer to the truth, and past it if it can."""
        best, nearest = self.given, math.inf
        for attempt in range(tries):
            given = cunning.altered(self.rng, best, self.V) if attempt else best
            parts = [Stated(unit.labels) for unit in self.units]
            outcome, content = self.ask("search", self.certificate(parts, [claim("cross-entropy", "lower", "0")], given), "--verbose")
            if outcome.reason == "limit-logit-range" and given:
                continue                                 # multipliers so large that no total holds them
            if outcome.verdict != "VERIFIED":
                self.fail(f"needless refusal in search: {outcome.shown()}", content)
                continue
            gap = self.contained(outcome, content)
            if gap < nearest:
                best, nearest = given, gap
        if best is not self.given:
            self.given = best
            self.units = [self.unit(unit.labels) for unit in self.units]
            self.honest()

    # -- lies ------------------------------------------------------------------------------------------------------

    def lie(self) -> None:
        """One step beyond the truth, from a hair to a part; or honest steps and a claim beyond them."""
        i = self.rng.randrange(len(self.units))
        unit, hair = self.units[i], Fraction(1, 2 ** self.rng.randint(1, 118))
        parts = [one.stated() for one in self.units]
        way = self.rng.choice(["upper", "upper", "lower", "claim"] + ["unproved"] * (0 if self.rule in EXACT else 3)
                              + ["correct", "correct", "most", "most"] * self.with_correct + ["margin", "margin claim"] * self.with_margin)
        if way == "upper" and unit.truth[0] > 0:
            high = hexadecimal(unit.truth[0] * (1 - hair), up=False, digits=DIGITS)
            parts[i] = Stated(unit.labels, (self.rng.choice((LOOSE[0], high)) if self.rule not in UPPER_ONLY else LOOSE[0], high))
        elif way == "lower":
            low = hexadecimal(unit.truth[1] * (1 + hair), up=True, digits=DIGITS) if unit.truth[1] > 0 else "0x1p-16383"
            parts[i] = Stated(unit.labels, (low, LOOSE[1]))
        elif way == "unproved":
            # Perhaps true, and more than the theorem says.
            if self.rule in UPPER_ONLY or self.rng.random() < 0.6:
                parts[i] = Stated(unit.labels, (LOOSE[0], hexadecimal(unit.above[0] * (1 - hair), up=False, digits=DIGITS)))
                if unit.above[0] == 0:
                    return
            else:
                low = hexadecimal(unit.below[1] * (1 + hair), up=True, digits=DIGITS) if unit.below[1] > 0 else "0x1p-16383"
                parts[i] = Stated(unit.labels, (low, LOOSE[1]))
        elif way == "correct":
            parts[i] = replace(parts[i], correct=(unit.correct + 1, max(unit.correct + 1, unit.inputs)))
        elif way == "most" and unit.correct > 0:
            parts[i] = replace(parts[i], correct=(self.rng.choice((0, min(unit.shown[0], unit.correct - 1))), unit.correct - 1))
        elif way == "margin":
            parts[i] = replace(parts[i], margin=signed_hexadecimal(unit.margin + hair * unit.size, up=True, digits=DIGITS))
        elif way == "margin claim":
            self.false_margin(parts)
            return
        else:
            self.false_claim(parts)
            return
        claimed = [claim("cross-entropy", "lower", "0")] if self.rng.random() < 0.5 else None
        self.refused("unproved" if way == "unproved" else f"false: {way}", parts, FALSE_CODES, claimed)

    def false_margin(self, parts: list[Stated]) -> None:
        """Honest steps, and a claim just beyond the least of their margins."""
        units = math.floor(min(unit.margin for unit in self.units) * 10**60) + self.rng.choice((1, 10**10, 10**40, 10**60))
        if abs(units) < 10**80:
            self.refused("false: margin claim", parts, FALSE_CODES, [claim("margin", "lower", written_decimal(units, 60))])

    def false_claim(self, parts: list[Stated]) -> None:
        """A claim just beyond the truth, to 60 decimals."""
        inputs, up = self.V**self.n, self.rng.random() < 0.6
        mean = sum((unit.truth[0 if up else 1] for unit in self.units), Fraction(0)) / inputs
        hair = Fraction(1, 10 ** self.rng.randint(3, 60))
        scaled = mean * (1 - hair if up else 1 + hair) * 10**60
        units = math.floor(scaled) if up else math.ceil(scaled) + 1
        if mean == 0 and up or units >= 10**80:
            return
        bound = written_decimal(units, 60)
        if not up:
            parts = [replace(part, loss=(LOOSE[0], part.loss[1])) if self.rule in UPPER_ONLY else part for part in parts]
        self.refused("false: claim", parts, FALSE_CODES, [claim("cross-entropy", "upper" if up else "lower", bound)])

    def refused(self, kind: str, parts: list[Stated], codes: set[str], claimed: list[dict[str, str]] | None) -> None:
        outcome, content = self.ask(kind, self.certificate(parts, claimed))
        if outcome.verdict == "VERIFIED":
            self.fail(f"FALSE AND VERIFIED ({kind})", content)
        elif outcome.reason not in codes:
            self.fail(f"{kind}: refused for {outcome.reason}: {outcome.shown()}", content)


def both(lo: Any, hi: Any) -> tuple[Fraction, Fraction]:
    """The ends of what cannot be negative."""
    return max(Fraction(0), reality.fraction(lo)), max(Fraction(0), reality.fraction(hi, up=True))


def log_size(number: Fraction) -> Fraction:
    return Fraction(0) if number == 0 else Fraction(abs(math.log2(number.numerator) - math.log2(number.denominator)))


def second_hints(hints: Hints) -> Any:
    """The witnesses as the second opinion names them."""
    def exact(numbers: list[Fraction] | None) -> list[Any] | None:
        return None if numbers is None else [mpq(x) for x in numbers]
    return OfPage(
        n=hints.n, V=hints.V, heads=hints.heads, sizes=hints.sizes, levels=hints.levels or None, groups=hints.groups,
        weights=exact(hints.weights), token_multipliers=exact(hints.token_multipliers), label_multipliers=exact(hints.label_multipliers),
        blocks=hints.blocks, block_multipliers=exact(hints.block_multipliers))


def run(verifier: Verifier, seed: int, index: int) -> Result:
    return Attack(verifier, seed, index).run()
