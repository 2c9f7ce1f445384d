"""Whether what a certificate says is true of its model: its claims and each of its steps, by the second opinion's definitions.

The rules, the witnesses and the verifier have no part in it. Needs gmpy2; without it, or for a task too large to enumerate, claims are
compared with those of another certificate of the same model (`by_claims`), and otherwise nothing is confirmed.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proofmark_testing.certificates import Certificate, input_count, tokens
from proofmark_testing.encodings import parse_hexadecimal
from second_opinion import reading, strict_json
from second_opinion.network import model_of
from second_opinion.refusal import Refusal
from second_opinion.task import Inputs
from second_opinion.truth import truth_of, truths

BITS = (450, 5000)
LARGEST = 300_000                                # inputs times outputs
FAR = 20000                                      # a certificate writes no number so far from 1


@dataclass(frozen=True)
class Doubt:
    """`false`: known to be false; otherwise not confirmed."""

    why: str
    false: bool


class Truth:
    def __init__(self, stronger: Certificate | None = None) -> None:
        self.stronger = stronger
        self.known: dict[Any, Reality] = {}

    def doubt(self, content: bytes) -> Doubt | None:
        """None if everything that the certificate says is true."""
        target = json.loads(content.decode())
        if self.stronger is not None and self.by_claims(target) is None:
            return None
        if input_count(target) * max(tokens(target), 1) > LARGEST:
            return Doubt(self.by_claims(target) or "" if self.stronger is not None else "too large to enumerate: --truth takes a certificate to compare with",
                         False)
        try:
            import gmpy2                         # noqa: F401
        except ImportError:
            return Doubt("not confirmed: the second opinion needs gmpy2", False)
        try:
            found = self.by_definition(target, content)
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

    def by_definition(self, target: Certificate, content: bytes) -> str | None:
        key = json.dumps([target["task"], target["model"], "labels" in target["steps"][0]], sort_keys=True)
        if key not in self.known:
            self.known[key] = Reality(content)
        reality, N = self.known[key], input_count(target)
        for i, step in enumerate(target["steps"]):
            part = range(*(int(end) for end in step["labels" if "labels" in step else "inputs"]))
            if "loss" in step and not reality.loss_between(part, *(parse_hexadecimal(end) for end in step["loss"])):
                return f"step {i} is false: the sum of the loss is not within {step['loss']}"
            if "correct" in step and not reality.correct_between(part, *map(int, step["correct"])):
                return f"step {i} is false: {step['correct']} correct inputs declared"
            if "margin" in step and not reality.margin_above(part, parse_hexadecimal(step["margin"])):
                return f"step {i} is false: a margin of {step['margin']} declared"
        everything = range(len(reality.at(BITS[0])))
        for i, one in enumerate(target["claims"]):
            if not claim_holds(one, reality, everything, N):
                return f"claim {i} is false"
        return None


def claim_holds(one: dict[str, str], reality: Reality, everything: range, N: int) -> bool:
    bound, up = Fraction(one["bound"]), one["direction"] == "upper"
    between = (None, bound * N) if up else (bound * N, None)
    if one["quantity"] == "cross-entropy":
        return reality.loss_between(everything, *between)
    if one["quantity"] == "accuracy":
        return reality.correct_between(everything, *between)
    return not up and reality.margin_above(everything, bound) if one["quantity"] == "margin" else up             # a length is not about the model


class Reality:
    """The loss, the correct inputs and the least margin of a model, label by label or input by input as its steps are cut, at rising precision until they decide."""

    def __init__(self, content: bytes) -> None:
        try:
            certificate = reading.certificate(strict_json.parse(content))
            self.model, self.inputs = model_of(certificate), Inputs(certificate.task)
        except Refusal as refusal:
            raise ValueError(str(refusal)) from refusal
        self.by_labels = certificate.steps[0].by == "labels"
        self.parts: dict[int, Any] = {}

    def at(self, bits: int) -> Any:
        if bits not in self.parts:
            self.parts[bits] = truths(self.model, self.inputs, bits) if self.by_labels else [truth_of(self.model, [one], bits) for one in self.inputs]
        return self.parts[bits]

    def loss_between(self, parts: range, lo: Fraction | None, hi: Fraction | None) -> bool:
        for bits in BITS:
            sums = [self.at(bits)[i].loss for i in parts]
            below, above = sum((rational(one.lo, False) for one in sums), Fraction(0)), sum((rational(one.hi, True) for one in sums), Fraction(0))
            if (lo is None or lo <= below) and (hi is None or above <= hi):
                return True
            if lo is not None and lo > above or hi is not None and hi < below:
                return False
        return False

    def correct_between(self, parts: range, least: Fraction | int | None, most: Fraction | int | None) -> bool:
        for bits in BITS:
            found = [sum(self.at(bits)[i].correct[end] for i in parts) for end in (0, 1)]
            if (least is None or least <= found[0]) and (most is None or found[1] <= most):
                return True
            if found[0] == found[1]:
                return False
        return False

    def margin_above(self, parts: range, bound: Fraction) -> bool:
        margins = [self.at(BITS[0])[i].margin for i in parts]
        return all(margin is None or bound <= rational(margin.lo, False) for margin in margins)


def rational(end: Any, up: bool) -> Fraction:
    """Its exact value, or where that has an absurd number of digits one beyond it, on that side."""
    import gmpy2
    exponent = 0 if end == 0 else FAR + 1 if gmpy2.is_infinite(end) else gmpy2.get_exp(end)
    if abs(exponent) <= FAR:
        return Fraction(*map(int, end.as_integer_ratio()))
    size = Fraction(2) ** FAR if exponent > 0 else Fraction(int((end > 0) == up), 2**FAR)
    return size if end > 0 else -size
