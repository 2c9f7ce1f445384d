"""What is so, by definition: the sum of the loss, the correct inputs and the least margin of each label, from the logits of every input."""
from __future__ import annotations

from dataclasses import dataclass

from second_opinion.intervals import Arithmetic, Interval
from second_opinion.network import Model
from second_opinion.real import Real, loss, number, smallest
from second_opinion.task import Inputs


@dataclass
class Truth:
    """`correct`: how many inputs certainly are, and how many may be. No margin over no inputs, or with one class only."""

    loss: Real
    correct: tuple[int, int]
    margin: Interval | None


def truths(model: Model, inputs: Inputs, bits: int) -> list[Truth]:
    """One for each label."""
    x = Arithmetic(bits)
    sums, least, most, margins = [number(x, 0)] * model.C, [0] * model.C, [0] * model.C, [[] for _ in range(model.C)]
    for tokens, label in inputs:
        logits = model.logits(tokens, x)
        behind = [number(x, 0) + logits[label] - logit for k, logit in enumerate(logits) if k != label]
        sums[label] += loss(x, [0 - margin for margin in behind])
        least[label] += all(margin.lo > 0 for margin in behind)
        most[label] += all(margin.hi > 0 for margin in behind)
        margins[label] += behind
    return [Truth(*one) for one in zip(sums, zip(least, most), (smallest(of).ends if of else None for of in margins))]
