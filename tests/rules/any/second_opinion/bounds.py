"""From bounds of the differences z_c - z_y of inputs to what a step may state: the loss, correct inputs, the margin (docs/rules/any/)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from second_opinion.intervals import Arithmetic
from second_opinion.real import Real, largest, loss, number, smallest
from second_opinion.rule import Found


@dataclass(frozen=True)
class Bounds:
    """Of one input: for each class but the label the lower and the upper bound of z_c - z_y."""

    lower: dict[int, Real]
    upper: dict[int, Real]


def found(x: Arithmetic, inputs: Sequence[Bounds]) -> Found:
    zero = number(x, 0)
    if not inputs[0].upper:
        return Found(zero.ends, zero.ends, (len(inputs), len(inputs)))       # one class
    most = [largest(one.upper.values()) for one in inputs]
    correct = sum(one.hi < 0 for one in most), sum(not any(end.lo >= 0 for end in one.lower.values()) for one in inputs)
    below, above = (sum((loss(x, ends) for ends in of), zero).ends for of in ([one.lower.values() for one in inputs], [one.upper.values() for one in inputs]))
    return Found(below, above, correct, smallest(0 - one for one in most).ends)
