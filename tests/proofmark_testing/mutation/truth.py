"""Whether what a certificate says is true of its model: its claims and each of its steps, by the second opinion's definition of the loss.

The rules, the witnesses and the verifier have no part in it. Needs gmpy2; without it, or for a task too large to enumerate, claims are
compared with those of another certificate of the same model (`by_claims`), and otherwise nothing is confirmed.
"""
from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..certificates import Certificate
from ..encodings import parse_hexadecimal
from ..models import Tensor
from . import families

BITS = (450, 5000)
LARGEST = 300_000                                # inputs (sorted ones, where their order does not matter) times outputs
BEYOND = Fraction(2) ** 20000                    # more than a certificate can write; where MPFR overflows, the loss is that large at least


@dataclass(frozen=True)
class Doubt:
    """`false`: known to be false; otherwise not confirmed."""

    why: str
    false: bool


class Truth:
    def __init__(self, stronger: Certificate | None = None) -> None:
        self.stronger = stronger
        self.known: dict[Any, Any] = {}

    def doubt(self, content: bytes) -> Doubt | None:
        """None if everything that the certificate says is true."""
        target = json.loads(content.decode())
        if self.stronger is not None and self.by_claims(target) is None:
            return None
        n, V = target["task"]["context"], target["task"]["vocabulary"]
        if families.of(target).inputs(n, V) * V > LARGEST:
            return Doubt(self.by_claims(target) or "" if self.stronger is not None else "too large to enumerate: --truth takes a certificate to compare with",
                         False)
        try:
            import gmpy2                         # noqa: F401
        except ImportError:
            return Doubt("not confirmed: the second opinion needs gmpy2", False)
        try:
            found = self.by_definition(target, n, V)
        except (ValueError, TypeError, LookupError) as error:
            found = f"what it says has no meaning: {error!r}"
        return Doubt(found, True) if found else None

    def by_claims(self, target: Certificate) -> str | None:
        """The claims follow from those of a verified certificate of the same model and task."""
        known = self.stronger
        if target["task"] != known["task"] or target["model"]["sha256"] != known["model"]["sha256"]:
            return "of another model or task than the certificate to compare with"
        for i, one in enumerate(target["claims"]):
            for other in known["claims"]:
                if (one["quantity"], one["direction"]) == (other["quantity"], other["direction"]):
                    bound, proved = Fraction(one["bound"]), Fraction(other["bound"])
                    if bound >= proved if one["direction"] == "upper" else bound <= proved:
                        break
            else:
                return f"claim {i} does not follow from the certificate to compare with"
        return None

    def by_definition(self, target: Certificate, n: int, V: int) -> str | None:
        tensors = target["model"]["tensors"]
        key = json.dumps([n, tensors], sort_keys=True)
        if key not in self.known:
            weights = {name: Tensor(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in tensors.items()}
            self.known[key] = Reality(families.of(target), weights, n)
        reality = self.known[key]
        for i, step in enumerate(target["steps"]):
            labels = range(*step["labels"])
            if not reality.between(labels, *(parse_hexadecimal(end) for end in step["loss"])):
                return f"step {i} is false: the sum of the loss is not within {step['loss']}"
            if "correct" in step and step["correct"] > reality.correct(labels):
                return f"step {i} is false: {step['correct']} correct inputs declared, {reality.correct(labels)} there are"
        for i, one in enumerate(target["claims"]):
            total = Fraction(one["bound"]) * V**n
            if one["quantity"] == "accuracy":
                holds = one["direction"] == "lower" and reality.correct(range(V)) >= total
            else:
                holds = reality.between(range(V), *((None, total) if one["direction"] == "upper" else (total, None)))
            if not holds:
                return f"claim {i} is false"
        return None


class Reality:
    """The loss and the correct inputs of a model, label by label."""

    def __init__(self, family: families.Family, weights: dict[str, Tensor], n: int) -> None:
        self.family, self.model, self.n = family, family.reality(weights, n), n
        self.sums: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
        self.counts: dict[int, int] = {}

    def between(self, labels: range, lo: Fraction | None, hi: Fraction | None) -> bool:
        """Whether the sum of the loss lies between two numbers: decided at rising precision."""
        for bits in BITS:
            below, above = self.loss(labels, bits)
            if (lo is None or lo <= below) and (hi is None or above <= hi):
                return True
            if lo is not None and lo > above or hi is not None and hi < below:
                return False
        return False

    def loss(self, labels: range, bits: int) -> tuple[Fraction, Fraction]:
        import gmpy2
        below = above = Fraction(0)
        for y in labels:
            if (y, bits) not in self.sums:
                ends = self.family.sum_of_loss(self.model, self.n, y, bits)
                self.sums[y, bits] = tuple(BEYOND if gmpy2.is_infinite(end) else Fraction(*end.as_integer_ratio()) for end in ends)
            below, above = below + self.sums[y, bits][0], above + self.sums[y, bits][1]
        return below, above

    def correct(self, labels: range) -> int:
        for y in labels:
            if y not in self.counts:
                self.counts[y] = self.family.correct_inputs(self.model, self.n, y)
        return sum(self.counts[y] for y in labels)
