"""From a JSON value to a Certificate: closed keys, types, grammars, limits and words (FORMAT.md sections 2 to 9).

What a value means is not asked here: of inputs and labels in task.py, of the model in network.py, of all else in second_opinion.py.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from second_opinion.description import Architecture, architecture
from second_opinion.exact_numbers import DIGEST, FLOATS, SIZES, canonical_base64, decimal, hexadecimal
from second_opinion.json_types import array, count, keyed, known, name, natural, one_of, pair, typed, word
from second_opinion.refusal import require

WITNESSES = ("uint8", "uint16", "uint32", "float32", "float64")
CLAIMS = {"cross-entropy": ("upper", "lower"), "accuracy": ("lower", "upper"), "margin": ("lower",), "length": ("upper",)}
# The functions of the tokens, each with the parameter that stands beside its name.
LABELS = {"max": "", "min": "", "sum-modulo": "modulus", "symmetric-group": "degree", "balanced-brackets": "", "induction": "", "longest-cycle": ""}


@dataclass(frozen=True)
class Claim:
    quantity: str
    direction: str
    bound: mpq


@dataclass(frozen=True)
class Tensor:
    dtype: str
    shape: list[int]
    raw: bytes


@dataclass(frozen=True)
class Task:
    """One of `ranges` and `rows` for the inputs, one of `name` and `table` for the labels."""

    ranges: list[tuple[int, int]] | None
    rows: Tensor | None
    name: str | None
    parameter: int | None                  # its modulus or degree
    positions: list[int] | None            # that the name reads; all without them
    table: Tensor | None


@dataclass(frozen=True)
class Step:
    id: int
    rule: str
    by: str                                # "labels" or "inputs"
    range: tuple[int, int]
    loss: tuple[mpq, mpq] | None
    correct: tuple[int, int] | None
    margin: mpq | None
    budget: int


@dataclass(frozen=True)
class Certificate:
    claims: list[Claim]
    task: Task
    architecture: Architecture
    tensors: dict[str, Tensor]
    sha256: str
    witnesses: dict[str, Tensor]
    tables_budget: int
    steps: list[Step]


def tensor(value: Any, at: str, dtypes: Iterable[str]) -> Tensor:
    keyed(value, at, "dtype shape data")
    dtype = word(value["dtype"], f"{at}/dtype")
    require(dtype in dtypes, "dtype-unknown", f"{at}/dtype", dtype)
    shape = array(value["shape"], f"{at}/shape", natural, least=1)
    require(len(shape) <= 64, "type-mismatch", f"{at}/shape", f"{len(shape)} dimensions")
    raw = canonical_base64(typed(value["data"], str, f"{at}/data"), f"{at}/data")
    require(min(shape) > 0 and math.prod(shape) * SIZES[dtype] == len(raw), "tensor-size", at)
    return Tensor(dtype, shape, raw)


# -- the parts of a certificate ------------------------------------------------------------------------------------

def certificate(value: Any) -> Certificate:
    head(value)
    keyed(value, "", "format version claims task model witnesses tables steps provenance")
    of_model = keyed(value["model"], "/model", "architecture tensors sha256")
    digest = word(of_model["sha256"], "/model/sha256")
    require(DIGEST.fullmatch(digest) is not None, "number-grammar", "/model/sha256")
    provenance(value["provenance"])
    tables = keyed(value["tables"], "/tables", "operations")
    return Certificate(
        claims=limited(value["claims"], "/claims", claim, 16, "limit-claims"),
        task=task(value["task"]),
        architecture=architecture(of_model["architecture"]),
        tensors=tensors(of_model["tensors"], "/model/tensors"),
        sha256=digest,
        witnesses={word(one, "/witnesses"): tensor(given, f"/witnesses/{one}", WITNESSES)
                   for one, given in typed(value["witnesses"], dict, "/witnesses").items()},
        tables_budget=natural(tables["operations"], "/tables/operations"),
        steps=limited(value["steps"], "/steps", step, 65536, "limit-steps"))


def head(value: Any) -> None:
    """`format` and `version` are looked at before anything else."""
    typed(value, dict, "")
    require("format" in value, "key-missing", "", "format")
    require(word(value["format"], "/format") == "proofmark-certificate", "format-name", "/format")
    require("version" in value, "key-missing", "", "version")
    require(natural(value["version"], "/version") == 2, "version-unknown", "/version")


def limited(value: Any, pointer: str, element: Callable[[Any, str], Any], most: int, code: str) -> list[Any]:
    require(len(typed(value, list, pointer)) <= most, code, pointer)
    return array(value, pointer, element)


def claim(value: Any, at: str) -> Claim:
    keyed(value, at, "quantity direction bound")
    quantity, direction = word(value["quantity"], f"{at}/quantity"), known(value["direction"], f"{at}/direction", ("upper", "lower"))
    require(direction in CLAIMS.get(quantity, ()), "claim-unknown", at, f"{quantity} {direction}")
    text = word(value["bound"], f"{at}/bound")
    require(quantity != "length" or "." not in text, "number-grammar", f"{at}/bound", "a length is an integer")
    return Claim(quantity, direction, decimal(text, f"{at}/bound", signed=quantity == "margin"))


def task(value: Any) -> Task:
    keyed(value, "/task", "inputs label")
    inputs, label = value["inputs"], value["label"]
    ranges = rows = table = function = parameter = positions = None
    if one_of(inputs, "/task/inputs", "ranges", "list") == "ranges":
        ranges = [tuple(one) for one in array(inputs["ranges"], "/task/inputs/ranges", pair(natural))]
    else:
        rows = tensor(inputs["list"], "/task/inputs/list", SIZES)
    if "table" in typed(label, dict, "/task/label"):
        table = tensor(keyed(label, "/task/label", "table")["table"], "/task/label/table", SIZES)
    else:
        function = word(label["name"], "/task/label/name") if "name" in label else ""
        require(function in LABELS or "name" not in label, "task-unknown", "/task/label/name", function)
        keyed(label, "/task/label", f"name {LABELS.get(function, '')}", "positions")
        if LABELS[function]:
            parameter = natural(label[LABELS[function]], f"/task/label/{LABELS[function]}")
        if "positions" in label:
            positions = array(label["positions"], "/task/label/positions", natural)
    return Task(ranges, rows, function, parameter, positions, table)


def tensors(value: Any, at: str) -> dict[str, Tensor]:
    require(len(typed(value, dict, at)) <= 4096, "limit-tensors", at)
    return {name(one, at): tensor(given, f"{at}/{one}", FLOATS) for one, given in value.items()}


def end(value: Any, pointer: str, signed: bool = False) -> mpq:
    return hexadecimal(word(value, pointer), pointer, signed)


def step(value: Any, at: str) -> Step:
    by = one_of(value, at, "labels", "inputs", "id rule operations", "loss correct margin")
    return Step(
        id=natural(value["id"], f"{at}/id"),
        rule=word(value["rule"], f"{at}/rule"),
        by=by,
        range=tuple(pair(natural if by == "labels" else count)(value[by], f"{at}/{by}")),
        loss=tuple(pair(end)(value["loss"], f"{at}/loss")) if "loss" in value else None,
        correct=tuple(pair(count)(value["correct"], f"{at}/correct")) if "correct" in value else None,
        margin=end(value["margin"], f"{at}/margin", signed=True) if "margin" in value else None,
        budget=natural(value["operations"], f"{at}/operations"))


def provenance(value: Any) -> None:
    typed(value, dict, "/provenance")
    require(len(value) <= 64, "limit-provenance", "/provenance")
    for key, text in value.items():
        word(key, "/provenance")
        word(text, f"/provenance/{key}")
