"""From a JSON value to a Certificate: closed keys, types, grammars, limits and words (FORMAT.md sections 2 to 9)."""
from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exact_numbers import DIGEST, DTYPES, WITNESS_DTYPES, canonical_base64, decimal, hexadecimal
from refusal import require

COUNT = re.compile("[1-9][0-9]{18,399}")
KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")
Operations = dict[str, int]
# family: its tensors, and how many dimensions each has
TENSORS = {"token-sum": {"embedding.weight": 2, "linear.weight": 2, "unembedding.weight": 2},
           "attention-only": {"blocks.0.attn.W_K": 3, "blocks.0.attn.W_O": 3, "blocks.0.attn.W_Q": 3, "blocks.0.attn.W_V": 3,
                              "embed.W_E": 2, "pos_embed.W_pos": 2, "unembed.W_U": 2}}


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
class Step:
    id: int
    rule: str
    labels: tuple[int, int]
    loss: tuple[mpq, mpq]
    correct: int | None
    operations: Operations


@dataclass(frozen=True)
class Certificate:
    claims: list[Claim]
    n: int
    V: int
    family: str
    tensors: dict[str, Tensor]
    sha256: str
    witnesses: dict[str, Tensor]
    steps: list[Step]
    totals: dict[str, Operations]
    length: int


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


def word(value: Any, pointer: str) -> str:
    """A string of printable ASCII, at most 4096 characters long."""
    typed(value, str, pointer)
    require(all(" " <= character <= "~" for character in value), "string-alphabet", pointer)
    require(len(value) <= 4096, "string-length", pointer)
    return value


def array(value: Any, length: int, pointer: str) -> list[Any]:
    require(len(typed(value, list, pointer)) == length, "type-mismatch", pointer, f"{length} elements expected")
    return value


# -- the parts of a certificate ------------------------------------------------------------------------------------

def certificate(value: Any) -> Certificate:
    head(value)
    keyed(value, "", "format version claims task model witnesses steps operations provenance")
    claims = typed(value["claims"], list, "/claims")
    require(len(claims) <= 16, "limit-claims", "/claims")
    n, V = task(value["task"])
    family, tensors, digest = model(value["model"])
    steps = typed(value["steps"], list, "/steps")
    require(len(steps) <= 65536, "limit-steps", "/steps")
    provenance(value["provenance"])
    total = keyed(value["operations"], "/operations", "tables steps conclusion length")
    return Certificate(
        claims=[claim(one, f"/claims/{i}") for i, one in enumerate(claims)],
        n=n, V=V, family=family, tensors=tensors, sha256=digest,
        witnesses=witnesses(value["witnesses"]),
        steps=[step(one, f"/steps/{i}") for i, one in enumerate(steps)],
        totals={part: operations(total[part], f"/operations/{part}") for part in ("tables", "steps", "conclusion")},
        length=typed(total["length"], int, "/operations/length"))


def head(value: Any) -> None:
    """`format` and `version` are looked at before anything else."""
    typed(value, dict, "")
    require("format" in value, "key-missing", "", "format")
    require(word(value["format"], "/format") == "proofmark-certificate", "format-name", "/format")
    require("version" in value, "key-missing", "", "version")
    require(typed(value["version"], int, "/version") == 1, "version-unknown", "/version")


def claim(value: Any, at: str) -> Claim:
    keyed(value, at, "quantity direction bound")
    quantity, direction = word(value["quantity"], f"{at}/quantity"), word(value["direction"], f"{at}/direction")
    require(direction in ("upper", "lower"), "word-unknown", f"{at}/direction", direction)
    known = {("cross-entropy", "upper"), ("cross-entropy", "lower"), ("accuracy", "lower")}
    require((quantity, direction) in known, "claim-unknown", at, f"{quantity} {direction}")
    return Claim(quantity, direction, decimal(word(value["bound"], f"{at}/bound"), f"{at}/bound"))


