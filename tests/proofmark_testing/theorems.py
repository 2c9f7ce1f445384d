"""What tests/second_opinion makes of a certificate: its rules' theorems, and the truth by every input."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from second_opinion import reading, strict_json, truth
from second_opinion.network import model_of
from second_opinion.second_opinion import proof_of
from second_opinion.task import Inputs


def found(path: Path, bits: int) -> list[Any]:
    """Of each step what its rule proves: `lower`, `upper` (None: nothing), `correct` (at least, at most), `margin` (None: nothing)."""
    read, model = read_with_model(path)
    proof = proof_of(read, model, Inputs(read.task))
    return [proof.found(step, bits) for step in read.steps]


def truths(path: Path, bits: int) -> list[Any]:
    """Of each label `loss.ends`, `correct` (certainly, possibly) and `margin`."""
    read, model = read_with_model(path)
    return truth.truths(model, Inputs(read.task), bits)


def read_with_model(path: Path) -> tuple[Any, Any]:
    read = reading.certificate(strict_json.parse(path.read_bytes()))
    return read, model_of(read)
