"""Values of another JSON type, and arrays of another length."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..certificates import Raw, changed, value_at
from .case import Case, base, case

STRINGS = {"format": "/format", "quantity": "/claims/0/quantity", "direction": "/claims/0/direction",
           "bound": "/claims/0/bound", "task-name": "/task/name", "task-inputs": "/task/inputs", "family": "/model/family",
           "sha256": "/model/sha256", "dtype": "/model/tensors/linear.weight/dtype",
           "data": "/model/tensors/linear.weight/data", "rule": "/steps/0/rule", "loss-end": "/steps/0/loss/1",
           "provenance-value": "/provenance/seed"}
INTEGERS = {"version": "/version", "context": "/task/context", "vocabulary": "/task/vocabulary",
            "dimension": "/model/tensors/linear.weight/shape/0", "id": "/steps/0/id", "label": "/steps/0/labels/0",
            "step-count": "/steps/0/operations/read", "total-count": "/operations/tables/exp",
            "length": "/operations/length"}
ARRAYS = {"claims": "/claims", "shape": "/model/tensors/linear.weight/shape", "steps": "/steps",
          "labels": "/steps/0/labels", "loss": "/steps/0/loss"}
OBJECTS = {"claim": "/claims/0", "task": "/task", "model": "/model", "tensors": "/model/tensors",
           "tensor": "/model/tensors/linear.weight", "witnesses": "/witnesses", "step": "/steps/0",
           "step-operations": "/steps/0/operations", "operations": "/operations", "tables": "/operations/tables",
           "provenance": "/provenance"}
PAIRS = {"labels": "/steps/0/labels", "loss": "/steps/0/loss", "shape": "/model/tensors/linear.weight/shape"}


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
        yield case("type-mismatch", f"correct-{name}", changed(base(), "/steps/0/correct", value))
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