def task(value: Any) -> tuple[int, int]:
    keyed(value, "/task", "name context vocabulary inputs")
    for key, known in (("name", "max"), ("inputs", "uniform")):
        require(word(value[key], f"/task/{key}") == known, "task-unknown", f"/task/{key}")
    n, V = (typed(value[key], int, f"/task/{key}") for key in ("context", "vocabulary"))
    require(1 <= n <= 64, "limit-context", "/task/context")
    require(1 <= V <= 16384, "limit-vocabulary", "/task/vocabulary")
    return n, V


def model(value: Any) -> tuple[str, dict[str, Tensor], str]:
    keyed(value, "/model", "family tensors sha256")
    family = word(value["family"], "/model/family")
    require(family in TENSORS, "family-unknown", "/model/family", family)
    tensors = keyed(value["tensors"], "/model/tensors", " ".join(TENSORS[family]))
    digest = word(value["sha256"], "/model/sha256")
    require(DIGEST.fullmatch(digest) is not None, "number-grammar", "/model/sha256")
    return family, {name: tensor(one, TENSORS[family][name], f"/model/tensors/{name}") for name, one in tensors.items()}, digest


def tensor(value: Any, dimensions: int, at: str) -> Tensor:
    keyed(value, at, "dtype shape data")
    dtype = word(value["dtype"], f"{at}/dtype")
    require(dtype in DTYPES, "dtype-unknown", f"{at}/dtype", dtype)
    shape = [typed(one, int, f"{at}/shape/{i}") for i, one in enumerate(array(value["shape"], dimensions, f"{at}/shape"))]
    return Tensor(dtype, shape, canonical_base64(typed(value["data"], str, f"{at}/data"), f"{at}/data"))


def witnesses(value: Any) -> dict[str, Tensor]:
    """Whatever their names: which of them a rule takes is for witnesses.py."""
    for name in typed(value, dict, "/witnesses"):
        word(name, "/witnesses")
    return {name: witness(one, f"/witnesses/{name}") for name, one in value.items()}


def witness(value: Any, at: str) -> Tensor:
    keyed(value, at, "dtype shape data")
    dtype = word(value["dtype"], f"{at}/dtype")
    require(dtype in WITNESS_DTYPES, "dtype-unknown", f"{at}/dtype", dtype)
    shape = [typed(one, int, f"{at}/shape/{i}") for i, one in enumerate(typed(value["shape"], list, f"{at}/shape"))]
    require(bool(shape), "type-mismatch", f"{at}/shape", "one dimension at least")
    raw = canonical_base64(typed(value["data"], str, f"{at}/data"), f"{at}/data")
    require(math.prod(shape) > 0 and math.prod(shape) * WITNESS_DTYPES[dtype] == len(raw), "tensor-size", at)
    return Tensor(dtype, shape, raw)


def step(value: Any, at: str) -> Step:
    keyed(value, at, "id rule labels loss operations", "correct")
    labels = tuple(typed(one, int, f"{at}/labels/{i}") for i, one in enumerate(array(value["labels"], 2, f"{at}/labels")))
    loss = tuple(hexadecimal(word(one, f"{at}/loss/{i}"), f"{at}/loss/{i}")
                 for i, one in enumerate(array(value["loss"], 2, f"{at}/loss")))
    correct = count(value["correct"], f"{at}/correct") if "correct" in value else None
    return Step(typed(value["id"], int, f"{at}/id"), word(value["rule"], f"{at}/rule"), labels, loss, correct,
                operations(value["operations"], f"{at}/operations"))


def count(value: Any, at: str) -> int:
    """Of inputs: a number below 2^63, from there on a string of its digits."""
    if type(value) is not str:
        return typed(value, int, at)
    require(COUNT.fullmatch(word(value, at)) is not None and int(value) >= 2**63, "number-grammar", at, value[:80])
    return int(value)


def operations(value: Any, at: str) -> Operations:
    keyed(value, at, " ".join(KINDS))
    return {kind: typed(value[kind], int, f"{at}/{kind}") for kind in KINDS}


def provenance(value: Any) -> None:
    typed(value, dict, "/provenance")
    require(len(value) <= 64, "limit-provenance", "/provenance")
    for key, text in value.items():
        word(key, "/provenance")
        word(text, f"/provenance/{key}")
