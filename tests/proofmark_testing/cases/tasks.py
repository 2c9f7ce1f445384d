"""Tasks: ranges and lists of inputs, labels by name and by table; what rules close none of; steps cut by indices."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from ..certificates import Certificate, changed, value_at, with_model
from ..models import architecture, tensor
from ..witnesses import Witness, witness
from .architectures import a_map
from .attention_plain import plain, weights_of
from .case import Case, base, case
from .claims import WEAKEST

INPUTS, LABEL, RANGES = "/task/inputs", "/task/label", "/task/inputs/ranges"
ALL = list(itertools.product(range(3), repeat=2))        # of base, in their order
TRUE = [max(t) for t in ALL]


def cases() -> Iterator[Case]:
    yield from ranges()
    yield from lists()
    yield from named_labels()
    yield from tables()
    yield from one_of_two()
    yield from by_indices()


def uint32(numbers: Sequence[int], shape: Sequence[int]) -> dict[str, Any]:
    return Witness("uint32", tuple(shape), b"".join(number.to_bytes(4, "little") for number in numbers)).json()


# -- inputs --------------------------------------------------------------------------------------------------------

def ranges() -> Iterator[Case]:
    """Of base, which has 3 tokens and 3 classes."""
    for name, value in (("empty", [[0, 3], [0, 0]]), ("empty-in-the-middle", [[2, 2], [0, 3]]), ("reversed", [[3, 0], [0, 3]]), ("reversed-by-one", [[0, 3], [2, 1]]),
                        ("beyond-2-to-32", [[0, 2**32 + 1], [0, 3]]), ("far", [[0, 3], [2**63 - 2, 2**63 - 1]]), ("wraps-32-bits", [[0, 2**32 + 3], [0, 3]]),
                        ("one-position", [[0, 3]]), ("three-positions", [[0, 3]] * 3), ("64-positions", [[0, 3]] * 64)):
        yield case("task-inputs", f"range-{name}", changed(base(), RANGES, value))
    one_label = changed(changed(base(), LABEL, {"name": "max", "positions": [0]}), RANGES, [[0, 3], [0, 4]])
    yield case("task-inputs", "token-that-is-not-embedded", one_label)
    yield case("task-inputs", "token-2-to-32-less-1", changed(one_label, RANGES, [[0, 3], [0, 2**32]]))
    for name, value in (("from-1", [[1, 3], [1, 3]]), ("second-from-1", [[0, 3], [1, 3]]), ("fewer-tokens", [[0, 2], [0, 3]]), ("fewer-everywhere", [[0, 2], [0, 2]]),
                        ("one-token-fixed", [[0, 3], [2, 3]]), ("one-input", [[0, 1], [0, 1]])):
        yield case("rule-task", f"range-{name}", changed(base(), RANGES, value))
    yield case("rule-task", "attention-fewer-tokens", changed(plain(), RANGES, [[0, 4], [0, 4], [0, 3]]))
    yield case("rule-task", "attention-last-token-fixed", changed(plain(), RANGES, [[0, 4], [0, 4], [3, 4]]))
    yield from models_of_another_size()


def sized(tokens: int, classes: int) -> Certificate:
    """Base's task, and a model of so many tokens and classes."""
    weights = {"E": tensor("float32", [[0.5, 1.0]] * tokens), "W": tensor("float32", [[1.0, 0.0], [0.5, 1.0]]), "U": tensor("float32", [[float(k), 1.0] for k in range(classes)])}
    description = {"positions": 2, "embedding": {"tokens": a_map("E", "tokens,width")}, "blocks": [], "pool": "sum", "readout": [a_map("W", "in,out"), a_map("U", "out,in")]}
    steps = [{"id": 0, "rule": "symmetry@1", "labels": [0, classes], "loss": ["0x0p+0", "0x1p+10"], "operations": 2**30}]
    return with_model(base(), weights, description) | {"steps": steps, "claims": WEAKEST}


