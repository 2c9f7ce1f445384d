"""From a JSON value to a Certificate: closed keys, types, grammars, limits and words (FORMAT.md sections 2 to 9).

What a value means is not asked here: of inputs and labels in task.py, of the model in model.py, of all else in second_opinion.py.
"""
from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from second_opinion.exact_numbers import DIGEST, FLOATS, SIZES, canonical_base64, decimal, hexadecimal
from second_opinion.refusal import require

COUNT = re.compile("[1-9][0-9]{18,399}")
WITNESSES = ("uint8", "uint16", "float32", "float64")
CLAIMS = {"cross-entropy": ("upper", "lower"), "accuracy": ("lower", "upper"), "margin": ("lower",), "length": ("upper",)}
OF_TOKENS, PLAIN = ("tokens,width", "width,tokens"), ("in,out", "out,in")
OF_HEADS = ("heads,in,head", "heads,head,out")


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
    positions: list[int] | None            # that the name reads; all without them
    table: Tensor | None


@dataclass(frozen=True)
class Map:
    weight: str
    layout: str


@dataclass(frozen=True)
class Attention:
    heads: int
    query: Map
    key: Map
    value: Map
    output: Map
    causal: bool


@dataclass(frozen=True)
class Architecture:
    n: int
    tokens: Map
    positions: str | None
    blocks: list[Attention]
    pool: str
    readout: list[Map]
    text: str                              # canonical, for the digest


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


# -- JSON types ----------------------------------------------------------------------------------------------------

def typed(value: Any, kind: type, pointer: str) -> Any:
    require(type(value) is kind, "type-mismatch", pointer, f"{kind.__name__} expected")
    return value


def keyed(value: Any, pointer: str, keys: str, optional: str = "") -> dict[str, Any]:
    """An object with exactly the keys `keys`, and perhaps some of `optional`."""
    typed(value, dict, pointer)
    for key in value:
        require(key in keys.split() + optional.split(), "key-unknown", f"{pointer}/{key}")
    for key in keys.split():
        require(key in value, "key-missing", pointer, key)
    return value


def one_of(value: Any, pointer: str, first: str, second: str, keys: str = "", optional: str = "") -> str:
    """Which of two keys an object has, beside others."""
    chosen = first if first in typed(value, dict, pointer) else second
    keyed(value, pointer, f"{chosen} {keys}", optional)
    return chosen


def word(value: Any, pointer: str) -> str:
    """A string of printable ASCII, at most 4096 characters long."""
    typed(value, str, pointer)
    require(all(" " <= character <= "~" for character in value), "string-alphabet", pointer)
    require(len(value) <= 4096, "string-length", pointer)
    return value


def known(value: Any, pointer: str, words: Iterable[str]) -> str:
    require(word(value, pointer) in words, "word-unknown", pointer, value)
    return value


def name(value: Any, pointer: str) -> str:
    """Of a tensor of the model."""
    require(1 <= len(word(value, pointer)) <= 256, "string-length", pointer)
    return value


def array(value: Any, pointer: str, element: Callable[[Any, str], Any], length: int | None = None, least: int = 0) -> list[Any]:
    typed(value, list, pointer)
    require(len(value) >= least if length is None else len(value) == length, "type-mismatch", pointer, f"{len(value)} elements")
    return [element(one, f"{pointer}/{i}") for i, one in enumerate(value)]


def natural(value: Any, pointer: str) -> int:
    return typed(value, int, pointer)


def count(value: Any, pointer: str) -> int:
    """Of inputs: a number below 2^63, from there on a string of its digits."""
    if type(value) is not str:
        return natural(value, pointer)
    require(COUNT.fullmatch(word(value, pointer)) is not None and int(value) >= 2**63, "number-grammar", pointer, value[:80])
    return int(value)


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
    ranges = rows = table = function = positions = None
    if one_of(inputs, "/task/inputs", "ranges", "list") == "ranges":
        ranges = [tuple(one) for one in array(inputs["ranges"], "/task/inputs/ranges", pair(natural))]
    else:
        rows = tensor(inputs["list"], "/task/inputs/list", SIZES)
    if one_of(label, "/task/label", "table", "name", optional="positions") == "table":
        require("positions" not in label, "key-unknown", "/task/label/positions")
        table = tensor(label["table"], "/task/label/table", SIZES)
    else:
        function = word(label["name"], "/task/label/name")
        require(function == "max", "task-unknown", "/task/label/name", function)
        if "positions" in label:
            positions = array(label["positions"], "/task/label/positions", natural)
    return Task(ranges, rows, function, positions, table)


def pair(element: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any]]:
    return lambda value, pointer: array(value, pointer, element, length=2)


def architecture(value: Any) -> Architecture:
    at = "/model/architecture"
    keyed(value, at, "positions embedding blocks pool readout")
    embedding = keyed(value["embedding"], f"{at}/embedding", "tokens", "positions")
    return Architecture(
        n=natural(value["positions"], f"{at}/positions"),
        tokens=layout(OF_TOKENS)(embedding["tokens"], f"{at}/embedding/tokens"),
        positions=name(embedding["positions"], f"{at}/embedding/positions") if "positions" in embedding else None,
        blocks=array(value["blocks"], f"{at}/blocks", block),
        pool=known(value["pool"], f"{at}/pool", ("last", "sum")),
        readout=array(value["readout"], f"{at}/readout", layout(PLAIN + OF_HEADS), least=1),
        text=json.dumps(value, sort_keys=True, separators=(",", ":")))


def layout(layouts: Iterable[str]) -> Callable[[Any, str], Map]:
    """Reads a map that has one of these layouts."""
    def read(value: Any, at: str) -> Map:
        keyed(value, at, "weight layout")
        return Map(name(value["weight"], f"{at}/weight"), known(value["layout"], f"{at}/layout", layouts))
    return read


def block(value: Any, at: str) -> Attention:
    at, value = f"{at}/attention", keyed(value, at, "attention")["attention"]
    keyed(value, at, "heads query key value output mask scores")
    maps = {key: layout(PLAIN + OF_HEADS)(value[key], f"{at}/{key}") for key in ("query", "key", "value", "output")}
    known(value["scores"], f"{at}/scores", ("scaled",))
    return Attention(heads=natural(value["heads"], f"{at}/heads"), **maps, causal=known(value["mask"], f"{at}/mask", ("causal", "none")) == "causal")


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
