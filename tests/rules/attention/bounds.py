"""What each rule gives for a label, by the programs of paper/ with 50 digits: not rigorous, so what is declared is widened."""
from __future__ import annotations

import importlib
from collections.abc import Callable
from fractions import Fraction
from types import ModuleType
from typing import Any, NamedTuple

from .models import Model, numbers
from .witnesses import Hints

WHOLE = 1 + Fraction(1, 10**40)                  # what is so near a whole number counts as that number
TIED = Fraction(1, 10**30)                       # a margin this small is none


class Bounds(NamedTuple):
    """Of one label: its correct inputs, its loss if the rule bounds it, and of `enumeration@1` its least margin."""

    correct: int
    lower: Fraction | None = None
    upper: Fraction | None = None
    ties: int = 0
    margin: Fraction | None = None


def oracle(name: str) -> ModuleType:
    """A module of paper/, whose libraries take a second to load."""
    return importlib.import_module(f"rules.attention.paper.{name}")


def labels(weights: Model) -> list[Any]:
    """Each label's view of the tables, with 50 digits."""
    import mpmath
    import numpy
    mpmath.mp.dps = 50
    model = oracle("model")
    tables = model.tables({letter: numpy.array(rows) for letter, rows in numbers(weights).items()}, mp=True)
    return [model.Label(tables, m) for m in range(tables.V)]


def fraction(number: Any) -> Fraction:
    import mpmath
    sign, mantissa, exponent, _ = mpmath.mpf(number)._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def bounds(rule: str, label: Any, hints: Hints) -> Bounds:
    if label.tables.V == 1:
        return Bounds(1, Fraction(0), Fraction(0))
    return RULES[rule](label, hints)


def cubic(label: Any, _hints: Hints) -> Bounds:
    return Bounds(oracle("cubic").cubic(label))


def subcubic(label: Any, hints: Hints) -> Bounds:
    return Bounds(oracle("subcubic").by_gaps(label, lambda q, s: hints.gap(label.m, q, s)))


def by_columns(name: str) -> Callable[[Any, Hints], Bounds]:
    def rule(label: Any, hints: Hints) -> Bounds:
        return Bounds(getattr(oracle(name), name)(label, hints.near[label.m], hints.heads[label.m], bool(hints.joint[label.m])))
    return rule


def soft_near_far(label: Any, hints: Hints) -> Bounds:
    import mpmath
    m = label.m
    upper = oracle("soft_near_far").soft_near_far(label, hints.near[m], hints.heads[m], bool(hints.joint[m]))
    wrong = fraction(upper) / fraction(mpmath.log(2)) * WHOLE
    shown = max(0, label.inputs() - int(wrong))
    return Bounds(shown - shown // 2**50, Fraction(0), fraction(upper))           # of so many the last are not asked for


def placements(label: Any, hints: Hints) -> Bounds:
    found = oracle("placements").placements(label, hints.near[label.m], hints.filled[label.m])
    return Bounds(found.correct, fraction(found.lower), fraction(found.upper))


def enumeration(label: Any, _hints: Hints) -> Bounds:
    module = oracle("enumeration")
    _, total = module.enumeration(label)
    worst = [fraction(one) for one in module.margins(label, module.inputs(label)).max(axis=1)]
    return Bounds(sum(one < -TIED for one in worst), fraction(total), fraction(total), sum(abs(one) <= TIED for one in worst), -max(worst))


RULES = {"cubic@1": cubic, "subcubic@1": subcubic, "band@1": by_columns("band"), "near-far@1": by_columns("near_far"), "soft-near-far@1": soft_near_far,
         "placements@1": placements, "enumeration@1": enumeration}


UPPER_ONLY = ("soft-near-far@1",)
WITHOUT_LOSS = ("near-far@1", "band@1", "cubic@1", "subcubic@1")


def best_gaps(weights: Model) -> list[int]:
    """For `subcubic@1`: [V, V, n], the least gap that shows something, or 0."""
    listed, found = labels(weights), []
    n, of = listed[0].tables.n, oracle("subcubic")
    for label in listed:
        for q in range(label.tables.V):
            last = n if q == label.m else n - 1
            found += [of.gap_of(label, q, s) if q <= label.m and s < last else 0 for s in range(n)]
    return found
