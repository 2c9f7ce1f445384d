"""Certificates of the shape attention-only from scratch: steps declare what their rules give, and room."""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from proofmark_testing.certificates import BUDGET, Certificate, Part, assembled, count
from proofmark_testing.encodings import hexadecimal, signed_hexadecimal
from proofmark_testing.losses import WIDENING
from proofmark_testing.models import Model
from proofmark_testing.witnesses import Witnesses
from . import bounds
from .models import architecture, sizes_of
from .witnesses import Hints


def certificate(weights: Model, parts: Sequence[Part], with_correct: bool = True, given: Witnesses | None = None,
                with_margin: bool = False) -> Certificate:
    V, n, _, _ = sizes_of(weights)
    hints, labels = Hints(given or {}, V, n), bounds.labels(weights)
    with_loss = not {rule for rule, _, _ in parts} & set(bounds.WITHOUT_LOSS)
    steps = [step(i, part, labels, hints, with_loss, with_correct, with_margin) for i, part in enumerate(parts)]
    return assembled(architecture(n), weights, n, V, steps, given or {})


def loose(weights: Model, parts: Sequence[Part], given: Witnesses) -> Certificate:
    """Steps that state next to nothing of all that their rules bound."""
    V, n, _, _ = sizes_of(weights)
    loss = {} if {rule for rule, _, _ in parts} & set(bounds.WITHOUT_LOSS) else {"loss": ["0x0p+0", "0x1p+16383"]}
    steps = [{"id": i, "rule": rule, "labels": [start, end]} | loss | {"correct": [0, count(end**n - start**n)], "operations": BUDGET}
             for i, (rule, start, end) in enumerate(parts)]
    return assembled(architecture(n), weights, n, V, steps, given)


def step(i: int, part: Part, labels: Sequence[Any], hints: Hints, with_loss: bool, with_correct: bool,
         with_margin: bool) -> dict[str, Any]:
    rule, start, end = part
    found, inputs = [bounds.bounds(rule, label, hints) for label in labels[start:end]], end**hints.n - start**hints.n
    result: dict[str, Any] = {"id": i, "rule": rule, "labels": [start, end]}
    if with_loss:
        low, high = sum((one.lower for one in found), Fraction(0)), sum((one.upper for one in found), Fraction(0))
        room = (high + inputs) * WIDENING if hints.V > 1 else Fraction(0)
        result["loss"] = [hexadecimal(max(Fraction(0), low - room), up=False), hexadecimal(high + room, up=True)]
    if with_correct:
        least = sum(one.correct for one in found)
        most = least + sum(one.ties for one in found) if rule == "enumeration@1" else inputs
        result["correct"] = [count(least), count(most)]
    if with_margin:
        margin = min(one.margin for one in found)
        result["margin"] = signed_hexadecimal(margin - (1 + abs(margin)) * WIDENING, up=False)
    return result | {"operations": BUDGET}