def models_of_another_size() -> Iterator[Case]:
    """Of 4 tokens or 4 classes, where the task has 3; of 2, where it has 3."""
    yield case("rule-task", "more-tokens-embedded", sized(4, 3))
    yield case("rule-task", "more-classes", sized(3, 4))
    yield case("label-range", "fewer-classes", sized(3, 2))
    yield case("label-range", "one-class", sized(3, 1))
    yield case("task-inputs", "fewer-tokens-embedded", sized(2, 3))
    more = changed(sized(4, 3), RANGES, [[0, 3], [0, 4]])              # tokens up to 3 in the last position only
    for name, code, positions in (("all", "label-range", [0, 1]), ("last", "label-range", [1]), ("first", "rule-task", [0])):
        yield case(code, f"larger-tokens-last-and-label-of-{name}", changed(more, f"{LABEL}/positions", positions))
    for name, code, rows in (("in-the-last-row", "label-range", [0, 0, 2, 3]), ("in-the-first-row", "label-range", [0, 3, 2, 1]), ("nowhere", "rule-task", [0, 0, 2, 2])):
        yield case(code, f"list-with-a-larger-token-{name}", changed(sized(4, 3), INPUTS, {"list": witness("uint8", rows, (2, 2)).json()}))
    listed = changed(base(), INPUTS, {"list": witness("uint8", [0, 0, 1, 2, 2, 1], (3, 2)).json()})
    for name, code, labels in (("as-many", "rule-task", [2, 0, 1]), ("fewer", "task-label", [2, 0]), ("more", "task-label", [2, 0, 1, 1]), ("too-large", "label-range", [2, 0, 3])):
        yield case(code, f"list-of-3-and-table-{name}", changed(listed, LABEL, {"table": witness("uint8", labels).json()}))


def lists() -> Iterator[Case]:
    def listed(rows: Sequence[Sequence[int]], dtype: str = "uint8", shape: Sequence[int] | None = None) -> Certificate:
        numbers, size = [token for row in rows for token in row], shape or (len(rows), len(rows[0]))
        return changed(base(), INPUTS, {"list": uint32(numbers, size) if dtype == "uint32" else witness(dtype, numbers, size).json()})
    for dtype in ("uint8", "uint16", "uint32"):
        yield case("rule-task", f"list-of-all-{dtype}", listed(ALL, dtype))
    yield case("rule-task", "list-of-some", listed(ALL[1:8:3]))
    yield case("rule-task", "list-of-one", listed([(2, 1)]))
    for name, rows in (("exchanged", [ALL[1], ALL[0], *ALL[2:]]), ("last-exchanged", [*ALL[:7], ALL[8], ALL[7]]), ("twice", [*ALL[:4], ALL[3], *ALL[4:]]), ("reversed", ALL[::-1]),
                       ("by-the-last-token", sorted(ALL, key=lambda t: t[::-1])), ("all-the-same", [(1, 1)] * 3), ("token-that-is-not-embedded", [(0, 0), (0, 3)])):
        code = "task-inputs"
        target = listed(rows)
        yield case(code, f"list-{name}", changed(target, LABEL, {"name": "max", "positions": [0]}) if name.startswith("token") else target)
    above = [(0, 255), (1, 0)]                           # as signed numbers the other way round
    yield case("task-inputs", "list-exchanged-above-127", changed(listed([above[1], above[0]]), LABEL, {"name": "max", "positions": [0]}))
    yield case("task-inputs", "list-one-position", listed([(0,), (1,), (2,)]))
    yield case("task-inputs", "list-three-positions", listed([(0, 0, 0), (0, 0, 1)]))
    for name, shape in (("flat", (18,)), ("deep", (9, 2, 1)), ("transposed", (2, 9))):
        yield case("task-inputs", f"list-{name}", listed(ALL, "uint8", shape))
    for dtype in ("float32", "float64"):
        yield case("task-inputs", f"list-{dtype}", listed(ALL, dtype))
    for dtype in ("int64", "uint64", "bool", ""):
        yield case("dtype-unknown", f"list-{dtype or 'empty'}", changed(listed(ALL), f"{INPUTS}/list/dtype", dtype))
    for name, shape in (("2-to-32-rows", [2**32, 2]), ("2-to-62-rows", [2**62, 2]), ("no-rows", [0, 2]), ("no-columns", [9, 0]), ("one-row-more", [10, 2])):
        yield case("tensor-size", f"list-{name}", changed(listed(ALL), f"{INPUTS}/list/shape", shape))
    for name, shape in (("2-to-32-rows-none-given", [2**32, 2]), ("product-wraps", [2**62, 4])):
        yield case("tensor-size", f"list-{name}", changed(changed(listed(ALL), f"{INPUTS}/list/shape", shape), f"{INPUTS}/list/data", ""))
    yield case("base64", "list", changed(listed(ALL), f"{INPUTS}/list/data", "AAA"))
    yield case("key-missing", "list-empty", changed(base(), INPUTS, {"list": {}}))
    yield case("type-mismatch", "list-of-arrays", changed(base(), INPUTS, {"list": [[0, 0], [0, 1]]}))


