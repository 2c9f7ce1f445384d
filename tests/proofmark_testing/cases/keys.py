"""Closed objects: unknown, missing and repeated keys, at every level."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..certificates import Pairs, Raw, changed, value_at, without
from .case import Case, base, case

OBJECTS = {
    "claim": "/claims/0", "task": "/task", "inputs": "/task/inputs", "label": "/task/label", "model": "/model", "architecture": "/model/architecture",
    "embedding": "/model/architecture/embedding", "map": "/model/architecture/readout/0", "tensor": "/model/tensors/embedding.weight",
    "step": "/steps/1", "tables": "/tables"}
OPTIONAL = ("loss", "correct", "margin")


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
            ("case-differs", "/claims/0/Bound", "0"), ("space-after", "/claims/0/bound ", "0"), ("empty", "/task/", 0), ("family", "/model/family", "token-sum"), ("operations", "/operations", {}), ("context", "/task/context", 2),
            ("assumptions", "/steps/0/assumptions", []), ("holes", "/steps/0/holes", 0), ("comment", "/$comment", "text"),
            ("proto", "/__proto__", {}), ("trust", "/tables/trusted", [])):
        yield case("key-unknown", name, changed(base(), path, value))
    yield case("key-unknown", "with-nothing-else-wrong-null", changed(base(), "/model/note", Raw("null")))


def missing() -> Iterator[Case]:
    for name, path, target in levels():
        for key in target:
            if key not in OPTIONAL:
                yield case("key-missing", f"{name}-{key}", without(base(), f"{path}/{key}"))
    yield case("key-missing", "everything", b"{}\n")


def repeated() -> Iterator[Case]:
    """The first key of each object once more, with the same value; and repetitions that escapes hide."""
    for name, path, target in levels():
        key = next(iter(target))
        yield repetition(f"in-{name}", path, target, json.dumps(key), target[key])
    step = value_at(base(), "/steps/0")
    yield repetition("escaped", "/steps/0", step, r'"\u006fperations"', step["operations"])
    yield repetition("escaped-capital-digits", "/steps/0", step, r'"\u006Coss"', step["loss"])
    for name, path, key, value in (("budget", "/tables", "operations", 2**50), ("correct", "/steps/1", "correct", [0, 0]), ("margin", "/steps/0", "margin", "0x1p+0"),
                                   ("pool", "/model/architecture", "pool", "last"), ("ranges", "/task/inputs", "ranges", [[0, 2], [0, 2]]),
                                   ("tensor", "/model/tensors", "linear.weight", value_at(base(), "/model/tensors/linear.weight"))):
        yield repetition(f"{name}-twice", path, value_at(base(), path), json.dumps(key), value)
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
