"""What a rule can state of a step, and what it finds. Every rule counts inputs that are correct."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import gmpy2

from second_opinion.intervals import Interval
from second_opinion.reading import Step


@dataclass(frozen=True)
class Rule:
    above: bool                                  # the loss from above
    below: bool                                  # the loss from below
    exact: bool                                  # also at most how many inputs are correct, and the least margin
    contexts: range = range(1, 65)               # numbers of positions that it covers


@dataclass(frozen=True)
class Found:
    """Of the summed loss, what the rule proves from below and from above, each enclosed; at least and at most how many inputs are correct; the
    least margin, of a rule that is exact, where there are two classes."""

    lower: Interval
    upper: Interval | None
    correct: tuple[int, int]
    margin: Interval | None = None

    def is_finite(self) -> bool:
        return all(gmpy2.is_finite(end) for one in (self.lower, self.upper, self.margin) if one is not None for end in (one.lo, one.hi))


class Proof(Protocol):
    """The model of a certificate with its witnesses: what rules find of steps."""

    RULES: dict[str, Rule]

    def found(self, step: Step, bits: int) -> Found:
        """With enclosures as wide as `bits` make them."""