# -- labels --------------------------------------------------------------------------------------------------------

def named_labels() -> Iterator[Case]:
    for name, positions in (("first", [0]), ("last", [1]), ("all", [0, 1]), ("exchanged", [1, 0])):
        yield case("rule-task", f"label-positions-{name}", changed(base(), f"{LABEL}/positions", positions))
    for name, positions in (("none", []), ("twice", [0, 0]), ("twice-apart", [0, 1, 0]), ("beyond", [2]), ("beyond-in-the-middle", [0, 2, 1]), ("wraps-32-bits", [2**32]),
                            ("largest", [2**63 - 1]), ("64", [64]), ("as-many-as-tokens", [0, 1, 2])):
        yield case("task-label", f"positions-{name}", changed(base(), f"{LABEL}/positions", positions))
    for name, value in (("number", 0), ("string", "0"), ("of-strings", ["0"]), ("object", {}), ("nested", [[0]])):
        yield case("type-mismatch", f"label-positions-{name}", changed(base(), f"{LABEL}/positions", value))
    for key in ("modulus", "table2", "Positions"):
        yield case("key-unknown", f"label-{key.lower()}{'-capital' if key[0] == 'P' else ''}", changed(base(), f"{LABEL}/{key}", 3))
    yield case("rule-task", "attention-label-positions", changed(plain(), f"{LABEL}/positions", [0, 1, 2]))
    yield case("rule-task", "attention-label-of-the-last", changed(plain(), f"{LABEL}/positions", [2]))


def tables() -> Iterator[Case]:
    def labelled(labels: Sequence[int], dtype: str = "uint8", shape: Sequence[int] | None = None) -> Certificate:
        return changed(base(), LABEL, {"table": uint32(labels, shape or [len(labels)]) if dtype == "uint32" else witness(dtype, labels, shape).json()})
    for dtype in ("uint8", "uint16"):
        yield case("rule-task", f"table-of-max-{dtype}", labelled(TRUE, dtype))
    yield case("rule-task", "table-of-zeros", labelled([0] * 9))
    for name, at, label, dtype in (("first", 0, 3, "uint8"), ("last", 8, 3, "uint8"), ("255", 4, 255, "uint8"), ("uint16", 8, 3, "uint16"), ("256", 2, 256, "uint16"), ("65535", 5, 65535, "uint16")):
        yield case("label-range", f"table-{name}", labelled([label if i == at else one for i, one in enumerate(TRUE)], dtype))
    for name, labels in (("one-short", TRUE[:-1]), ("one-more", [*TRUE, 2]), ("one", [0])):
        yield case("task-label", f"table-{name}", labelled(labels))
    for name, shape in (("square", (3, 3)), ("row", (1, 9)), ("column", (9, 1))):
        yield case("task-label", f"table-{name}", labelled(TRUE, "uint8", shape))
    for dtype in ("uint32", "float32", "float64"):
        yield case("task-label", f"table-{dtype}", labelled(TRUE, dtype))
    for dtype in ("int8", "uint64", ""):
        yield case("dtype-unknown", f"table-{dtype or 'empty'}", changed(labelled(TRUE), f"{LABEL}/table/dtype", dtype))
    for name, shape in (("2-to-32", [2**32]), ("2-to-63-less-1", [2**63 - 1]), ("none", [0])):
        yield case("tensor-size", f"table-{name}", changed(changed(labelled(TRUE), f"{LABEL}/table/shape", shape), f"{LABEL}/table/data", ""))
    many = changed(labelled(TRUE), RANGES, [[0, 3]] * 64)
    yield case("task-label", "table-of-9-for-3-to-64", with_model(many, weights_of(base()), architecture(64)))
    yield case("base64", "table", changed(labelled(TRUE), f"{LABEL}/table/data", "AAEC*AQF"))
    yield case("type-mismatch", "table-of-numbers", changed(base(), LABEL, {"table": TRUE}))


