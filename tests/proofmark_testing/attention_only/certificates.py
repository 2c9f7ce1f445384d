"""Certificates of the family attention-only from scratch: steps declare what their rules give, and room."""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..certificates import Certificate, Part, assembled, count
from ..encodings import hexadecimal
from ..losses import WIDENING
from ..models import Model
from ..witnesses import Witnesses
from . import bounds, lengths
from .models import FAMILY, sizes_of
from .witnesses import Hints


def certificate(weights: Model, parts: Sequence[Part], with_correct: bool = True, given: Witnesses | None = None) -> Certificate:
    V, n, _, _ = sizes_of(weights)
    hints, labels = Hints(given or {}, V, n), bounds.labels(weights)
    steps = [step(i, part, labels, hints, with_correct) for i, part in enumerate(parts)]
    return assembled(FAMILY, weights, n, V, steps, given or {})


def loose(weights: Model, parts: Sequence[Part], given: Witnesses) -> Certificate:
    """Steps that state next to nothing."""
    V, n, _, _ = sizes_of(weights)
    hints = Hints(given, V, n)
    steps = [{"id": i, "rule": rule, "labels": [start, end], "loss": ["0x0p+0", "0x1p+16383"], "correct": 0,
              "operations": lengths.step(rule, (start, end), True, hints)} for i, (rule, start, end) in enumerate(parts)]
    return assembled(FAMILY, weights, n, V, steps, given)


def step(i: int, part: Part, labels: Sequence[Any], hints: Hints, with_correct: bool) -> dict[str, Any]:
    rule, start, end = part
    found = [bounds.bounds(rule, label, hints) for label in labels[start:end]]
    low, high = sum((one.lower for one in found), Fraction(0)), sum((one.upper for one in found), Fraction(0))
    margin = (high + end**hints.n - start**hints.n) * WIDENING if hints.V > 1 else Fraction(0)
    result: dict[str, Any] = {"id": i, "rule": rule, "labels": [start, end],
                              "loss": [hexadecimal(max(Fraction(0), low - margin), up=False), hexadecimal(high + margin, up=True)]}
    if with_correct:
        result["correct"] = count(sum(one.correct for one in found))
    return result | {"operations": lengths.step(rule, (start, end), with_correct, hints)}
