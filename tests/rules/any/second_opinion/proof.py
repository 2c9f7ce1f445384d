"""What the rules of any network find of ranges of inputs, and how many operations they take."""
from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

from second_opinion.charges import Charges
from second_opinion.hints import require_taken
from second_opinion.intervals import Arithmetic
from second_opinion.logits import Evaluation
from second_opinion.network import Model
from second_opinion.reading import Step, Tensor
from second_opinion.refusal import require
from second_opinion.rule import Found, Rule
from second_opinion.task import Inputs
from second_opinion.truth import truth_of

from . import block_tables_length, blocks, bounds, low_rank, low_rank_length, opened
from .additive import Additive, is_additive
from .block_tables import BlockTables
from .features import Features
from .last_maps import last_maps
from .length import Tables, batches, of_enumeration
from .bounds import Bounds
from .low_rank import LowRank
from .low_rank_length import LowRankBatch, Stated

WITH_BOUNDS = Rule(above=True, below=True, exact=True)
TAKEN = {"low-rank@1": low_rank.WITNESSES + opened.NAMES, "block-tables@1": blocks.NEEDED + blocks.OPTIONAL + opened.NAMES}
NEEDED = {"block-tables@1": blocks.NEEDED}
TOGETHER = (*low_rank.TOGETHER, ("left-groups", "left-blocks"), opened.NAMES)
BESIDE = {name: names for names in TOGETHER for name in names} | {"left-trees": ("left-groups",)}              # what must be there where a name is


class AnyNetwork:
    RULES = {"enumeration@1": WITH_BOUNDS, "low-rank@1": WITH_BOUNDS, "block-tables@1": WITH_BOUNDS}

    def __init__(self, model: Model, inputs: Inputs, steps: Sequence[Step], given: Mapping[str, Tensor]) -> None:
        self.model, self.inputs, rules = model, inputs, {step.rule for step in steps}
        needed = {name for rule in rules for name in NEEDED.get(rule, ())} | {other for name in given for other in BESIDE.get(name, ())}
        require_taken(given, {name for rule in rules for name in TAKEN.get(rule, ())}, needed)
        if "low-rank@1" in rules:
            self.features = Features(model)
            self.of_low_rank = low_rank.read(given, inputs.N, self.features.m)
        if "block-tables@1" in rules:
            self.additive = Additive(model, inputs)
            self.of_blocks = blocks.read(given, self.additive)
        self.opened = opened.read(given, inputs.N, model.C)
        self.rules = rules
        self.of_bits: dict[int, BlockTables] = {}

    @classmethod
    def check_use(cls, step: Step, model: Model, inputs: Inputs, at: str) -> None:
        """Whether the rule is for this description and task, and closes such a range."""
        if step.rule == "low-rank@1":
            require(bool(last_maps(model.description.readout)) and inputs.N <= low_rank.MOST_INPUTS, "rule-task", f"{at}/rule", step.rule)
        if step.rule == "block-tables@1":
            require(is_additive(model.description) and inputs.rows is None, "rule-task", f"{at}/rule", step.rule)
            require(all(end % Additive(model, inputs).Ny == 0 for end in step.range), "step-blocks", f"{at}/inputs")

    # -- theorems ----------------------------------------------------------------------------------------------------

    def found(self, step: Step, bits: int) -> Found:
        if step.rule == "enumeration@1":
            truth = truth_of(self.model, self.inputs.between(*step.range), bits)
            return Found(truth.loss.ends, truth.loss.ends, truth.correct, truth.margin)
        x = Arithmetic(bits)
        return bounds.found(x, self.bounds(step, x))

    def bounds(self, step: Step, x: Arithmetic) -> list[Bounds]:
        """Of the logits of each input, by the step's rule."""
        listed = enumerate(self.inputs.between(*step.range), step.range[0])
        if step.rule == "low-rank@1":
            evaluation = Evaluation(self.model, x)
            return [self.low_rank.bounds(x, evaluation, index, tokens, y, self.opened_of(index)) for index, (tokens, y) in listed]
        theorem = self.block_tables(x)
        return [theorem.bounds(index, y, [c for c in self.opened_of(index) if c != y]) for index, (_, y) in listed]

    @functools.cached_property
    def low_rank(self) -> LowRank:
        return LowRank(self.features, self.of_low_rank)

    def block_tables(self, x: Arithmetic) -> BlockTables:
        """The same for all steps."""
        if x.bits not in self.of_bits:
            self.of_bits[x.bits] = BlockTables(x, self.additive, self.of_blocks)
        return self.of_bits[x.bits]

    def opened_of(self, index: int) -> list[int]:
        return self.opened[index] if index in self.opened else []

    # -- operations --------------------------------------------------------------------------------------------------

    def tables(self) -> Charges:
        total = Charges(Tables(self.model))
        if "low-rank@1" in self.rules:
            total.update(low_rank_length.tables(self.model, self.inputs, self.features.kind, self.of_low_rank))
        if "block-tables@1" in self.rules:
            total.update(block_tables_length.tables(self.additive, self.of_blocks))
        return total

    def charges(self, step: Step) -> Iterator[Charges]:
        """Batch by batch, or row by row."""
        if step.rule == "block-tables@1":
            N = self.additive.Ny
            for start in range(*step.range, N):
                yield block_tables_length.Row(self.additive, self.of_blocks, self.opened_in(start, start + N), stated(step))
            return
        for start, end in batches(*step.range):
            tokens = [tokens for tokens, _ in self.inputs.between(start, end)]
            if step.rule == "enumeration@1":
                yield of_enumeration(self.model, tokens, stated(step).signs, stated(step).margin)
            else:
                yield LowRankBatch(self.model, tokens, self.features.kind, self.of_low_rank, sum(self.opened_in(start, end)), stated(step))

    def opened_in(self, start: int, end: int) -> list[int]:
        """Of each input, how many beside its label."""
        return [sum(c != y for c in self.opened_of(index)) for index, (_, y) in enumerate(self.inputs.between(start, end), start)]


def stated(step: Step) -> Stated:
    return Stated(loss=step.loss is not None, signs=step.correct is not None or step.margin is not None, margin=step.margin is not None)
