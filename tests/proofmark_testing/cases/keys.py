"""Closed objects: unknown, missing and repeated keys, at every level."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..certificates import Pairs, Raw, changed, value_at, without
from .case import Case, base, case

OBJECTS = {
    "claim": "/claims/0", "task": "/task", "model": "/model", "tensors": "/model/tensors",
    "tensor": "/model/tensors/embedding.weight", "step": "/steps/1", "step-operations": "/steps/1/operations",
    "operations": "/operations", "tables": "/operations/tables", "steps-total": "/operations/steps",
    "conclusion": "/operations/conclusion"}
OPTIONAL = ("correct",)


def cases() -> Iterator[Case]:
    yield from unknown()
    yield from missing()
    yield from repeated()


def levels() -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "certificate", "", base()
    for name, path in OBJECTS.items():
        yield name, path, value_at(base(), path)


def unknown() -> Iterator[Case]:
    for name, path, _ in levels():
        yield case("key-unknown", f"in-{name}", changed(base(), f"{path}/tolerance", "0"))
    for name, path, value in (
            ("case-differs", "/claims/0/Bound", "0"), ("space-after", "/claims/0/bound ", "0"), ("empty", "/task/", 0),
            ("assumptions", "/steps/0/assumptions", []), ("holes", "/steps/0/holes", 0), ("comment", "/$comment", "text"),
            ("proto", "/__proto__", {}), ("tensor-bias", "/model/tensors/linear.bias",
                                          {"dtype": "float32", "shape": [1, 2], "data": "AAAAAAAAAAA="}),
            ("operation-fma", "/steps/0/operations/fma", 0)):
        yield case("key-unknown", name, changed(base(), path, value))
    yield case("key-unknown", "with-nothing-else-wrong-null", changed(base(), "/model/note", Raw("null")))


def missing() -> Iterator[Case]:
    for name, path, target in levels():
        for key in target:
            if key not in OPTIONAL and (name not in ("tables", "steps-total", "conclusion") or key == "sqrt"):
                yield case("key-missing", f"{name}-{key}", without(base(), f"{path}/{key}"))
    yield case("key-missing", "everything", b"{}\n")


def repeated() -> Iterator[Case]:
    """The first key of each object once more, with the same value; and repetitions that escapes hide."""
    for name, path, target in levels():
        key = next(iter(target))
        yield repetition(f"in-{name}", path, target, json.dumps(key), target[key])
    step = value_at(base(), "/steps/0/operations")
    yield repetition("escaped", "/steps/0/operations", step, r'"\u0061dd"', step["add"])
    yield repetition("escaped-capital-digits", "/steps/0/operations", step, r'"\u006Dul"', step["mul"])
    claim = value_at(base(), "/claims/0")
    yield repetition("other-value", "/claims/0", claim, '"bound"', "9")
    yield repetition("escaped-bound", "/claims/0", claim, r'"b\u006fund"', "0")
    yield repetition("in-provenance", "/provenance", {"seed": "1"}, '"seed"', "2")
    yield repetition("in-witnesses", "/witnesses", {"heads": "1"}, '"heads"', "1")
    yield repetition("of-unknown-key", "/task", value_at(base(), "/task") | {"colour": 1}, '"colour"', 1)
    yield repetition("empty-key", "/provenance", {"": "1"}, '""', "1")


def repetition(name: str, path: str, target: dict[str, Any], key: str, value: Any) -> Case:
    pairs = Pairs([*target.items(), (Raw(key), value)])
    return case("key-duplicate", name, changed(base(), path, pairs) if path else pairs)
