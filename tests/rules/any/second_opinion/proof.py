"""`enumeration@1` of ranges of inputs (docs/rules/any/enumeration.md): every input of the step, by definition."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from second_opinion.hints import require_taken
from second_opinion.network import Model
from second_opinion.reading import Step, Tensor
from second_opinion.rule import Found, Rule
from second_opinion.task import Inputs
from second_opinion.truth import truth_of


class AnyNetwork:
    RULES = {"enumeration@1": Rule(above=True, below=True, exact=True)}

    def __init__(self, model: Model, inputs: Inputs, steps: Sequence[Step], given: Mapping[str, Tensor]) -> None:
        require_taken(given, (), ())
        self.model, self.inputs = model, inputs

    def found(self, step: Step, bits: int) -> Found:
        truth = truth_of(self.model, self.inputs.between(*step.range), bits)
        return Found(truth.loss.ends, truth.loss.ends, truth.correct, truth.margin)