def one_of_two() -> Iterator[Case]:
    """Of `ranges` and `list`, `name` and `table`, `labels` and `inputs`: one, and one only."""
    table, rows = witness("uint8", TRUE).json(), witness("uint8", [token for t in ALL for token in t], (9, 2)).json()
    for name, path, value in (("inputs-list-beside-ranges", f"{INPUTS}/list", rows), ("label-table-beside-name", f"{LABEL}/table", table), ("step-inputs-beside-labels", "/steps/0/inputs", [0, 4])):
        yield case("key-unknown", name, changed(base(), path, value))
    yield case("key-unknown", "label-positions-beside-table", changed(base(), LABEL, {"table": table, "positions": [0, 1]}))
    for name, path in (("inputs", INPUTS), ("label", LABEL)):
        yield case("key-missing", f"{name}-empty", changed(base(), path, {}))
    yield case("key-missing", "label-positions-alone", changed(base(), LABEL, {"positions": [0]}))


# -- steps by indices ----------------------------------------------------------------------------------------------

def cut_by_indices(target: Certificate, *ends: int) -> Certificate:
    steps = value_at(target, "/steps")
    cut = [{("inputs" if key == "labels" else key): one for key, one in step.items()} | {"inputs": list(both)} for step, both in zip(steps, zip((0, *ends), ends), strict=True)]
    return changed(target, "/steps", cut) | {"claims": WEAKEST}


def by_indices() -> Iterator[Case]:
    """All inputs, once, in order: no rule of this version closes such steps."""
    for middle in (1, 4, 8):
        yield case("rule-steps", f"cut-at-{middle}", cut_by_indices(base(), middle, 9))
    yield case("rule-steps", "attention", cut_by_indices(plain(), 8, 64))
    for name, first, second in (("gap", [0, 4], [5, 9]), ("overlap", [0, 5], [4, 9]), ("short", [0, 4], [4, 8]), ("beyond", [0, 4], [4, 10]), ("of-labels", [0, 2], [2, 3]),
                                ("from-1", [1, 4], [4, 9]), ("empty", [0, 0], [0, 9]), ("reversed", [4, 0], [4, 9]), ("far", [0, 4], [4, str(2**63)]), ("wraps", [0, 4], [4, str(2**64 + 9)])):
        target = changed(changed(cut_by_indices(base(), 4, 9), "/steps/0/inputs", first), "/steps/1/inputs", second)
        yield case("step-coverage", f"inputs-{name}", target)
    for name, value in (("number", 9), ("object", {}), ("one", [0]), ("three", [0, 4, 9]), ("true", [0, True])):
        yield case("type-mismatch", f"step-inputs-{name}", changed(cut_by_indices(base(), 4, 9), "/steps/0/inputs", value))
    many = changed(base(), RANGES, [[0, 3]] * 64)
    target = with_model(many, weights_of(base()), architecture(64))
    yield case("rule-steps", "3-to-64-indices", changed(cut_by_indices(target, 2**40, 9), "/steps/1/inputs", [2**40, str(3**64)]))
    yield case("step-coverage", "3-to-64-indices-less-1", changed(cut_by_indices(target, 2**40, 9), "/steps/1/inputs", [2**40, str(3**64 - 1)]))
