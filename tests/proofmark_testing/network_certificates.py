"""Certificates of any described network, by enumeration of ranges of inputs: what they declare is computed by networks.py and widened."""
from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from .certificates import BUDGET, Certificate, claims, count
from .encodings import hexadecimal, signed_hexadecimal
from .models import Architecture, Model, digest
from .networks import Network, Numbers, inputs_of, labels_of, loss_and_margin

Json = dict[str, Any]
WIDENING = Fraction(1, 2**40)
FAR = 20000
TIE = Fraction(1, 10**40)                         # a margin that is nearer to 0 is 0, or open to a verifier


def ranges(*of_positions: Sequence[int]) -> Json:
    return {"ranges": [list(one) for one in of_positions]}


def integers(dtype: str, shape: Sequence[int], values: Iterable[int]) -> Json:
    size = {"uint8": 1, "uint16": 2, "uint32": 4}[dtype]
    return {"dtype": dtype, "shape": list(shape), "data": base64.b64encode(b"".join(value.to_bytes(size, "little") for value in values)).decode()}


def listed(rows: Sequence[Sequence[int]], dtype: str = "uint8") -> Json:
    return {"list": integers(dtype, [len(rows), len(rows[0])], (token for row in rows for token in row))}


def table(labels: Sequence[int], dtype: str = "uint8") -> Json:
    return {"table": integers(dtype, [len(labels)], labels)}


def certificate(description: Architecture, weights: Model, inputs: Json, label: Json, cuts: Sequence[int] = (), stated: str = "loss correct margin",
                wider: Fraction = WIDENING) -> Certificate:
    """One step for each range between the cuts."""
    task = {"inputs": inputs, "label": label}
    network, tokens, labels = Network(description, weights), inputs_of(task), labels_of(task)
    found = [loss_and_margin(network.logits(t), y) for t, y in zip(tokens, labels)]
    bounds = [0, *cuts, len(tokens)]
    steps = [step(i, (start, end), found[start:end], stated.split(), wider) for i, (start, end) in enumerate(zip(bounds, bounds[1:]))]
    result = {
        "format": "proofmark-certificate", "version": 2, "claims": [], "task": task,
        "model": {"architecture": description, "tensors": {name: one.json() for name, one in weights.items()}, "sha256": digest(weights, description)},
        "witnesses": {}, "tables": {"operations": BUDGET}, "steps": steps, "provenance": {}}
    return result | {"claims": claims(result)}


def step(i: int, of: tuple[int, int], found: Sequence[tuple[Any, Any]], stated: Sequence[str], wider: Fraction) -> Json:
    result: Json = {"id": i, "rule": "enumeration@1", "inputs": [count(end) for end in of]}
    total, margins = sum((fraction(loss) for loss, _ in found), Fraction(0)), [fraction(margin) for _, margin in found if margin is not None]
    if "loss" in stated:
        slack = (total + len(found)) * wider
        result["loss"] = [hexadecimal(max(Fraction(0), total - slack), up=False), hexadecimal(total + slack, up=True)]
    if "correct" in stated:
        size = TIE * (1 + total)
        result["correct"] = [len(found) - sum(margin <= size for margin in margins), len(found) - sum(margin < -size for margin in margins)]
    if "margin" in stated and margins:
        result["margin"] = signed_hexadecimal(min(margins) - (1 + abs(min(margins)) + total) * wider, up=False)
    return result | {"operations": BUDGET}


def fraction(value: Any) -> Fraction:
    """The exact value of one of mpmath's numbers; 0 where it is nearer to 0 than a certificate can say."""
    sign, mantissa, exponent, bits = Numbers.mpf(value)._mpf_
    if exponent + bits < -FAR:
        return Fraction(0)
    return (-1 if sign else 1) * int(mantissa) * Fraction(2) ** int(exponent)
