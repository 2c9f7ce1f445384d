"""What the rules of the shape token-sum prove of the steps of a certificate."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gmpy2 import mpfr

from second_opinion.intervals import Arithmetic, Interval
from second_opinion.network import Model
from second_opinion.reading import Step, Tensor
from second_opinion.refusal import require
from second_opinion.rule import Found, Rule

from . import enclosure, witnesses
from .block_jensen import BlockJensen
from .head_tail import HeadTail


class TokenSum:
    RULES = {"enumeration@1": Rule(above=True, below=True, exact=True),
             "symmetry@1": Rule(above=True, below=True, exact=True),
             "head-tail@1": Rule(above=True, below=True, exact=False, contexts=range(2, 65)),
             "convexity@1": Rule(above=True, below=False, exact=False),
             "block-jensen@1": Rule(above=True, below=False, exact=False, contexts=range(2, 3))}

    def __init__(self, model: Model, steps: Sequence[Step], given: Mapping[str, Tensor]) -> None:
        self.n = model.n
        self.hints = witnesses.read(model.n, model.V, {step.rule for step in steps}, given)
        for i, step in enumerate(steps):
            if step.rule == "block-jensen@1":
                for end in step.range:
                    require(end in self.hints.blocks or end == model.V, "step-blocks", f"/steps/{i}/labels", str(end))
        self.M = enclosure.logit_matrix(model)

    def found(self, step: Step, bits: int) -> Found:
        M, n, labels = self.M, self.n, step.range
        zero, inputs = Interval(mpfr(0), mpfr(0)), labels[1] ** n - labels[0] ** n
        if step.rule == "convexity@1":
            return Found(zero, Interval(*enclosure.convexity_bound(M, n, labels, bits)), (enclosure.correct_by_loss(M, n, labels), inputs))
        if step.rule == "head-tail@1":
            rule = HeadTail(M, self.hints, bits)
            return Found(*rule.bounds(labels), (rule.correct(labels), inputs))
        if step.rule == "block-jensen@1":
            rule = BlockJensen(M, self.hints, bits)
            return Found(zero, rule.bound(labels), (rule.correct(labels), inputs))
        exact, correct = Interval(*enclosure.loss_sum(M, n, labels, bits)), enclosure.correct_inputs(M, n, labels)
        margin = Arithmetic(bits).number(enclosure.least_margin(M, n, labels)) if len(M) > 1 else None
        return Found(exact, exact, (correct, correct), margin)
