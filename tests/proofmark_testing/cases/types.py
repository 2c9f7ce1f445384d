"""Values of another JSON type, and arrays of another length."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..certificates import Raw, changed, value_at
from .case import Case, base, case

STRINGS = {"format": "/format", "quantity": "/claims/0/quantity", "direction": "/claims/0/direction",
           "bound": "/claims/0/bound", "label-name": "/task/label/name", "pool": "/model/architecture/pool",
           "weight": "/model/architecture/readout/0/weight", "layout": "/model/architecture/embedding/tokens/layout", "margin": "/steps/0/margin",
           "sha256": "/model/sha256", "dtype": "/model/tensors/linear.weight/dtype",
           "data": "/model/tensors/linear.weight/data", "rule": "/steps/0/rule", "loss-end": "/steps/0/loss/1",
           "provenance-value": "/provenance/seed"}
INTEGERS = {"version": "/version", "positions": "/model/architecture/positions", "token": "/task/inputs/ranges/0/1",
            "dimension": "/model/tensors/linear.weight/shape/0", "id": "/steps/0/id", "label": "/steps/0/labels/0",
            "step-budget": "/steps/0/operations", "tables-budget": "/tables/operations"}
ARRAYS = {"claims": "/claims", "shape": "/model/tensors/linear.weight/shape", "steps": "/steps",
          "labels": "/steps/0/labels", "loss": "/steps/0/loss", "correct": "/steps/0/correct", "ranges": "/task/inputs/ranges",
          "range": "/task/inputs/ranges/0", "blocks": "/model/architecture/blocks", "readout": "/model/architecture/readout"}
OBJECTS = {"claim": "/claims/0", "task": "/task", "model": "/model", "tensors": "/model/tensors",
           "tensor": "/model/tensors/linear.weight", "witnesses": "/witnesses", "step": "/steps/0",
           "tables": "/tables", "task-inputs": "/task/inputs", "task-label": "/task/label", "architecture": "/model/architecture",
           "embedding": "/model/architecture/embedding", "map": "/model/architecture/readout/1", "provenance": "/provenance"}
PAIRS = {"labels": "/steps/0/labels", "loss": "/steps/0/loss", "correct": "/steps/0/correct", "range": "/task/inputs/ranges/0"}


def cases() -> Iterator[Case]:
    for kind, places, wrong in (
            ("string", STRINGS, {"number": 1, "null": Raw("null")}),
            ("integer", INTEGERS, {"string": None, "true": Raw("true"), "null": Raw("null")}),
            ("array", ARRAYS, {"object": {}, "null": Raw("null")}),
            ("object", OBJECTS, {"array": [], "string": "", "null": Raw("null")})):
        for place, path in places.items():
            for name, value in wrong.items():
                yield case("type-mismatch", f"{place}-{name}", changed(base(), path, replacement(path, value)))
    for name, value in (("true", Raw("true")), ("null", Raw("null")), ("array", [1]), ("object", {})):
        yield case("type-mismatch", f"least-{name}", changed(base(), "/steps/0/correct/0", value))
    yield case("type-mismatch", "correct-of-format-1", changed(base(), "/steps/0/correct", 2))
    yield case("type-mismatch", "shape-empty", changed(base(), "/model/tensors/linear.weight/shape", []))
    for place, path in PAIRS.items():
        first, second = value_at(base(), path)
        for name, value in (("empty", []), ("one", [first]), ("three", [first, second, second])):
            yield case("type-mismatch", f"{place}-{name}", changed(base(), path, value))
    yield case("type-mismatch", "loss-nested", changed(base(), "/steps/0/loss/0", ["0x0p+0"]))
    yield case("type-mismatch", "bound-array", changed(base(), "/claims/0/bound", ["0.5"]))
    for name, content in (("array", b"[]"), ("string", b'"s VERIFIED"'), ("number", b"1"), ("null", b"null"),
                          ("true", b"true")):
        yield case("type-mismatch", f"document-{name}", content + b"\n")


def replacement(path: str, value: Any) -> Any:
    """None stands for the value itself, written as a string."""
    return json.dumps(value_at(base(), path)) if value is None else value
