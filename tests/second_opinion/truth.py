"""The loss, whether it is correct, and the margin of every input, from its logits by definition: no rule and no witness is involved."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from second_opinion.intervals import Arithmetic, Interval
from second_opinion.logits import Evaluation
from second_opinion.network import Model
from second_opinion.real import Real, loss, number, smallest
from second_opinion.task import Input, Inputs, check_label


@dataclass
class Truth:
    """`correct`: how many inputs certainly are, and how many may be. No margin over no inputs, or with one class only."""

    loss: Real
    correct: tuple[int, int]
    margin: Interval | None


class Sum:
    """Of some inputs."""

    def __init__(self, x: Arithmetic) -> None:
        self.loss, self.least, self.most, self.margins = number(x, 0), 0, 0, []

    def add(self, evaluation: Evaluation, tokens: Input, label: int | None) -> None:
        logits = evaluation.logits(tokens)
        check_label(tokens, label, len(logits))
        behind = [number(evaluation.x, 0) + logits[label] - logit for k, logit in enumerate(logits) if k != label]
        self.loss = self.loss + loss(evaluation.x, [0 - margin for margin in behind])
        self.least += all(margin.lo > 0 for margin in behind)
        self.most += all(margin.hi > 0 for margin in behind)
        self.margins += [smallest(behind)] if behind else []

    def truth(self) -> Truth:
        return Truth(self.loss, (self.least, self.most), smallest(self.margins).ends if self.margins else None)


def truths(model: Model, inputs: Inputs, bits: int) -> list[Truth]:
    """One for each label."""
    evaluation = Evaluation(model, Arithmetic(bits))
    sums = [Sum(evaluation.x) for _ in range(model.C)]
    for tokens, label in inputs:
        sums[label].add(evaluation, tokens, label)
    return [one.truth() for one in sums]


def truth_of(model: Model, labelled: Iterable[tuple[Input, int | None]], bits: int) -> Truth:
    """Of these inputs together."""
    evaluation = Evaluation(model, Arithmetic(bits))
    of = Sum(evaluation.x)
    for tokens, label in labelled:
        of.add(evaluation, tokens, label)
    return of.truth()
