"""What tests/second_opinion makes of a certificate: its rules' theorems, and the truth by every input."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from second_opinion import reading, strict_json, truth
from second_opinion.charges import KINDS
from second_opinion.network import model_of
from second_opinion.second_opinion import declared, proof_of
from second_opinion.task import Inputs


def found(path: Path, bits: int) -> list[Any]:
    """Of each step what its rule proves: `lower`, `upper` (None: nothing), `correct` (at least, at most), `margin` (None: nothing)."""
    read, model = read_with_model(path)
    proof = proof_of(read, model, Inputs(read.task))
    return [proof.found(step, bits) for step in read.steps]


def performed(path: Path) -> dict[str, int]:
    """Of a certificate by inputs what its receipt says of operations: by kind, and `length`."""
    read, model = read_with_model(path)
    proof = proof_of(read, model, Inputs(read.task))
    total, steps, claims = proof.tables(), len(read.steps), len(read.claims)
    for step in read.steps:
        for part in proof.charges(step):
            total.update(part)
    numbers = sum(times for times, there in zip((2, 2, 1), declared(read.steps[0])) if there)
    total.charge(add=numbers * steps, compare=numbers * steps + claims, mul=claims)
    return {kind: total[kind] for kind in KINDS} | {"length": total.length()}


def truths(path: Path, bits: int) -> list[Any]:
    """Of each label `loss.ends`, `correct` (certainly, possibly) and `margin`."""
    read, model = read_with_model(path)
    return truth.truths(model, Inputs(read.task), bits)


def read_with_model(path: Path) -> tuple[Any, Any]:
    read = reading.certificate(strict_json.parse(path.read_bytes()))
    return read, model_of(read)
