"""Certificates of described networks by rules that take witnesses: what they declare is what the second opinion makes of the rules' pages, widened, and their
budgets are what it counts."""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from second_opinion import reading, strict_json
from second_opinion.network import model_of
from second_opinion.second_opinion import proof_of
from second_opinion.task import Inputs

from .certificates import BUDGET, Certificate, claim, claims, count, render
from .encodings import hexadecimal, signed_hexadecimal
from .models import Architecture, Model, digest
from .network_certificates import WIDENING
from .witnesses import Witnesses

Json = dict[str, Any]
Parts = Sequence[tuple[str, int, int]]           # rule, from, to
WEAKEST = [claim("length", "upper", "9" * 20)]
BITS, DIGITS, LARGEST = 450, 13, "0x1p+9999"


def hinted(description: Architecture, weights: Model, inputs: Json, label: Json, parts: Parts, given: Witnesses, stated: str = "loss correct margin", wider: Fraction = WIDENING) -> Certificate:
    return declare(loose(description, weights, inputs, label, parts, given, stated), wider)


def declare(target: Certificate, wider: Fraction = WIDENING) -> Certificate:
    """The same with what its rules find."""
    read = reading.certificate(strict_json.parse(render(target)))
    proof = proof_of(read, model_of(read), Inputs(read.task))
    steps = [declared(step, proof.found(of, BITS), sum(part.length() for part in proof.charges(of)), wider) for step, of in zip(target["steps"], read.steps)]
    result = target | {"steps": steps, "tables": {"operations": proof.tables().length()}}
    return result | {"claims": claims(result) or WEAKEST}


def enumerated(target: Certificate) -> Certificate:
    """The same steps by enumeration."""
    return target | {"witnesses": {}, "steps": [step | {"rule": "enumeration@1"} for step in target["steps"]]}


def loose(description: Architecture, weights: Model, inputs: Json, label: Json, parts: Parts, given: Witnesses, stated: str = "loss correct margin") -> Certificate:
    """It declares nothing that could be false."""
    steps = []
    for i, (rule, start, end) in enumerate(parts):
        whole = {"loss": ["0x0p+0", LARGEST], "correct": [0, end - start], "margin": f"-{LARGEST}"}
        steps.append({"id": i, "rule": rule, "inputs": [count(start), count(end)], **{key: whole[key] for key in stated.split()}, "operations": BUDGET})
    return {"format": "proofmark-certificate", "version": 2, "claims": WEAKEST, "task": {"inputs": inputs, "label": label},
            "model": {"architecture": description, "tensors": {name: one.json() for name, one in weights.items()}, "sha256": digest(weights, description)},
            "witnesses": {name: one.json() for name, one in given.items()}, "tables": {"operations": BUDGET}, "steps": steps, "provenance": {}}


def declared(step: Json, found: Any, operations: int, wider: Fraction) -> Json:
    changes: Json = {"operations": max(operations, 1)}
    if "loss" in step:
        lo, hi = fraction(found.lower.lo), fraction(found.upper.hi)
        slack = (hi + step["inputs"][1] - step["inputs"][0]) * wider
        changes["loss"] = [hexadecimal(max(Fraction(0), lo - slack), up=False, digits=DIGITS), hexadecimal(hi + slack, up=True, digits=DIGITS)]
    if "correct" in step:
        changes["correct"] = list(found.correct)
    if "margin" in step:
        margin = fraction(found.margin.lo)
        changes["margin"] = signed_hexadecimal(margin - (1 + abs(margin)) * wider, up=False, digits=DIGITS)
    return step | changes


def fraction(end: Any) -> Fraction:
    return Fraction(*map(int, end.as_integer_ratio()))
