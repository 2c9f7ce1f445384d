"""What the rules of the shape attention-only prove of the steps of a certificate."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

from second_opinion.intervals import Arithmetic
from second_opinion.network import Model
from second_opinion.reading import Step, Tensor
from second_opinion.real import number, smallest
from second_opinion.rule import Found, Rule

from . import band, cubic, near_far, placements, soft_near_far, subcubic, tables, witnesses
from .enumeration import enumeration
from .label import Label

# These count inputs that are correct, and do not bound the loss.
COUNTING: dict[str, ModuleType] = {"near-far@1": near_far, "band@1": band, "cubic@1": cubic, "subcubic@1": subcubic}


class AttentionOnly:
    RULES = {"enumeration@1": Rule(above=True, below=True, exact=True),
             "placements@1": Rule(above=True, below=True, exact=False),
             "soft-near-far@1": Rule(above=True, below=False, exact=False),
             **{name: Rule(above=False, below=False, exact=False) for name in COUNTING}}

    def __init__(self, model: Model, steps: Sequence[Step], given: Mapping[str, Tensor]) -> None:
        self.hints = witnesses.read(model.n, model.V, {step.rule for step in steps}, given)
        self.tables = tables.read(model)

    def found(self, step: Step, bits: int) -> Found:
        x, inputs = Arithmetic(bits), step.range[1] ** self.tables.n - step.range[0] ** self.tables.n
        zero = number(x, 0)
        if self.tables.V == 1:
            return Found(zero.ends, zero.ends, (inputs, inputs))             # no wrong output
        labels = [Label(self.tables, self.hints, m, x) for m in range(*step.range)]
        if step.rule == "enumeration@1":
            all_of_them = [enumeration(label) for label in labels]
            loss, margin = sum((one.loss for one in all_of_them), zero).ends, smallest(one.margin for one in all_of_them).ends
            return Found(loss, loss, (sum(one.correct for one in all_of_them), sum(one.possible for one in all_of_them)), margin)
        if step.rule in COUNTING:
            return Found(zero.ends, None, (sum(COUNTING[step.rule].correct(label) for label in labels), inputs))
        rule = placements.placed if step.rule == "placements@1" else soft_near_far.bounded
        lower, upper, correct = zip(*(rule(label) for label in labels))
        return Found(sum(lower, zero).ends, sum(upper, zero).ends, (sum(correct), inputs))
