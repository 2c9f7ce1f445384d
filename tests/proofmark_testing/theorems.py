"""What tests/second_opinion makes of a certificate: its rules' theorems, and the truth by every input."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from .context import second_opinion


def found(path: Path, bits: int) -> list[Any]:
    """Of each step what its rule proves: `lower`, `upper` (None: nothing), `correct` (at least, at most), `margin` (None: nothing)."""
    read, model = read_with_model(path)
    proof = second_opinion().SHAPES[model.shape](model, read.steps, read.witnesses)
    return [proof.found(step, bits) for step in read.steps]


def truths(path: Path, bits: int) -> list[Any]:
    """Of each label `loss.ends`, `correct` (certainly, possibly) and `margin`."""
    read, model = read_with_model(path)
    return second_opinion("truth").truths(model, second_opinion("task").Inputs(read.task), bits)


def read_with_model(path: Path) -> tuple[Any, Any]:
    read = second_opinion("reading").certificate(second_opinion("strict_json").parse(path.read_bytes()))
    return read, second_opinion("network").model_of(read)
