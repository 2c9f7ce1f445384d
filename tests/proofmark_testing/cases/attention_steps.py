"""Steps of the shape attention-only that say more than their rule gives."""
from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from fractions import Fraction

from rules.attention.bounds import UPPER_ONLY, WITHOUT_LOSS, Bounds, best_gaps, bounds, labels
from rules.attention.certificates import certificate
from rules.attention.models import copying
from rules.attention.witnesses import Hints, filled, gaps, heads, joint, near
from ..certificates import Certificate, changed, claim, claims, count, value_at
from ..encodings import decimal_bound
from ..losses import WIDENING
from ..witnesses import Witnesses
from .attention_accepted import RULES, zeros
from .case import Case, case
from .claims import WEAKEST, with_claims
from .head_tail import with_end

V, N = 5, 3
BOTH_SIDES = ("enumeration@1", "placements@1")


def weights():
    return copying(random.Random("attention, planted"), V, N, slope=1.2, copy=4.0, noise=0.6)


def given_for(rule: str) -> Witnesses:
    several = near([0, 1, 1, 2, 2])
    with_heads = several | heads([[(m + 2) % V] for m in range(V)]) | joint([0, 1, 0, 1, 1])
    return {"near-far@1": with_heads, "band@1": with_heads, "soft-near-far@1": with_heads, "placements@1": several | filled([0, 1, 2, 1, 0]),
            "subcubic@1": gaps(V, N, best_gaps(weights()))}.get(rule, {})


@functools.cache
def planted(rule: str) -> Certificate:
    """Two steps; faults go into the second, of the labels 3 and 4."""
    return certificate(weights(), [(rule, 0, 3), (rule, 3, V)], True, given_for(rule))


@functools.cache
def found(rule: str) -> Bounds:
    listed, hints = labels(weights()), Hints(given_for(rule), V, N)
    each = [bounds(rule, label, hints) for label in listed[3:]]
    return Bounds(*(sum(getattr(one, name) for one in each) for name in (("correct",) if rule in WITHOUT_LOSS else ("correct", "lower", "upper"))))


def cases() -> Iterator[Case]:
    for rule in RULES:
        yield case("accept", f"attention-{short(rule)}-planted", planted(rule))
        yield from too_tight(rule)
        yield from too_many_correct(rule)
        yield case("operations-budget", f"attention-{short(rule)}-16", changed(planted(rule), "/steps/1/operations", 16))
    yield from not_implied()


def short(rule: str) -> str:
    return rule.removesuffix("@1")


def too_tight(rule: str) -> Iterator[Case]:
    if rule in WITHOUT_LOSS:
        for name, loss in (("", ["0x0p+0", "0x1p+16383"]), ("-0", ["0x0p+0", "0x0p+0"]), ("-lower", ["0x1p-30", "0x1p+10"])):
            stated = [step | {"loss": loss} for step in planted(rule)["steps"]]
            yield case("rule-loss", f"attention-{short(rule)}{name}", with_claims(changed(planted(rule), "/steps", stated), WEAKEST))
        return
    truth = found("enumeration@1").upper
    bound = found(rule)
    yield case("loss-upper", f"attention-{short(rule)}-just-below-its-bound", with_end(planted(rule), 1, bound.upper * (1 - WIDENING)))
    if rule in BOTH_SIDES:
        yield case("loss-lower", f"attention-{short(rule)}-just-above-its-bound", with_end(planted(rule), 0, bound.lower * (1 + WIDENING)))
    if rule in UPPER_ONLY:
        for name, lower in (("smallest", "0x1p-16383"), ("true", "0x1p-30")):
            yield case("rule-direction", f"attention-{short(rule)}-{name}", with_claims(changed(planted(rule), "/steps/1/loss/0", lower), WEAKEST))
    if rule != "enumeration@1":
        assert truth * (1 + Fraction(1, 2**10)) < bound.upper
        yield case("loss-upper", f"attention-{short(rule)}-true-but-below-its-bound", with_end(planted(rule), 1, truth * (1 + Fraction(1, 2**20))))


def loosened(rule: str, *correct: int | str) -> Certificate:
    return with_claims(changed(planted(rule), "/steps/1/correct", list(correct)), WEAKEST)


def too_many_correct(rule: str) -> Iterator[Case]:
    (stated, most), truth, inputs = value_at(planted(rule), "/steps/1/correct"), found("enumeration@1").correct, V**N - 3**N
    assert most == (truth if rule == "enumeration@1" else inputs)
    assert stated == found(rule).correct and (0 < stated < truth or rule in BOTH_SIDES or rule == "soft-near-far@1"), (rule, stated, truth)
    numbers = {"one-more": stated + 1, "all": inputs, "one-more-than-all": inputs + 1}
    if stated < truth:
        numbers["true-but-not-by-its-rule"] = truth
    for name, number in numbers.items():
        if number > stated:
            yield case("correct-count", f"attention-{short(rule)}-{name}", loosened(rule, number, max(number, most)))
    yield case("correct-count", f"attention-{short(rule)}-beyond-2-to-63", loosened(rule, count(2**63 + stated), count(2**63 + stated)))
    yield case("correct-count", f"attention-{short(rule)}-one-less-at-most", loosened(rule, 0, most - 1))
    if truth < most - 1:
        yield case("correct-count", f"attention-{short(rule)}-true-at-most-but-not-shown", changed(planted(rule), "/steps/1/correct/1", truth))
    two = {"near-far@1": near([0, 1]), "band@1": near([0, 1]), "soft-near-far@1": near([0, 1]), "placements@1": near([0, 1]) | filled([1, 1]),
           "subcubic@1": gaps(2, 2, [0, 0, 0, 0, 1, 0, 0, 1])}.get(rule, {})
    yield case("correct-count", f"attention-{short(rule)}-ties", changed(certificate(zeros(2, 2), [(rule, 0, 2)], True, two), "/steps/0/correct/0", 1))


# -- claims --------------------------------------------------------------------------------------------------------

def not_implied() -> Iterator[Case]:
    for rule in RULES:
        target = planted(rule)
        correct = sum(one["correct"][0] for one in target["steps"])
        above = claim("accuracy", "lower", decimal_bound(Fraction(correct + 1, V**N), up=False))
        yield case("claim-not-implied", f"attention-{short(rule)}-accuracy-one-input-above", with_claims(target, [above]))
        if rule not in WITHOUT_LOSS:
            upper = less(claims(target)[0]["bound"])
            yield case("claim-not-implied", f"attention-{short(rule)}-upper-last-digit", with_claims(target, [claim("cross-entropy", "upper", upper)]))


def less(bound: str) -> str:
    """The last of 12 decimals one less."""
    whole, _, decimals = bound.partition(".")
    return f"{int(whole + decimals) - 1:013d}"[:-12] + "." + f"{int(whole + decimals) - 1:013d}"[-12:]
