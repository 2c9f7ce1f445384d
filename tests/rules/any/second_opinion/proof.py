"""What the rules of any network find of ranges of inputs, and how many operations they take."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from second_opinion.charges import Charges
from second_opinion.hints import require_taken
from second_opinion.network import Model
from second_opinion.reading import Step, Tensor
from second_opinion.rule import Found, Rule
from second_opinion.task import Inputs
from second_opinion.truth import truth_of

from .length import Tables, batches, of_enumeration


class AnyNetwork:
    RULES = {"enumeration@1": Rule(above=True, below=True, exact=True)}

    def __init__(self, model: Model, inputs: Inputs, steps: Sequence[Step], given: Mapping[str, Tensor]) -> None:
        require_taken(given, (), ())
        self.model, self.inputs = model, inputs

    def found(self, step: Step, bits: int) -> Found:
        truth = truth_of(self.model, self.inputs.between(*step.range), bits)
        return Found(truth.loss.ends, truth.loss.ends, truth.correct, truth.margin)

    def tables(self) -> Charges:
        return Tables(self.model)

    def charges(self, step: Step) -> Iterator[Charges]:
        """Batch by batch."""
        for start, end in batches(*step.range):
            tokens = [tokens for tokens, _ in self.inputs.between(start, end)]
            yield of_enumeration(self.model, tokens, step.correct is not None or step.margin is not None, step.margin is not None)
