"""What second_opinion.py asks of a family: the rules, the demands on a model and its witnesses, what is counted, and what each step gives."""
from __future__ import annotations

from collections.abc import Callable

from gmpy2 import mpfr

from intervals import Interval
from reading import Certificate, Operations, Step
from refusal import require

from . import counting, enclosure, witnesses
from .block_jensen import BlockJensen
from .head_tail import HeadTail
from .witnesses import Witnesses

# rule: the context lengths that it covers
RULES: dict[str, Callable[[int], bool]] = {
    "enumeration@1": lambda n: True, "symmetry@1": lambda n: True, "head-tail@1": lambda n: n >= 2, "convexity@1": lambda n: True,
    "block-jensen@1": lambda n: n == 2}
UPPER_ONLY = counting.UPPER_ONLY
COUNT_BITS = enclosure.CORRECT_BITS


def check_shapes(certificate: Certificate) -> None:
    V, d = certificate.V, width(certificate)
    for name, shape in (("embedding", [d, V]), ("linear", [d, d]), ("unembedding", [V, d])):
        at = f"{name}.weight"
        require(certificate.tensors[at].shape == shape, "tensor-shape", f"/model/tensors/{at}/shape")
    require(d <= 4096, "limit-width", "/model/tensors/linear.weight/shape")


def width(certificate: Certificate) -> int:
    return certificate.tensors["embedding.weight"].shape[0]


def read_witnesses(certificate: Certificate) -> Witnesses:
    hints = witnesses.read(certificate)
    for i, step in enumerate(certificate.steps):
        if step.rule == "block-jensen@1":
            for end in step.labels:
                require(end in hints.blocks or end == certificate.V, "step-blocks", f"/steps/{i}/labels", str(end))
    return hints


def tables(certificate: Certificate, hints: Witnesses) -> Operations:
    return counting.tables(certificate.V, width(certificate), certificate.n, {step.rule for step in certificate.steps}, hints)


def step_operations(hints: Witnesses, step: Step, budget: int) -> Operations:
    return counting.step(step.rule, hints.n, hints.V, step.labels, step.correct is not None, budget, hints)


class Proof:
    """The model of one certificate with its witnesses: what its steps give."""

    def __init__(self, certificate: Certificate, hints: Witnesses) -> None:
        self.M, self.hints = enclosure.logit_matrix(certificate), hints
        self.sums: dict[tuple[tuple[int, int], int], Interval] = {}
        for name, row in enumerate(self.M):
            require(max(row) - min(row) <= 2**20, "limit-logit-range", "/model", f"token {name}")

    def truth(self, step: Step, bits: int) -> Interval:
        at = (step.labels, bits)
        if at not in self.sums:
            self.sums[at] = Interval(*enclosure.loss_sum(self.M, self.hints.n, step.labels, bits))
        return self.sums[at]

    def bounds(self, step: Step, bits: int) -> tuple[Interval, Interval]:
        """What the rule proves from below and from above, each enclosed."""
        zero = Interval(mpfr(0), mpfr(0))
        if step.rule == "convexity@1":
            return zero, Interval(*enclosure.convexity_bound(self.M, self.hints.n, step.labels, bits))
        if step.rule == "head-tail@1":
            return HeadTail(self.M, self.hints, bits).bounds(step.labels)
        if step.rule == "block-jensen@1":
            return zero, BlockJensen(self.M, self.hints, bits).bound(step.labels)
        truth = self.truth(step, bits)
        return truth, truth

    def truly_correct(self, step: Step) -> int:
        return enclosure.correct_inputs(self.M, self.hints.n, step.labels)

    def correct(self, step: Step) -> int:
        if step.rule == "convexity@1":
            return enclosure.correct_by_loss(self.M, self.hints.n, step.labels)
        if step.rule == "head-tail@1":
            return HeadTail(self.M, self.hints, COUNT_BITS).correct(step.labels)
        if step.rule == "block-jensen@1":
            return BlockJensen(self.M, self.hints, COUNT_BITS).correct(step.labels)
        return self.truly_correct(step)
