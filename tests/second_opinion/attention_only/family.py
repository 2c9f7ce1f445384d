"""What second_opinion.py asks of a family: the rules, the demands on a model and its witnesses, what is counted, and what each step gives."""
from __future__ import annotations

from types import ModuleType

from counting import Counter
from intervals import Arithmetic, Interval
from reading import Certificate, Operations, Step
from refusal import require

from . import band, counting, cubic, enumeration, near_far, placements, soft_near_far, subcubic, tables as exact_tables, witnesses
from .counting import Walk
from .label import Label
from .real import Real, number
from .witnesses import Witnesses

# Both sides: `bounds(label)`. From above only: `upper(label)`. All: `correct(label)`, and `walk` for the count.
BOTH_SIDES: dict[str, ModuleType] = {"enumeration@1": enumeration, "placements@1": placements}
ABOVE: dict[str, ModuleType] = {"soft-near-far@1": soft_near_far, "near-far@1": near_far, "band@1": band, "cubic@1": cubic, "subcubic@1": subcubic}
OF_NAME = BOTH_SIDES | ABOVE
RULES = {name: lambda n: True for name in OF_NAME}       # any context length
UPPER_ONLY = tuple(ABOVE)
Truths = dict[tuple[int, int], tuple[Real, int]]         # by label and bits: the sum of the loss, the number of correct inputs
COUNT_BITS = 450
AFFORDABLE = 1500                                        # inputs of a label, for the truth


def check_shapes(certificate: Certificate) -> None:
    require(certificate.V <= 1024, "limit-vocabulary", "/task/vocabulary")
    V, n, d, h = sizes(certificate)
    attention = {letter: [1, h, d] if letter == "O" else [1, d, h] for letter in "QKVO"}
    shapes = {f"blocks.0.attn.W_{letter}": shape for letter, shape in attention.items()}
    for name, shape in (shapes | {"embed.W_E": [V, d], "pos_embed.W_pos": [n, d], "unembed.W_U": [d, V]}).items():
        require(certificate.tensors[name].shape == shape, "tensor-shape", f"/model/tensors/{name}/shape")
    require(max(d, h) <= 4096, "limit-width", "/model/tensors/blocks.0.attn.W_Q/shape")


def sizes(certificate: Certificate) -> tuple[int, int, int, int]:
    _, d, h = certificate.tensors["blocks.0.attn.W_Q"].shape
    return certificate.V, certificate.n, d, h


def read_witnesses(certificate: Certificate) -> Witnesses:
    return witnesses.read(certificate)


def tables(certificate: Certificate, hints: Witnesses) -> Operations:
    return counting.tables(*sizes(certificate), {step.rule for step in certificate.steps}, hints)


def step_operations(hints: Witnesses, step: Step, budget: int) -> Operations:
    count = Counter(budget)
    for m in range(*step.labels):
        if hints.V == 1:
            count("add", 2 if step.rule in BOTH_SIDES else 1)        # no wrong output
        else:
            OF_NAME[step.rule].walk(Walk(count, hints, m, step.correct is not None))
    return count.counts


class Proof:
    """The model of one certificate with its witnesses: what its steps give."""

    def __init__(self, certificate: Certificate, hints: Witnesses, known: Truths | None = None) -> None:
        """`known`: of another proof of the same model."""
        self.tables, self.hints = exact_tables.read(certificate), hints
        self.labels: dict[tuple[int, int], Label] = {}
        self.truths: Truths = {} if known is None else known

    def label(self, m: int, bits: int) -> Label:
        if (m, bits) not in self.labels:
            self.labels[m, bits] = Label(self.tables, self.hints, m, Arithmetic(bits))
        return self.labels[m, bits]

    def affordable(self, step: Step) -> bool:
        return self.tables.V > 1 and all(self.label(m, COUNT_BITS).inputs <= AFFORDABLE for m in range(*step.labels))

    def truth_of(self, m: int, bits: int) -> tuple[Real, int]:
        if (m, bits) not in self.truths:
            self.truths[m, bits] = enumeration.bounds(self.label(m, bits))[0], enumeration.correct(self.label(m, bits))
        return self.truths[m, bits]

    def truth(self, step: Step, bits: int) -> Interval | None:
        return total(Arithmetic(bits), [self.truth_of(m, bits)[0] for m in range(*step.labels)]) if self.affordable(step) else None

    def truly_correct(self, step: Step) -> int | None:
        return sum(self.truth_of(m, COUNT_BITS)[1] for m in range(*step.labels)) if self.affordable(step) else None

    def bounds(self, step: Step, bits: int) -> tuple[Interval, Interval]:
        """What the rule proves from below and from above, each enclosed."""
        x = Arithmetic(bits)
        labels = [self.label(m, bits) for m in range(*step.labels)] if self.tables.V > 1 else []
        if step.rule == "enumeration@1":
            both = total(x, [self.truth_of(label.m, bits)[0] for label in labels])
            return both, both
        if step.rule in BOTH_SIDES:
            ends = [OF_NAME[step.rule].bounds(label) for label in labels]
            return total(x, [lower for lower, _ in ends]), total(x, [upper for _, upper in ends])
        return total(x, []), total(x, [OF_NAME[step.rule].upper(label) for label in labels])

    def correct(self, step: Step) -> int:
        if self.tables.V == 1:
            return 1                                     # no wrong output
        if step.rule == "enumeration@1":
            return sum(self.truth_of(m, COUNT_BITS)[1] for m in range(*step.labels))
        return sum(OF_NAME[step.rule].correct(self.label(m, COUNT_BITS)) for m in range(*step.labels))


def total(x: Arithmetic, values: list[Real]) -> Interval:
    return sum(values, number(x, 0)).ends
